// Square systems of equations in rational numbers.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "xchg/hiring/rational.hpp"

namespace xchg::hiring {

// One equation: coefficients of unknowns (each once, in any order) and what they sum to.
struct Equation {
  std::vector<std::pair<int, Rational>> cells;
  Rational sum;
};

// The solution of as many equations as unknowns, by elimination with the sparsest pivots first; nothing where
// the equations are dependent. Cost: what is left when all equations of one or two unknowns are used up is
// dense, n^3 operations on numbers that grow with n.
std::optional<std::vector<Rational>> solve_exactly(std::vector<Equation> equations, int unknowns);

}  // namespace xchg::hiring
