// Vendors that own pools of workers: exact laws of majorities.
#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/error.hpp"
#include "xchg/hiring/estimate.hpp"
#include "xchg/hiring/estimate/observed.hpp"

namespace xchg::hiring {
namespace {

Integer binomial(int n, int k) {
  if (k < 0 || k > n) return 0;
  Integer result = 1;
  for (int i = 1; i <= k; ++i) result = result * (n - k + i) / i;
  return result;
}

// Chance that the majority of `labels` different workers of a pool says yes, `yes` of `pool` being of that
// mind.
Rational majority(int pool, int yes, int labels) {
  Integer favourable = 0;
  for (int k = labels / 2 + 1; k <= labels; ++k)
    favourable += binomial(yes, k) * binomial(pool - yes, labels - k);
  return Rational(favourable, binomial(pool, labels));
}

Instance named_pools(int pools, const std::vector<int>& efforts) {
  Instance instance;
  instance.states = instance.decisions = {"0", "1"};
  instance.utility = {{1, 0}, {0, 1}};
  instance.payment_bound = Bound(1);
  for (int v = 0; v < pools; ++v) {
    Agent agent{
        .name = v < 26 ? fmt::format("vendor {}", static_cast<char>('A' + v)) : fmt::format("vendor {}", v),
        .efforts = {},
        .costs = {},
        .signals = {"no", "yes"}};
    for (const int effort : efforts) agent.efforts.push_back(fmt::format("{}", effort));
    instance.agents.push_back(std::move(agent));
  }
  return instance;
}

void require_same_shape(const Instance& like, int pools, const std::vector<int>& efforts) {
  bool same = like.states.size() == 2 && like.agents.size() == static_cast<std::size_t>(pools);
  for (const Agent& agent : like.agents) {
    same = same && agent.signals.size() == 2 && agent.efforts.size() == efforts.size();
  }
  if (!same) {
    throw InputError(
        "the instance that names are taken from has other sizes", {},
        fmt::format("two states, {} agents with {} efforts and two signals", pools, efforts.size()));
  }
}

}  // namespace

Instance estimate_pools(const Labels& labels, int pools, const std::vector<int>& efforts,
                        const EstimateOptions& options) {
  const auto workers = static_cast<int>(labels.by_task.at(0).size());
  if (pools < 1 || pools > workers) {
    throw InputError(fmt::format("there are {} pools of {} workers", pools, workers), {},
                     "1 to as many as workers");
  }
  const int smallest = workers / pools;
  if (efforts.empty()) throw InputError("there is no effort", {}, "numbers of labels, such as 0,1,3");
  for (const int effort : efforts) {
    if (effort < 0 || effort > smallest || (effort > 0 && effort % 2 == 0)) {
      throw InputError(fmt::format("an effort is {} labels", effort), {},
                       fmt::format("0 or an odd number up to {}, so that majorities are clear", smallest));
    }
  }
  if (options.like) require_same_shape(*options.like, pools, efforts);
  Instance instance = options.like ? *options.like : named_pools(pools, efforts);
  instance.name = "pools";
  instance.title = fmt::format("{} vendors with pools of workers, exact from {} tasks x {} workers of {}",
                               pools, labels.truth.size(), workers, labels.source);
  set_costs(options.costs, instance);
  Law& law = instance.law;
  law = {.form = Form::Latent};
  const auto tasks = static_cast<long>(labels.truth.size());
  for (const int truth : labels.truth) {
    law.latent_prior.emplace_back(1, tasks);
    law.state_given_latent.push_back(truth == 0 ? std::vector<Rational>{1, 0} : std::vector<Rational>{0, 1});
  }
  for (int v = 0; v < pools; ++v) {
    auto& of_agent = law.signal.emplace_back();
    for (const int effort : efforts) {
      auto& rows = of_agent.emplace_back();
      for (const auto& task : labels.by_task) {
        int pool = 0, yes = 0;
        for (int w = v; w < workers; w += pools) {
          ++pool;
          yes += task[static_cast<std::size_t>(w)];
        }
        const Rational chance = effort == 0 ? Rational(0) : majority(pool, yes, effort);
        rows.push_back({1 - chance, chance});
      }
    }
  }
  return instance;
}

}  // namespace xchg::hiring
