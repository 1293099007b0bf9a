// Pay for one agent alone: the cheapest that makes an effort worth its cost.
#pragma once

#include <optional>
#include <vector>

#include "xchg/hiring/design/program.hpp"

namespace xchg::hiring {

// The cheapest payments under which one agent prefers an effort and the truth.
struct Contract {
  double pay = 0;  // expected; infinity where no payments do
  std::vector<double>
      payment;  // [report * states + state] of the model of the agent alone; empty where none do
  DoubleMultipliers
      multipliers;  // prove that nothing cheaper does; where nothing does, that it costs 1e4 or more
};

// `alone` is a model of Model::alone.
Contract cheapest_contract(const Model& alone, int effort, double tolerance);

// Scoring rules of a fixed kind.
enum class Score { Quadratic, Logarithmic, Spherical };
// The cheapest pay alpha * score + beta that does the same, the score taken at the posterior of the state
// given the own report under the effort (logarithms from 1e-3 upwards); nothing where no alpha does or
// payments exceed the bound. `alone` with own reports only. `payment` (may be null) takes [report * states +
// state].
std::optional<double> scaled_score(const Model& alone, int effort, Score kind,
                                   std::vector<double>* payment = nullptr);

}  // namespace xchg::hiring
