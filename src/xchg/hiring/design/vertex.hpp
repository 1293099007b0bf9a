// The vertex of a program that a basis stands for, exactly: primal and dual.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "xchg/hiring/certificate.hpp"
#include "xchg/hiring/design/program.hpp"

namespace xchg::hiring {

// The columns of a program with exact coefficients.
class ExactProgram {
 public:
  ExactProgram(const Program& program, const Model& model, const Instance& instance, const Terms& terms);

  // (row, coefficient) of a column.
  std::vector<std::pair<int, Rational>> column(int j) const;
  Rational objective(int j) const;
  // What a row sums to where it holds with equality.
  Rational right_side(int row) const;

 private:
  const std::vector<Rational>& law(std::size_t b) const;
  void profile_cells(std::size_t position, std::vector<std::pair<int, Rational>>& cells) const;

  const Program& program_;
  const Model& model_;
  const Instance& instance_;
  const Terms& terms_;
  mutable std::map<std::size_t, std::vector<Rational>> laws_;
};

// The values of all columns where the non-basic ones are 0 and the non-basic rows hold with equality; nothing
// where the basis is singular or has more than `most` basic columns.
std::optional<std::vector<Rational>> primal_vertex(const Program& program, const ExactProgram& exact,
                                                   const LpSolution& solution, std::size_t most);
// The duals of all rows where basic rows have 0 and basic columns no reduced cost.
std::optional<std::vector<Rational>> dual_vertex(const Program& program, const ExactProgram& exact,
                                                 const LpSolution& solution, std::size_t most);

// Completed multipliers (see Program::multipliers) from exact row duals.
Multipliers exact_multipliers(const Program& program, const Model& model,
                              const std::vector<Rational>& row_dual);
// The same from doubles, each taken as it is or as the simplest fraction within 1e-10.
Multipliers rounded_multipliers(const Model& model, const DoubleMultipliers& multipliers, bool simple);

}  // namespace xchg::hiring
