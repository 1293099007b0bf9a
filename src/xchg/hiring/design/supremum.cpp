#include "xchg/hiring/design/supremum.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace xchg::hiring {
namespace {

// A recommendation that can be made this often at the cost of rounding alone counts as free.
constexpr double free_probability = 1e-5;

// The profiles that some optimal solution on `allowed` recommends; empty where the supremum is out of reach
// there.
std::vector<std::size_t> recommended(const Model& model, const std::vector<std::size_t>& allowed,
                                     double supremum, double tolerance, Progress& progress) {
  Program program(model, {.profiles = allowed, .objective_row = true});
  Solver solver(program.lp(), {.tolerance = tolerance});
  LpSolution solution = solver.run(false, true, progress);
  const double slack = 1e-9 * std::max(1.0, model.utility_range);
  if (solution.status != LpStatus::Optimal || solution.objective < supremum - slack) return {};
  solver.set_row(program.objective_row(), supremum - slack, unbounded);
  for (int j = 0; j < program.lp().columns(); ++j) solver.set_objective(j, 0);
  std::vector<bool> found(allowed.size());
  for (;;) {
    bool more = false;
    for (std::size_t k = 0; k < allowed.size(); ++k) {
      if (solution.x[k] > free_probability && !found[k]) found[k] = more = true;
    }
    if (!more || progress.cancelled()) break;
    for (std::size_t k = 0; k < allowed.size(); ++k)
      solver.set_objective(static_cast<int>(k), found[k] ? 0 : 1);
    solution = solver.run(true, false, progress);
    if (solution.status != LpStatus::Optimal) break;
  }
  std::vector<std::size_t> result;
  for (std::size_t k = 0; k < allowed.size(); ++k) {
    if (found[k]) result.push_back(allowed[k]);
  }
  return result;
}

}  // namespace

std::optional<std::vector<std::size_t>> attaining_profiles(const Model& model,
                                                           std::vector<std::size_t> profiles, double supremum,
                                                           double tolerance, Progress& progress) {
  // What is paid on profiles that no optimal solution recommends is taken away; then fewer solutions are
  // optimal, and so on until nothing changes. Solutions that are left can be mixed to one that recommends all
  // it pays on.
  std::vector<std::size_t> allowed = std::move(profiles);
  if (allowed.empty()) {
    allowed.resize(model.profiles());
    std::iota(allowed.begin(), allowed.end(), std::size_t{0});
  }
  while (!progress.cancelled()) {
    std::vector<std::size_t> next = recommended(model, allowed, supremum, tolerance, progress);
    if (next.empty()) return {};
    if (next.size() == allowed.size()) return next;
    allowed = std::move(next);
  }
  return {};
}

std::optional<Polished> near_supremum(const Instance& instance, const Terms& terms,
                                      const std::vector<std::size_t>& profiles, double least, bool exact,
                                      double tolerance, Progress& progress) {
  const auto bounded = [&](double bound) {
    Terms result = terms;
    result.payment_bound = Bound(simplest(bound, bound * 1e-6));
    return result;
  };
  const auto value = [&](double bound) {
    Model model(instance, bounded(bound));
    model.store_law();
    const Program program(model, {.profiles = profiles});
    const LpSolution solution = solve(program.lp(), {.tolerance = tolerance, .presolve = false}, progress);
    return solution.status == LpStatus::Optimal ? solution.objective : -unbounded;
  };
  const double range = std::max(1e-6, Model(instance, terms).utility_range);
  double high = range;
  while (value(high) < least) {
    if (high > 1e9 * range || progress.cancelled()) return {};
    high *= 4;
  }
  double low = high / 4;
  for (int step = 0; step < 20 && !progress.cancelled(); ++step) {
    const double middle = std::sqrt(low * high);
    (value(middle) < least ? low : high) = middle;
  }
  // A little above, so that rounding of the bound does not fall below.
  auto polished = polish(instance, bounded(high * (1 + 1e-4)), profiles, exact, tolerance);
  if (polished) polished->check.bounded = false;
  return polished;
}

}  // namespace xchg::hiring
