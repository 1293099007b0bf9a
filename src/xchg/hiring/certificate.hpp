// Proofs of what a mechanism is worth and of what no mechanism exceeds, checked in exact arithmetic alone.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/hiring/instance.hpp"
#include "xchg/hiring/mechanism.hpp"

namespace xchg::hiring {

// What a mechanism must keep to, beside incentive compatibility.
struct Terms {
  Bound payment_bound;  // M, of each payment
  std::vector<Rational>
      outside;     // w_i: honest utility at least w_i whatever is recommended; empty: not asked for
  Rational slack;  // eta >= 0: obeying must be better than each other effort by so much
  // Costs are known up to this share, in [0, 1): effort b_i is held against b_i' != b_i with
  // c(b_i) (1 + e) and c(b_i') (1 - e); participation with c(b_i) (1 + e).
  Rational cost_error;
  std::optional<Rational> expected_budget;  // of all payments in a round, on average
  std::optional<Rational> sure_budget;      // of all payments in a round, always

  // All terms are the same.
  friend bool operator==(const Terms&, const Terms&) = default;
};

// Multipliers of the rows of the linear program; any values >= 0 prove an upper bound.
struct Multipliers {
  // [agent][effort * efforts + other effort]: obedience.
  std::vector<std::vector<Rational>> obedience;
  // [agent][((effort * efforts + other) * signals + seen) * signals + reported]: truth. Sums over `reported`
  // are scaled to the obedience multiplier by whoever computes the bound.
  std::vector<std::vector<Rational>> truth;
  std::vector<std::vector<Rational>> outside;  // [agent][effort]; empty where no outside option is asked for
  Rational budget;                             // of the expected budget
};

// A mechanism and multipliers for one instance under some terms: value <= optimum <= upper bound. Both claims
// are recomputed by verify.
struct Certificate {
  std::string instance;  // its fingerprint
  Terms terms;
  Mechanism mechanism;
  Multipliers multipliers;
  Rational value;
  Rational upper_bound;
};

// As JSON with exact fractions, and back. Throws InputError with the JSON pointer for what does not have the
// instance's sizes or names.
std::string certificate_json(const Instance& instance, const Certificate& certificate);
// The certificate in such a text; `source` names it in messages.
Certificate parse_certificate(std::string_view json, const Instance& instance, const std::string& source);
// The same from a file.
Certificate read_certificate(const std::filesystem::path& path, const Instance& instance);

// The outcome of a proof.
struct Check {
  bool proven = false;    // every claim of the certificate holds
  bool feasible = false;  // the mechanism keeps to all terms and is incentive compatible
  Rational value;         // of the mechanism, recomputed
  Rational violation;     // largest gain of an agent by disobeying or lying, weighted with how often; <= 0 is
                          // incentive compatible
  Rational upper_bound;   // that the multipliers prove, recomputed
  bool bounded = false;   // whether the multipliers prove one
  std::vector<std::string> findings;  // what does not hold, first one first; empty if proven
};

// Recomputes a certificate in exact rational arithmetic from the instance alone; shares no code with
// design(). Sources: spec of the linear program in the engine's README. Never throws for a wrong claim:
// findings say it.
Check verify(const Instance& instance, const Certificate& certificate, Progress& progress = Progress::none());

}  // namespace xchg::hiring
