// Linear programs, and CLP which solves them.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "xchg/core/progress.hpp"

namespace xchg::hiring {

inline constexpr double unbounded = std::numeric_limits<double>::infinity();

// maximise c x  subject to  row_low <= A x <= row_high,  low <= x <= high. Built column by column.
class LinearProgram {
 public:
  struct Cell {
    int row;
    double value;
  };

  int add_row(double low, double high);
  // Cells whose value is 0 are left out. Returns the column's number.
  int add_column(double objective, double low, double high, std::span<const Cell> cells);

  int rows() const { return static_cast<int>(row_low_.size()); }
  int columns() const { return static_cast<int>(objective_.size()); }
  std::int64_t nonzeros() const { return static_cast<std::int64_t>(values_.size()); }
  double objective(int column) const { return objective_[static_cast<std::size_t>(column)]; }
  double low(int column) const { return low_[static_cast<std::size_t>(column)]; }
  double high(int column) const { return high_[static_cast<std::size_t>(column)]; }
  double row_low(int row) const { return row_low_[static_cast<std::size_t>(row)]; }
  double row_high(int row) const { return row_high_[static_cast<std::size_t>(row)]; }
  // Rows and values of a column.
  std::span<const int> rows_of(int column) const;
  std::span<const double> values_of(int column) const;
  void set_objective(int column, double value) { objective_[static_cast<std::size_t>(column)] = value; }
  void set_low(int column, double value) { low_[static_cast<std::size_t>(column)] = value; }
  void set_high(int column, double value) { high_[static_cast<std::size_t>(column)] = value; }

 private:
  friend class Solver;
  std::vector<double> row_low_, row_high_, low_, high_, objective_, values_;
  std::vector<int> starts_{0}, indices_;
};

enum class LpStatus { Optimal, Infeasible, Unbounded, Stopped, Failed };

struct LpSolution {
  LpStatus status = LpStatus::Failed;
  double objective = 0;
  std::vector<double> x;         // [column]
  std::vector<double> row_dual;  // [row]; of a maximum: >= 0 where the upper end of the row holds it back
  std::vector<bool> column_basic, row_basic;
  std::int64_t iterations = 0;
};

struct LpOptions {
  double tolerance = 1e-9;  // primal and dual
  bool presolve = true;
  bool primal = false;  // primal instead of dual simplex
  double time_limit_seconds = std::numeric_limits<double>::infinity();
};

// Solves a program from nothing.
LpSolution solve(const LinearProgram& program, const LpOptions& options = {},
                 Progress& progress = Progress::none());

// Solves a program that grows by columns, each time from where the last time ended.
class Solver {
 public:
  Solver(const LinearProgram& program, const LpOptions& options);
  ~Solver();
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  // The columns of `program` beyond those known.
  void append(const LinearProgram& program);
  void set_objective(int column, double value);
  void set_bounds(int column, double low, double high);
  void set_row(int row, double low, double high);
  // By primal simplex where `primal`, else by the dual one. `initial` presolves and starts afresh.
  LpSolution run(bool primal, bool initial, Progress& progress);

 private:
  class Model;
  std::unique_ptr<Model> model_;
  LpOptions options_;
};

}  // namespace xchg::hiring
