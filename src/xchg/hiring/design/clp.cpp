#include "xchg/hiring/design/clp.hpp"

#include <algorithm>
#include <cmath>
#include <coin/ClpEventHandler.hpp>
#include <coin/ClpSimplex.hpp>
#include <coin/ClpSolve.hpp>
#include <coin/CoinBuild.hpp>

namespace xchg::hiring {
namespace {

// Stops CLP when the caller wants to.
class Interrupt : public ClpEventHandler {
 public:
  explicit Interrupt(Progress& progress) : progress_(&progress) {}
  int event(Event) override { return progress_->cancelled() ? 5 : -1; }
  ClpEventHandler* clone() const override { return new Interrupt(*this); }

 private:
  Progress* progress_;
};

double clp_bound(double value) {
  return value == unbounded ? COIN_DBL_MAX : value == -unbounded ? -COIN_DBL_MAX : value;
}

std::vector<double> clp_bounds(std::span<const double> values) {
  std::vector<double> result(values.size());
  std::transform(values.begin(), values.end(), result.begin(), clp_bound);
  return result;
}

LpStatus status_of(const ClpSimplex& model) {
  switch (model.status()) {
    case 0:
      return LpStatus::Optimal;
    case 1:
      return LpStatus::Infeasible;
    case 2:
      return LpStatus::Unbounded;
    case 3:
    case 5:
      return LpStatus::Stopped;
    default:
      return LpStatus::Failed;
  }
}

}  // namespace

int LinearProgram::add_row(double low, double high) {
  row_low_.push_back(low);
  row_high_.push_back(high);
  return rows() - 1;
}

int LinearProgram::add_column(double objective, double low, double high, std::span<const Cell> cells) {
  objective_.push_back(objective);
  low_.push_back(low);
  high_.push_back(high);
  for (const Cell& cell : cells) {
    if (cell.value == 0) continue;
    indices_.push_back(cell.row);
    values_.push_back(cell.value);
  }
  starts_.push_back(static_cast<int>(values_.size()));
  return columns() - 1;
}

std::span<const int> LinearProgram::rows_of(int column) const {
  const auto j = static_cast<std::size_t>(column);
  return std::span(indices_).subspan(static_cast<std::size_t>(starts_[j]),
                                     static_cast<std::size_t>(starts_[j + 1] - starts_[j]));
}

std::span<const double> LinearProgram::values_of(int column) const {
  const auto j = static_cast<std::size_t>(column);
  return std::span(values_).subspan(static_cast<std::size_t>(starts_[j]),
                                    static_cast<std::size_t>(starts_[j + 1] - starts_[j]));
}

class Solver::Model {
 public:
  ClpSimplex clp;
};

Solver::Solver(const LinearProgram& program, const LpOptions& options)
    : model_(std::make_unique<Model>()), options_(options) {
  ClpSimplex& clp = model_->clp;
  clp.setLogLevel(0);
  clp.loadProblem(program.columns(), program.rows(), program.starts_.data(), program.indices_.data(),
                  program.values_.data(), clp_bounds(program.low_).data(), clp_bounds(program.high_).data(),
                  program.objective_.data(), clp_bounds(program.row_low_).data(),
                  clp_bounds(program.row_high_).data());
  clp.setOptimizationDirection(-1);
  clp.setPrimalTolerance(options.tolerance);
  clp.setDualTolerance(options.tolerance);
  if (std::isfinite(options.time_limit_seconds)) clp.setMaximumSeconds(options.time_limit_seconds);
}

Solver::~Solver() = default;

void Solver::append(const LinearProgram& program) {
  ClpSimplex& clp = model_->clp;
  const auto known = static_cast<std::size_t>(clp.numberColumns());
  const auto count = static_cast<std::size_t>(program.columns()) - known;
  if (count == 0) return;
  std::vector<CoinBigIndex> starts(count + 1);
  const int offset = program.starts_[known];
  for (std::size_t j = 0; j <= count; ++j) starts[j] = program.starts_[known + j] - offset;
  const auto low = clp_bounds(std::span(program.low_).subspan(known));
  const auto high = clp_bounds(std::span(program.high_).subspan(known));
  clp.addColumns(static_cast<int>(count), low.data(), high.data(), program.objective_.data() + known,
                 starts.data(), program.indices_.data() + offset, program.values_.data() + offset);
}

void Solver::set_objective(int column, double value) { model_->clp.setObjectiveCoefficient(column, value); }

void Solver::set_bounds(int column, double low, double high) {
  model_->clp.setColumnBounds(column, clp_bound(low), clp_bound(high));
}

void Solver::set_row(int row, double low, double high) {
  model_->clp.setRowBounds(row, clp_bound(low), clp_bound(high));
}

LpSolution Solver::run(bool primal, bool initial, Progress& progress) {
  ClpSimplex& clp = model_->clp;
  Interrupt interrupt(progress);
  clp.passInEventHandler(&interrupt);
  if (initial) {
    ClpSolve how;
    how.setSolveType(primal ? ClpSolve::usePrimal : ClpSolve::useDual);
    how.setPresolveType(options_.presolve ? ClpSolve::presolveOn : ClpSolve::presolveOff);
    // CLP would take SIGINT for itself while it solves.
    how.setSpecialOption(2, 1);
    clp.initialSolve(how);
  } else if (primal) {
    clp.primal(1);
  } else {
    clp.dual();
  }
  LpSolution solution;
  solution.status = status_of(clp);
  solution.objective = clp.objectiveValue();
  solution.iterations = clp.numberIterations();
  const int columns = clp.numberColumns(), rows = clp.numberRows();
  solution.x.assign(clp.primalColumnSolution(), clp.primalColumnSolution() + columns);
  solution.row_dual.assign(clp.dualRowSolution(), clp.dualRowSolution() + rows);
  for (int j = 0; j < columns; ++j) {
    solution.column_basic.push_back(clp.getColumnStatus(j) == ClpSimplex::basic);
  }
  for (int i = 0; i < rows; ++i) solution.row_basic.push_back(clp.getRowStatus(i) == ClpSimplex::basic);
  return solution;
}

LpSolution solve(const LinearProgram& program, const LpOptions& options, Progress& progress) {
  Solver solver(program, options);
  return solver.run(options.primal, true, progress);
}

}  // namespace xchg::hiring
