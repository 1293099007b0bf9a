#include "xchg/hiring/design/ladder.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace xchg::hiring {
namespace {

// Nobody obeys for less: an agent who is paid P under an effort and could have the other one for free reports
// asks for it.
double least_pay(const Model& model, std::size_t agent, int effort) {
  double least = model.has_outside ? std::max(0.0, model.participation(agent, effort)) : 0;
  for (int other = 0; other < model.efforts_of(agent); ++other) {
    least = std::max(least, model.required(agent, effort, other));
  }
  return least;
}

}  // namespace

std::optional<BestProfile> best_profile(const Model& model, const PayOf& pay, Progress& progress) {
  std::vector<double> value(model.profiles()), hope(model.profiles());
  for (std::size_t b = 0; b < model.profiles(); ++b) {
    hope[b] = value[b] = model.value(b);
    for (std::size_t i = 0; i < model.agents(); ++i)
      hope[b] -= least_pay(model, i, model.efforts.digit(b, i));
  }
  std::vector<std::size_t> order(model.profiles());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return hope[a] > hope[b]; });
  std::optional<BestProfile> best;
  for (const std::size_t b : order) {
    if (progress.cancelled()) return {};
    if (best && hope[b] <= best->value) break;
    double left = value[b], paid = 0, still = hope[b];
    for (std::size_t i = 0; i < model.agents() && !(best && still <= best->value); ++i) {
      const double amount = pay(b, i);
      left -= amount;
      paid += amount;
      still -= amount - least_pay(model, i, model.efforts.digit(b, i));
    }
    // What was not looked at to the end is no better than the best.
    if (!std::isfinite(left) || paid > model.expected_budget || (best && still <= best->value)) continue;
    if (!best || left > best->value) best = BestProfile{b, left};
  }
  return best;
}

std::optional<BestProfile> best_single(const Model& model, bool own_reports, double tolerance,
                                       Progress& progress) {
  return best_profile(
      model,
      [&](std::size_t b, std::size_t i) {
        return cheapest_contract(Model::alone(model, b, i, own_reports), model.efforts.digit(b, i), tolerance)
            .pay;
      },
      progress);
}

std::optional<BestProfile> best_scored(const Model& model, Score kind, Progress& progress) {
  return best_profile(
      model,
      [&](std::size_t b, std::size_t i) {
        return scaled_score(Model::alone(model, b, i, true), model.efforts.digit(b, i), kind)
            .value_or(unbounded);
      },
      progress);
}

double first_best(const Model& model) {
  double best = -unbounded;
  for (std::size_t b = 0; b < model.profiles(); ++b) {
    double value = model.value(b);
    for (std::size_t i = 0; i < model.agents(); ++i) value -= model.cost(i, model.efforts.digit(b, i));
    best = std::max(best, value);
  }
  return best;
}

namespace {

// mu(b) = p(b_0) q(b_1): with one factor fixed, the other and the payments are a linear program.
class ProductSearch {
 public:
  ProductSearch(const Model& model, double tolerance, Progress& progress)
      : model_(model), tolerance_(tolerance), progress_(progress) {}

