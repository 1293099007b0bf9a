#include "xchg/hiring/design/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "xchg/hiring/design/draft.hpp"
#include "xchg/hiring/design/pricing.hpp"

namespace xchg::hiring {
namespace {

constexpr std::size_t most_added = 8;

std::size_t cheapest(const Model& model) {
  std::vector<int> efforts;
  for (std::size_t i = 0; i < model.agents(); ++i) {
    int best = 0;
    for (int effort = 1; effort < model.efforts_of(i); ++effort) {
      if (model.cost(i, effort) < model.cost(i, best)) best = effort;
    }
    efforts.push_back(best);
  }
  return model.efforts.index(efforts);
}

}  // namespace

Generated generate_columns(const Model& model, double gap, const LpOptions& options, Progress& progress) {
  Generated result;
  result.profiles = {cheapest(model)};
  std::vector<bool> known(model.profiles());
  known[result.profiles[0]] = true;
  progress.begin("column generation", 0, "rounds");
  for (;;) {
    const Program program(model, {.profiles = result.profiles});
    const LpSolution solution = solve(program.lp(), options, progress);
    result.status = solution.status;
    ++result.rounds;
    result.iterations += solution.iterations;
    if (solution.status != LpStatus::Optimal) return result;
    result.value = solution.objective;
    result.rows = program.lp().rows();
    result.columns = program.lp().columns();
    result.nonzeros = program.lp().nonzeros();
    const Support support = support_of(program, solution.x);
    result.regular = support.regular;
    result.irregular = support.irregular;
    result.multipliers = program.multipliers(solution.row_dual);
    const std::vector<double> bounds = profile_bounds(model, result.multipliers, options.tolerance);
    result.upper_bound = *std::max_element(bounds.begin(), bounds.end());
    progress.update(static_cast<double>(result.rounds));
    progress.note(fmt::format("value {:.9f}, bound {:.9f}, {} profiles", result.value, result.upper_bound,
                              result.profiles.size()));
    if (result.upper_bound <= result.value + gap || progress.cancelled()) return result;
    std::vector<std::size_t> order(model.profiles());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return bounds[a] > bounds[b]; });
    std::size_t added = 0;
    for (const std::size_t b : order) {
      if (known[b] || bounds[b] <= result.value + gap || added == most_added) continue;
      known[b] = true;
      result.profiles.push_back(b);
      ++added;
    }
    if (added == 0) return result;
    std::sort(result.profiles.begin(), result.profiles.end());
  }
}

}  // namespace xchg::hiring
