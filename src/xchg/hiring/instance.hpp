// Who can be hired, what they can find out at which cost, and what the principal wants it for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "xchg/hiring/rational.hpp"

namespace xchg::hiring {

// Tuples of small numbers, one digit for each agent, counted with the last digit fastest: effort profiles b
// and signal profiles s.
class Radix {
 public:
  Radix() = default;
  // sizes[i] >= 1 values of digit i. Throws LimitError where the count does not fit 64 bits.
  explicit Radix(std::vector<int> sizes);

  // How many tuples there are; 1 without digits.
  std::size_t count() const { return count_; }
  // How many digits.
  std::size_t digits() const { return sizes_.size(); }
  int size(std::size_t digit) const { return sizes_[digit]; }
  // The digit of a tuple.
  int digit(std::size_t index, std::size_t digit) const {
    return static_cast<int>(index / strides_[digit] % static_cast<std::size_t>(sizes_[digit]));
  }
  // The tuple with one digit replaced.
  std::size_t with(std::size_t index, std::size_t digit, int value) const {
    return index + strides_[digit] * static_cast<std::size_t>(value) -
           strides_[digit] * static_cast<std::size_t>(this->digit(index, digit));
  }
  // Distance of tuples that differ by one in this digit.
  std::size_t stride(std::size_t digit) const { return strides_[digit]; }
  std::vector<int> tuple(std::size_t index) const;
  std::size_t index(std::span<const int> tuple) const;

 private:
  std::vector<int> sizes_;
  std::vector<std::size_t> strides_;
  std::size_t count_ = 1;
};

// Somebody who finds out more by effort. Efforts and signals are known by their numbers; names are for
// people.
struct Agent {
  std::string name;                  // all agents' names differ
  std::vector<std::string> efforts;  // at least one; names differ
  std::vector<Rational> costs;       // of each effort, >= 0
  std::vector<std::string> signals;  // what may be seen and reported; at least one; names differ
};

// How the joint law of signals and state is given.
enum class Form {
  Independent,  // signals independent given the state
  Latent,       // signals and state independent given a hidden variable w
  Joint,        // a table for each effort profile
};

// The law P^b(s, theta) of signals and state under each effort profile b.
struct Law {
  Form form = Form::Independent;
  // Independent and Latent. Independent is the case w = theta: latent_prior is the prior of the states then,
  // state_given_latent the identity.
  std::vector<Rational> latent_prior;                                   // [w]
  std::vector<std::vector<Rational>> state_given_latent;                // [w][theta]
  std::vector<std::vector<std::vector<std::vector<Rational>>>> signal;  // [agent][effort][w][signal]
  // Joint: [b][s * states + theta].
  std::vector<std::vector<Rational>> table;
};

// One problem. read_instance and check make sure of everything that is said here.
struct Instance {
  std::string name;
  std::string title;                           // a line for people
  std::vector<std::string> states;             // of nature, theta
  std::vector<std::string> decisions;          //
  std::vector<std::vector<Rational>> utility;  // [decision][theta], of the principal
  Bound payment_bound;                         // what options start from
  std::vector<Agent> agents;                   // may be empty
  Law law;                                     // sums to 1 for every profile
  bool state_depends_on_effort = false;        // otherwise the state's marginal is the same for all profiles

  // Effort profiles b and signal profiles s.
  Radix efforts() const;
  Radix signals() const;
};

// What was noteworthy but right about an instance, such as decimals that were scaled to sum to 1, or an agent
// without a free effort; a line each.
using Warnings = std::vector<std::string>;

// Reads an instance (JSON; the schema is in the engine's README). Throws one InputError that names up to 20
// mistakes with their JSON pointers: numbers that are none, negative probabilities or costs, sums that are
// not 1 (decimals: within 1e-9, then they are scaled), wrong nesting, unknown keys, names that come twice, a
// state's marginal that effort moves. `warnings` (may be null) takes what is noteworthy.
Instance parse_instance(std::string_view json, const std::string& source, Warnings* warnings = nullptr);
// The same from a file; "-" is standard input. Throws also what file::read throws.
Instance read_instance(const std::filesystem::path& path, Warnings* warnings = nullptr);
// The instance as JSON that parse_instance reads back to the same instance.
std::string instance_json(const Instance& instance);
// Throws InputError where an instance that was made by a program is not as its comments say.
void check(const Instance& instance);

// A 64-bit fingerprint (hexadecimal) of everything that affects the optimum: utility, efforts' costs, law;
// not names nor the payment bound. Certificates carry it.
std::string fingerprint(const Instance& instance);

// P^b(s, theta) of one effort profile, [s * states + theta], exactly.
std::vector<Rational> exact_law(const Instance& instance, std::size_t b);

// The generated instance gen(n, k, m, t, seed): n agents with k efforts and m signals, t states, 2 t latent
// values, by splitmix64; the same in every language. Throws InputError for sizes below 1.
Instance generate(int agents, int efforts, int signals, int states, std::uint64_t seed);

// The instance in which some agents act as one: efforts and signals are tuples of theirs, costs add up.
// `members` are at least two different agents; the merged one comes first. Throws InputError otherwise.
Instance merge_agents(const Instance& instance, std::vector<int> members);

}  // namespace xchg::hiring