  std::optional<double> best() {
    const auto grid = grid_of(model_.efforts_of(0));
    std::vector<std::pair<double, std::vector<double>>> starts;
    for (const auto& p : grid) {
      if (progress_.cancelled()) return {};
      const auto [value, q] = with_fixed(0, p);
      if (std::isfinite(value)) starts.emplace_back(value, p);
    }
    std::stable_sort(starts.begin(), starts.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::optional<double> best;
    for (std::size_t k = 0; k < std::min<std::size_t>(starts.size(), 5); ++k) {
      const double value = alternate(starts[k].second);
      if (!best || value > *best) best = value;
    }
    return best;
  }

 private:
  // Distributions over `efforts` values with steps of 1/24, or of 1/6 from four efforts on.
  static std::vector<std::vector<double>> grid_of(int efforts) {
    const int steps = efforts <= 2 ? 50 : efforts == 3 ? 12 : 6;
    std::vector<std::vector<double>> result;
    std::vector<int> parts(static_cast<std::size_t>(efforts));
    fill_grid(parts, 0, steps, steps, result);
    return result;
  }

  static void fill_grid(std::vector<int>& parts, std::size_t at, int left, int steps,
                        std::vector<std::vector<double>>& result) {
    if (at + 1 == parts.size()) {
      parts[at] = left;
      auto& p = result.emplace_back();
      for (const int part : parts) p.push_back(static_cast<double>(part) / steps);
      return;
    }
    for (parts[at] = 0; parts[at] <= left; ++parts[at])
      fill_grid(parts, at + 1, left - parts[at], steps, result);
  }

  // The best value with agent `fixed` drawing his effort from p, and the other's distribution.
  std::pair<double, std::vector<double>> with_fixed(std::size_t fixed, const std::vector<double>& p) {
    ProductProgram program(model_, fixed, p);
    const LpSolution solution = solve(program.lp, {.tolerance = tolerance_});
    if (solution.status != LpStatus::Optimal) return {-unbounded, {}};
    return {solution.objective, std::vector<double>(solution.x.begin(), solution.x.begin() + program.others)};
  }

  struct ProductProgram {
    ProductProgram(const Model& model, std::size_t fixed, const std::vector<double>& p);
    LinearProgram lp;
    int others = 0;
  };

  // Improves both factors in turn, then the fixed one by steps that shrink.
  double alternate(std::vector<double> p) {
    double value = -unbounded;
    for (int round = 0; round < 20 && !progress_.cancelled(); ++round) {
      const auto [with_q, q] = with_fixed(0, p);
      const auto [with_p, better] = with_fixed(1, q);
      if (with_p <= value + 1e-12) break;
      value = with_p;
      p = better;
    }
    for (double step = 0.02; step > 1e-9 && !progress_.cancelled();) {
      const double before = value;
      for (std::size_t from = 0; from < p.size(); ++from) {
        for (std::size_t to = 0; to < p.size(); ++to) {
          if (from == to || p[from] <= 0) continue;
          std::vector<double> moved = p;
          const double amount = std::min(step, p[from]);
          moved[from] -= amount;
          moved[to] += amount;
          const double other = with_fixed(0, moved).first;
          if (other > value) {
            value = other;
            p = moved;
          }
        }
      }
      if (value <= before) step /= 4;
    }
    return value;
  }

  const Model& model_;
  double tolerance_;
  Progress& progress_;
};

// The program of all profiles, in which mu(b) = p(b_fixed) q(b_other) is written with the variables q.
ProductSearch::ProductProgram::ProductProgram(const Model& model, std::size_t fixed,
                                              const std::vector<double>& p) {
  const Program whole(model, {});
  const std::size_t other = 1 - fixed;
  others = model.efforts_of(other);
  for (int row = 0; row < whole.lp().rows(); ++row)
    lp.add_row(whole.lp().row_low(row), whole.lp().row_high(row));
  std::vector<LinearProgram::Cell> cells;
  for (int effort = 0; effort < others; ++effort) {
    std::vector<double> column(static_cast<std::size_t>(whole.lp().rows()));
    double objective = 0;
    for (int mine = 0; mine < model.efforts_of(fixed); ++mine) {
      std::size_t b = model.efforts.with(0, fixed, mine);
      b = model.efforts.with(b, other, effort);
      const double weight = p[static_cast<std::size_t>(mine)];
      const auto rows = whole.lp().rows_of(static_cast<int>(b));
      const auto values = whole.lp().values_of(static_cast<int>(b));
      for (std::size_t c = 0; c < rows.size(); ++c)
        column[static_cast<std::size_t>(rows[c])] += weight * values[c];
      objective += weight * whole.lp().objective(static_cast<int>(b));
    }
    cells.clear();
    for (std::size_t row = 0; row < column.size(); ++row)
      cells.push_back({static_cast<int>(row), column[row]});
    lp.add_column(objective, 0, unbounded, cells);
  }
  for (int j = whole.first_payment(); j < whole.lp().columns(); ++j) {
    const auto rows = whole.lp().rows_of(j);
    const auto values = whole.lp().values_of(j);
    cells.clear();
    for (std::size_t c = 0; c < rows.size(); ++c) cells.push_back({rows[c], values[c]});
    double high = unbounded;
    const auto k = static_cast<std::size_t>(j - whole.first_payment());
    if (k < whole.payments().size()) {
      // A prize on a profile that this product never recommends would be irregular.
      const std::size_t b = whole.profiles()[whole.payments()[k].position];
      if (p[static_cast<std::size_t>(model.efforts.digit(b, fixed))] == 0) high = 0;
    }
    lp.add_column(whole.lp().objective(j), 0, high, cells);
  }
}

}  // namespace

std::optional<double> best_product(const Model& model, double tolerance, Progress& progress) {
  if (model.agents() != 2) return {};
  return ProductSearch(model, tolerance, progress).best();
}

Ladder ladder_of(const Model& model, double tolerance, Progress& progress) {
  const auto value = [](const std::optional<BestProfile>& best) {
    return best ? std::optional<double>(best->value) : std::nullopt;
  };
  Ladder ladder;
  ladder.own = value(best_single(model, true, tolerance, progress));
  ladder.det = value(best_single(model, false, tolerance, progress));
  // Searched where a program takes milliseconds.
  if (model.profiles() * model.cells() <= 1000) ladder.product = best_product(model, tolerance, progress);
  ladder.first_best = first_best(model);
  ladder.quadratic = value(best_scored(model, Score::Quadratic, progress));
  ladder.logarithmic = value(best_scored(model, Score::Logarithmic, progress));
  ladder.spherical = value(best_scored(model, Score::Spherical, progress));
  return ladder;
}

}  // namespace xchg::hiring
