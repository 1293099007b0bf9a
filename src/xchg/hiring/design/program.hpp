// The linear program of a set of effort profiles: its rows, its columns, and what a solution of it means.
//
//   maximise  sum_b mu(b) V(b) - sum_i sum_{b,s,theta} P^b(s,theta) x_i[b,s,theta]          x = mu gamma
//   obedience (i, b_i, b_i' != b_i)   sum P^b x_i - sum_z y_i[b_i,b_i',z] - k_i[b_i,b_i'] mu_i(b_i) >= 0
//   misreport (i, b_i, b_i', z, r)    y_i[b_i,b_i',z] - sum P^(b_i',b_-i)((z,s_-i),theta)
//   x_i[b,(r,s_-i),theta] >= 0 truth     (i, b_i, z, r != z)     sum P^b((z,s_-i),theta)
//   (x_i[b,(z,s_-i),theta] - x_i[b,(r,s_-i),theta]) >= 0 mass                              sum_b mu(b) = 1
//   and where asked for: participation, budgets, x <= M mu.
// A payment that is not needed for the honest (P^b(s,theta) = 0) only tempts, and has no column. For b_i' =
// b_i the largest y is what the honest get, so that it is no variable there.
#pragma once

#include <cstddef>
#include <vector>

#include "xchg/hiring/design/clp.hpp"
#include "xchg/hiring/design/model.hpp"

namespace xchg::hiring {

// Multipliers of the rows as doubles; indices as in Multipliers (certificate.hpp).
struct DoubleMultipliers {
  std::vector<std::vector<double>> obedience, truth, outside;
  double budget = 0;
};

struct ProgramOptions {
  std::vector<std::size_t> profiles;  // those that may be recommended, ascending; empty: all
  // false: effort deviations are held against truthful reports only. Wrong on purpose, to show what that
  // costs.
  bool double_deviations = true;
  bool objective_row = false;  // a row, free at first, whose activity is the objective
};

// Numbers of the rows of one agent and recommended effort; -1: there is none.
class Rows {
 public:
  Rows() = default;
  Rows(int efforts, int signals)
      : signals_(signals),
        obedience_(static_cast<std::size_t>(efforts), -1),
        misreport_(static_cast<std::size_t>(efforts * signals * signals), -1) {}

  int& obedience(int other) { return obedience_[static_cast<std::size_t>(other)]; }
  int obedience(int other) const { return obedience_[static_cast<std::size_t>(other)]; }
  // Truth rows where `other` is the recommended effort itself.
  int& misreport(int other, int seen, int reported) { return misreport_[index(other, seen, reported)]; }
  int misreport(int other, int seen, int reported) const { return misreport_[index(other, seen, reported)]; }

  int participation = -1;
  bool used = false;  // the effort is recommended by some profile of the program

 private:
  std::size_t index(int other, int seen, int reported) const {
    return static_cast<std::size_t>((other * signals_ + seen) * signals_ + reported);
  }
  int signals_ = 0;
  std::vector<int> obedience_, misreport_;
};

// One column x_i[b, s, theta].
struct PaymentColumn {
  std::size_t position;  // of b in the program's profiles
  std::size_t agent;
  std::size_t cell;  // s * states + theta
};

class Program {
 public:
  // The law of the model must be stored.
  Program(const Model& model, const ProgramOptions& options);

  const LinearProgram& lp() const { return lp_; }
  LinearProgram& lp() { return lp_; }
  const std::vector<std::size_t>& profiles() const { return profiles_; }
  // Columns are mu of the profiles first, then payments, then y.
  int first_payment() const { return static_cast<int>(profiles_.size()); }
  const std::vector<PaymentColumn>& payments() const { return payments_; }
  const Rows& rows(std::size_t agent, int effort) const {
    return rows_[agent][static_cast<std::size_t>(effort)];
  }
  int mass_row() const { return mass_row_; }
  int budget_row() const { return budget_row_; }
  int objective_row() const { return objective_row_; }
  // Payments of the program's profile at a position: a range of payments().
  std::size_t first_of(std::size_t position) const { return first_of_[position]; }
  // Row x - M mu <= 0 of a payment, and the row of the sure budget that it stands in; -1: none.
  int bound_row(std::size_t payment) const { return bound_row_[payment]; }
  int sure_row(std::size_t payment) const { return sure_row_[payment]; }

  // Multipliers from the row duals of a solution, completed so that they prove a bound: sums of truth
  // multipliers over reports equal the obedience multiplier.
  DoubleMultipliers multipliers(const std::vector<double>& row_dual) const;

 private:
  void add_rows(const ProgramOptions& options);
  void add_rows_of(std::size_t agent, int effort, bool double_deviations);
  void list_payments();
  void add_profile_columns();
  void add_payment_columns(bool double_deviations);
  void add_misreport_columns();

  const Model& model_;
  LinearProgram lp_;
  std::vector<std::size_t> profiles_;
  std::vector<PaymentColumn> payments_;
  std::vector<std::vector<Rows>> rows_;
  std::vector<std::size_t> first_of_;
  std::vector<int> bound_row_, sure_row_;
  int mass_row_ = -1, budget_row_ = -1, objective_row_ = -1;
};

// Completes multipliers of a partial or rounded dual solution in place: negative ones become 0, truth
// multipliers are brought to the sums that the bound asks for.
void complete(const Model& model, DoubleMultipliers& multipliers);

// Calls cell(row, coefficient) for each coefficient of x_i[b, s, theta] in the rows of obedience, misreport,
// truth and participation. `law(profile)` gives P as an indexable [s * states + theta] of Number;
// `neighbours[b']` likewise for (b', b_-i).
template <class Number, class LawOf, class Cell>
void payment_cells(const Model& model, const Rows& rows, std::size_t b, std::size_t agent,
                   std::size_t cell_index, bool double_deviations, LawOf law, Cell cell) {
  const std::size_t states = model.states, s = cell_index / states, t = cell_index % states;
  const int effort = model.efforts.digit(b, agent), reported = model.signals.digit(s, agent);
  const int signals = model.signals_of(agent);
  for (int other = 0; other < model.efforts_of(agent); ++other) {
    const auto& p = law(model.efforts.with(b, agent, other));
    if (other == effort) {
      const Number& honest = p[cell_index];
      for (int z = 0; z < signals; ++z) {
        if (z == reported) continue;
        if (const int row = rows.misreport(effort, reported, z); row >= 0) cell(row, honest);
        if (const int row = rows.misreport(effort, z, reported); row >= 0) {
          cell(row, -p[model.signals.with(s, agent, z) * states + t]);
        }
      }
      if (rows.participation >= 0) cell(rows.participation, honest);
      for (int b2 = 0; b2 < model.efforts_of(agent); ++b2) {
        if (const int row = rows.obedience(b2); row >= 0 && double_deviations) cell(row, honest);
      }
    } else if (double_deviations) {
      for (int z = 0; z < signals; ++z) {
        if (const int row = rows.misreport(other, z, reported); row >= 0) {
          cell(row, -p[model.signals.with(s, agent, z) * states + t]);
        }
      }
    } else if (const int row = rows.obedience(other); row >= 0) {
      cell(row, law(b)[cell_index] - p[cell_index]);
    }
  }
}

}  // namespace xchg::hiring
