// What a principal announces: who is asked for which effort, how often, what is decided, and what is paid.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "xchg/hiring/instance.hpp"

namespace xchg::hiring {

// One payment that is not 0: to this agent, when these signals are reported and this state comes out.
struct Payment {
  int agent = 0;
  std::size_t reports = 0;  // signal profile
  int state = 0;
  Rational amount;  // > 0
};

// One effort profile that is recommended with positive probability.
struct Entry {
  std::size_t profile = 0;        // effort profile b
  Rational probability;           // > 0
  std::vector<int> decision;      // [report profile]
  std::vector<Payment> payments;  // in order of agent, reports, state
};

// A mechanism (mu, gamma, pi): profile b is drawn with its probability, each agent hears his own part of it
// alone. Payments for a profile with probability 0 are 0.
struct Mechanism {
  std::vector<Entry> support;  // in order of profile; probabilities sum to 1
};

// The mechanism as JSON with names and exact fractions, and back. Throws InputError with the JSON pointer for
// what does not belong to the instance, probabilities that do not sum to 1, payments that are negative or
// come twice.
std::string mechanism_json(const Instance& instance, const Mechanism& mechanism);
// The mechanism in such a text; `source` names it in messages.
Mechanism parse_mechanism(std::string_view json, const Instance& instance, const std::string& source);
// The same from a file, also from what `design` wrote with -o or --json.
Mechanism read_mechanism(const std::filesystem::path& path, const Instance& instance);

// The best decision after each report profile where everybody obeys and tells the truth under b; of equal
// ones the first.
std::vector<int> best_decisions(const Instance& instance, std::size_t b);

// Expected payment to each agent where everybody obeys and tells the truth, exactly.
std::vector<Rational> expected_payments(const Instance& instance, const Mechanism& mechanism);
// The largest single payment.
Rational largest_payment(const Mechanism& mechanism);

}  // namespace xchg::hiring
