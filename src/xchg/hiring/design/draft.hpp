// Mechanisms between the solver and the proof.
#pragma once

#include <optional>
#include <vector>

#include "xchg/hiring/design/program.hpp"
#include "xchg/hiring/design/vertex.hpp"
#include "xchg/hiring/mechanism.hpp"

namespace xchg::hiring {

// Probabilities below this are rounding of the solver, not recommendations.
inline constexpr double least_probability = 1e-9;

// Profiles of a solution: those with probability, and those without that are paid for all the same (an
// infinite prize with probability 0, see Result::attained).
struct Support {
  std::vector<std::size_t> regular, irregular;
};
Support support_of(const Program& program, const std::vector<double>& x);

// gamma = x / mu, from exact values of the columns. Nothing where a value is negative, or something is paid
// on a profile without probability.
std::optional<Mechanism> mechanism_of(const Program& program, const Instance& instance,
                                      const std::vector<Rational>& x);
// From doubles: noise becomes 0, payments at the bound become it exactly, all are multiples of 2^-44
// otherwise, and probabilities sum to 1 exactly.
Mechanism rounded_mechanism(const Program& program, const Model& model, const Instance& instance,
                            const Terms& terms, const std::vector<double>& x);

// A mechanism on few profiles, and how it was made exact.
struct Polished {
  Mechanism mechanism;
  Check check;         // of the mechanism; its bound is not set
  double value = 0;    // of the program on these profiles
  std::string repair;  // "vertex", "tightened", "none"
};
// The best mechanism that recommends these profiles alone, incentive compatible exactly if that succeeds: the
// vertex of the small program in rational numbers, else one of a slightly tightened program. Nothing where
// there is none.
std::optional<Polished> polish(const Instance& instance, const Terms& terms,
                               std::vector<std::size_t> profiles, bool exact, double tolerance);

}  // namespace xchg::hiring
