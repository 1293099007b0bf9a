#include "xchg/hiring/audit/equilibria.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "xchg/core/random.hpp"

namespace xchg::hiring::play {
namespace {

// Gains up to this are rounding.
constexpr double tie = 1e-12;

class Dynamics {
 public:
  Dynamics(const Game<double>& game, const Posted<double>& posted) : game_(game), posted_(posted) {
    for (std::size_t i = 0; i < game.agents(); ++i)
      groups_.emplace_back(game.efforts(), game.signals(), std::vector<int>{static_cast<int>(i)});
  }

  Plans cheapest() const {
    Plans plans = honest_plans(game_.efforts(), game_.signals());
    for (std::size_t i = 0; i < plans.size(); ++i) {
      std::size_t least = 0;
      for (std::size_t effort = 0; effort < plans[i].size(); ++effort) {
        if (game_.cost(i, effort) < game_.cost(i, least)) least = effort;
      }
      for (Plan& plan : plans[i]) plan.effort = least;
    }
    return plans;
  }

  Plans random(Random& random) const {
    Plans plans = honest_plans(game_.efforts(), game_.signals());
    for (auto& of_agent : plans) {
      for (Plan& plan : of_agent) {
        plan.effort = random.below(of_agent.size());
        for (std::size_t& report : plan.reports) report = random.below(plan.reports.size());
      }
    }
    return plans;
  }

  // One agent after the other answers the others best, until nobody moves; false if that does not come. A
  // round depends on the plans before it alone, so plans that come again come again for ever.
  bool settle(Plans& plans, int most_rounds, const Progress& progress) const {
    std::set<Plans> before;
    for (int round = 0; round < most_rounds && !progress.cancelled(); ++round) {
      if (!before.insert(plans).second) return false;
      bool moved = false;
      for (std::size_t i = 0; i < plans.size(); ++i) {
        for (const Worth<double>& worth : play::worth(game_, posted_, groups_[i], plans)) {
          Plan best = best_plan(worth, honest_plan(worth.recommended, worth.signals), tie);
          Plan& plan = plans[i][worth.recommended];
          moved = moved || best != plan;
          plan = std::move(best);
        }
      }
      if (!moved) return true;
    }
    return false;
  }

  Equilibrium equilibrium(const Plans& plans) const {
    Equilibrium out;
    out.honest = true;
    for (std::size_t i = 0; i < plans.size(); ++i) {
      auto& reactions = out.reactions.emplace_back(plans[i].size());
      for (const Worth<double>& worth : play::worth(game_, posted_, groups_[i], plans)) {
        const Plan& plan = plans[i][worth.recommended];
        Reaction& reaction = reactions[worth.recommended];
        reaction.asked = true;
        reaction.effort = static_cast<int>(plan.effort);
        for (std::size_t z = 0; z < worth.signals; ++z) {
          const bool seen = worth.seen[plan.effort * worth.signals + z] > 0;
          reaction.reports.push_back(seen ? static_cast<int>(plan.reports[z]) : -1);
        }
        out.honest = out.honest && plan == honest_plan(worth.recommended, worth.signals);
      }
    }
    Played played = outcome(game_, posted_, plans);
    out.principal = played.principal;
    out.payments = std::move(played.payments);
    out.utilities = std::move(played.utilities);
    return out;
  }

  // What is never asked for is of no account.
  Plans asked(Plans plans) const {
    for (std::size_t i = 0; i < plans.size(); ++i) {
      std::vector<bool> made(plans[i].size());
      for (const Offer<double>& offer : posted_)
        made[static_cast<std::size_t>(game_.efforts().digit(offer.profile, i))] = true;
      for (std::size_t effort = 0; effort < made.size(); ++effort) {
        if (!made[effort]) plans[i][effort] = honest_plan(effort, plans[i][effort].reports.size());
      }
    }
    return plans;
  }

 private:
  const Game<double>& game_;
  const Posted<double>& posted_;
  std::vector<Group> groups_;
};

}  // namespace

void find_equilibria(const Game<double>& game, const Posted<double>& posted, const AuditOptions& options,
                     Progress& progress, Audit& audit) {
  const Dynamics dynamics(game, posted);
  std::map<Plans, int> settled;
  progress.begin("equilibria", options.random_starts + 1, "starts");
  for (int start = 0; start <= options.random_starts; ++start) {
    if (progress.cancelled()) {
      audit.complete = false;
      break;
    }
    Random random(options.seed, static_cast<std::uint64_t>(start));
    Plans plans = start == 0 ? dynamics.cheapest() : dynamics.random(random);
    ++audit.starts;
    if (dynamics.settle(plans, options.most_rounds, progress)) {
      ++settled[dynamics.asked(std::move(plans))];
    } else {
      ++audit.unsettled;
    }
    progress.update(start + 1);
  }
  for (const auto& [plans, found] : settled) {
    audit.equilibria.push_back(dynamics.equilibrium(plans));
    audit.equilibria.back().found = found;
  }
  std::stable_sort(audit.equilibria.begin(), audit.equilibria.end(),
                   [](const Equilibrium& a, const Equilibrium& b) { return a.principal < b.principal; });
}

}  // namespace xchg::hiring::play
