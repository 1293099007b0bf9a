#include "xchg/hiring/design/contract.hpp"

#include <algorithm>
#include <cmath>

namespace xchg::hiring {

namespace {

// The program with help: obedience may lack `help` times what the new column has, at a price. Its multipliers
// prove that an effort which no payments make worth while costs as much as one likes.
LpSolution solve_with_help(const Program& program, const Model& alone, int effort, double price,
                           double tolerance) {
  LinearProgram lp = program.lp();
  std::vector<LinearProgram::Cell> cells;
  const Rows& rows = program.rows(0, effort);
  for (int other = 0; other < alone.efforts_of(0); ++other) {
    if (rows.obedience(other) >= 0) cells.push_back({rows.obedience(other), 1});
  }
  if (rows.participation >= 0) cells.push_back({rows.participation, 1});
  lp.add_column(-price, 0, unbounded, cells);
  return solve(lp, {.tolerance = tolerance, .presolve = false});
}

}  // namespace

Contract cheapest_contract(const Model& alone, int effort, double tolerance) {
  const Program program(alone, {.profiles = {static_cast<std::size_t>(effort)}});
  const LpSolution solution = solve(program.lp(), {.tolerance = tolerance, .presolve = false});
  Contract contract;
  if (solution.status != LpStatus::Optimal) {
    contract.pay = unbounded;
    // Dearer help until it costs far more than any utility is worth; utilities are scaled by the caller.
    for (double price = 1e3; price < 1e16; price *= 1e3) {
      const LpSolution helped = solve_with_help(program, alone, effort, price, tolerance);
      if (helped.status != LpStatus::Optimal) break;
      contract.multipliers = program.multipliers(helped.row_dual);
      if (helped.objective < -1e4) break;
    }
    return contract;
  }
  contract.pay = -solution.objective;
  contract.payment.assign(alone.cells(), 0.0);
  for (std::size_t k = 0; k < program.payments().size(); ++k) {
    contract.payment[program.payments()[k].cell] =
        solution.x[static_cast<std::size_t>(program.first_payment()) + k];
  }
  contract.multipliers = program.multipliers(solution.row_dual);
  return contract;
}

namespace {

double score_of(Score kind, std::span<const double> posterior, std::size_t state) {
  constexpr double least = 1e-3;
  double squares = 0;
  for (const double p : posterior) squares += p * p;
  switch (kind) {
    case Score::Quadratic:
      return 2 * posterior[state] - squares;
    case Score::Logarithmic:
      return std::log(std::max(least, posterior[state]));
    case Score::Spherical:
      return posterior[state] / std::sqrt(squares);
  }
  return 0;
}

// [report * states + state]; reports that the effort never leads to score least.
std::vector<double> table_of(const Model& alone, int effort, Score kind) {
  const std::span<const double> law = alone.law(static_cast<std::size_t>(effort));
  const std::size_t states = alone.states, signals = alone.signals.count();
  std::vector<double> table(law.size(), unbounded), posterior(states);
  for (std::size_t z = 0; z < signals; ++z) {
    double total = 0;
    for (std::size_t t = 0; t < states; ++t) total += law[z * states + t];
    if (total <= 0) continue;
    for (std::size_t t = 0; t < states; ++t) posterior[t] = law[z * states + t] / total;
    for (std::size_t t = 0; t < states; ++t) table[z * states + t] = score_of(kind, posterior, t);
  }
  const double least = *std::min_element(table.begin(), table.end());
  for (double& value : table) value = value == unbounded ? 0 : value - least;
  return table;
}

// What an agent scores on average with another effort and the best reports.
double best_expected(const Model& alone, int other, const std::vector<double>& table) {
  const std::span<const double> law = alone.law(static_cast<std::size_t>(other));
  const std::size_t states = alone.states, signals = alone.signals.count();
  double total = 0;
  for (std::size_t z = 0; z < signals; ++z) {
    double best = 0;
    for (std::size_t r = 0; r < signals; ++r) {
      double expected = 0;
      for (std::size_t t = 0; t < states; ++t) expected += law[z * states + t] * table[r * states + t];
      best = std::max(best, expected);
    }
    total += best;
  }
  return total;
}

}  // namespace

std::optional<double> scaled_score(const Model& alone, int effort, Score kind, std::vector<double>* payment) {
  std::vector<double> table = table_of(alone, effort, kind);
  const std::span<const double> law = alone.law(static_cast<std::size_t>(effort));
  double honest = 0;
  for (std::size_t cell = 0; cell < law.size(); ++cell) honest += law[cell] * table[cell];
  constexpr double nothing = 1e-12;
  double low = 0, high = unbounded;
  for (int other = 0; other < alone.efforts_of(0); ++other) {
    if (other == effort) continue;
    const double gain = honest - best_expected(alone, other, table),
                 required = alone.required(0, effort, other);
    if (std::abs(gain) <= nothing) {
      if (required > nothing) return {};
    } else if (gain > 0) {
      low = std::max(low, required / gain);
    } else {
      high = std::min(high, required / gain);
    }
  }
  if (alone.has_outside && alone.participation(0, effort) > 0) {
    if (honest <= nothing) return {};
    low = std::max(low, alone.participation(0, effort) / honest);
  }
  const double largest = *std::max_element(table.begin(), table.end());
  if (low > high * (1 + nothing) || low * largest > alone.payment_bound * (1 + nothing)) return {};
  if (payment != nullptr) {
    for (double& value : table) value *= low;
    *payment = std::move(table);
  }
  return low * honest;
}

}  // namespace xchg::hiring
