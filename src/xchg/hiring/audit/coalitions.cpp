#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/hiring/audit/equilibria.hpp"

namespace xchg::hiring::play {
namespace {

// Gains up to this are rounding.
constexpr double tie = 1e-12;
// Of the tables of one coalition.
constexpr double most_bytes = 1073741824.0;

void check_size(const Group& group) {
  const auto signals = static_cast<double>(group.signals().count());
  const auto efforts = static_cast<double>(group.efforts().count());
  const double bytes = efforts * efforts * signals * signals * sizeof(double);
  if (bytes <= most_bytes) return;
  throw LimitError(fmt::format("the plans of a coalition of {} do not fit", group.members().size()),
                   static_cast<std::uint64_t>(std::min(bytes, 1e18)), static_cast<std::uint64_t>(most_bytes),
                   "smaller coalitions");
}

JointPlan joint_plan(const Group& group, const Worth<double>& worth, const Plan& plan, double gain) {
  JointPlan out{group.efforts().tuple(worth.recommended),
                group.efforts().tuple(plan.effort),
                {},
                worth.weight,
                gain / worth.weight};
  for (std::size_t z = 0; z < worth.signals; ++z) {
    const bool seen = worth.seen[plan.effort * worth.signals + z] > 0;
    out.reports.push_back(seen ? group.signals().tuple(plan.reports[z]) : std::vector<int>());
  }
  return out;
}

Coalition coalition(const Game<double>& game, const Posted<double>& posted, const Plans& honest,
                    const std::vector<int>& members) {
  const Group group(game.efforts(), game.signals(), members);
  check_size(group);
  Coalition out{members, 0, {}};
  for (const Worth<double>& worth : play::worth(game, posted, group, honest)) {
    const Plan truth = honest_plan(worth.recommended, worth.signals);
    const Plan best = best_plan(worth, truth, tie);
    if (best == truth) continue;
    const double gain = worth.utility(best) - worth.utility(truth);
    out.gain += gain;
    out.plans.push_back(joint_plan(group, worth, best, gain));
  }
  return out;
}

// The next choice of some numbers below `count`, in order of the alphabet; false after the last.
bool next_choice(std::vector<int>& members, int count) {
  const int size = static_cast<int>(members.size());
  int k = size - 1;
  while (k >= 0 && members[static_cast<std::size_t>(k)] == count - size + k) --k;
  if (k < 0) return false;
  const auto from = members.begin() + k;
  std::iota(from, members.end(), *from + 1);
  return true;
}

}  // namespace

void find_coalitions(const Game<double>& game, const Posted<double>& posted, const AuditOptions& options,
                     Progress& progress, Audit& audit) {
  const int agents = static_cast<int>(game.agents());
  const Plans honest = honest_plans(game.efforts(), game.signals());
  for (int size = 2; size <= std::min(options.coalitions, agents); ++size) {
    std::vector<int> members(static_cast<std::size_t>(size));
    std::iota(members.begin(), members.end(), 0);
    progress.begin(fmt::format("coalitions of {}", size), 0, "coalitions");
    do {
      if (progress.cancelled()) {
        audit.complete = false;
        return;
      }
      audit.coalitions.push_back(coalition(game, posted, honest, members));
    } while (next_choice(members, agents));
  }
}

}  // namespace xchg::hiring::play
