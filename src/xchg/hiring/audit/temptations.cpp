#include "xchg/hiring/audit/temptations.hpp"

#include <algorithm>

namespace xchg::hiring::play {
namespace {

// The least costly lie about a signal that may be seen, or the best reports where those are one.
std::optional<Plan> best_lie(const Worth<Rational>& worth) {
  const std::size_t effort = worth.recommended;
  Plan plan = honest_plan(effort, worth.signals);
  std::optional<std::pair<Rational, Plan>> least;
  bool lies = false;
  for (std::size_t z = 0; z < worth.signals; ++z) {
    if (worth.seen[effort * worth.signals + z] == 0) continue;
    for (std::size_t r = 0; r < worth.signals; ++r) {
      if (r == z) continue;
      const Rational gain = worth.at(effort, z, r) - worth.at(effort, z, z);
      if (gain > 0) {
        lies = true;
        if (worth.at(effort, z, r) > worth.at(effort, z, plan.reports[z])) plan.reports[z] = r;
      }
      if (!least || gain > least->first) {
        least = {gain, honest_plan(effort, worth.signals)};
        least->second.reports[z] = r;
      }
    }
  }
  if (lies) return plan;
  return least ? std::optional(least->second) : std::nullopt;
}

// How often each cell of reports and state comes, where the agent follows a plan.
std::vector<Rational> law_of_reports(const Game<Rational>& game, const Group& group, std::size_t b,
                                     const Plan& plan) {
  const auto law = game.law(group.with_effort(b, plan.effort));
  std::vector<Rational> out(game.cells());
  for (std::size_t s = 0; s < game.signals().count(); ++s) {
    const std::size_t told = group.with_signal(s, plan.reports[group.signal(s)]);
    for (std::size_t t = 0; t < game.states(); ++t)
      out[told * game.states() + t] += (*law)[s * game.states() + t];
  }
  return out;
}

std::optional<Driver> driver(const Game<Rational>& game, const Posted<Rational>& posted,
                             const Temptations& of, const Plan& plan) {
  const Group group(game.efforts(), game.signals(), {of.agent});
  const Plan honest = honest_plan(of.worth.recommended, of.worth.signals);
  std::optional<Driver> most;
  Rational largest = 0;
  for (const Offer<Rational>& offer : posted) {
    if (group.effort(offer.profile) != of.worth.recommended) continue;
    const auto before = law_of_reports(game, group, offer.profile, honest);
    const auto after = law_of_reports(game, group, offer.profile, plan);
    const Rational weight = offer.probability / of.worth.weight;
    const auto& amounts = offer.payments[static_cast<std::size_t>(of.agent)];
    for (std::size_t cell = 0; cell < amounts.size(); ++cell) {
      if (amounts[cell] == 0) continue;
      Rational change = (after[cell] - before[cell]) * weight * amounts[cell];
      if (change < 0) change = -change;
      if (change <= largest) continue;
      largest = change;
      most = Driver{offer.profile,
                    cell / game.states(),
                    static_cast<int>(cell % game.states()),
                    to_double(amounts[cell]),
                    to_double(Rational(before[cell] * weight)),
                    to_double(Rational(after[cell] * weight))};
    }
  }
  return most;
}

void narrow(std::optional<Rational>& bound, const Rational& value) {
  if (!bound || value < *bound) bound = value;
}

std::optional<double> as_double(const std::optional<Rational>& value) {
  return value ? std::optional(to_double(*value)) : std::nullopt;
}

// The largest e >= 0 with pay >= own (1 + e) - other max(0, 1 - e); nothing where there is no largest.
std::optional<Rational> largest_error(const Rational& pay, const Rational& own, const Rational& other) {
  const Rational margin = pay - own + other;
  if (margin < 0) return Rational(0);
  const Rational sum = own + other;
  if (margin < sum) return Rational(margin / sum);
  if (own == 0) return {};
  return Rational(pay / own - 1);
}

// max - min of the payments of an agent in each profile with his recommendation, weighted with how often.
Rational range(const Posted<Rational>& posted, const Game<Rational>& game, const Temptations& of) {
  const auto i = static_cast<std::size_t>(of.agent);
  Rational sum = 0;
  for (const Offer<Rational>& offer : posted) {
    if (static_cast<std::size_t>(game.efforts().digit(offer.profile, i)) != of.worth.recommended) continue;
    const auto [least, most] = std::minmax_element(offer.payments[i].begin(), offer.payments[i].end());
    sum += offer.probability * (*most - *least);
  }
  return sum;
}

}  // namespace

Rational Temptations::gain(const Plan& plan, const Rational& factor) const {
  const Plan honest = honest_plan(worth.recommended, worth.signals);
  return (worth.payment(plan) - worth.payment(honest)) / worth.weight -
         factor * (worth.cost[plan.effort] - worth.cost[worth.recommended]);
}

std::vector<Temptations> temptations(const Game<Rational>& game, const Posted<Rational>& posted) {
  std::vector<Temptations> all;
  const Plans honest = honest_plans(game.efforts(), game.signals());
  for (std::size_t i = 0; i < game.agents(); ++i) {
    const Group group(game.efforts(), game.signals(), {static_cast<int>(i)});
    for (auto& worth : play::worth(game, posted, group, honest)) {
      Temptations of{static_cast<int>(i), std::move(worth), {}};
      for (std::size_t effort = 0; effort < of.worth.efforts; ++effort) {
        if (effort != of.worth.recommended) {
          of.plans.push_back(best_with(of.worth, effort, Rational(0)));
        } else if (auto lie = best_lie(of.worth)) {
          of.plans.push_back(std::move(*lie));
        }
      }
      all.push_back(std::move(of));
    }
  }
  return all;
}

Temptation temptation(const Game<Rational>& game, const Posted<Rational>& posted, const Temptations& of,
                      const Plan& plan, const Rational& factor) {
  Temptation out;
  out.effort = static_cast<int>(plan.effort);
  for (std::size_t z = 0; z < of.worth.signals; ++z) {
    const bool seen = of.worth.seen[plan.effort * of.worth.signals + z] != 0;
    out.reports.push_back(seen ? static_cast<int>(plan.reports[z]) : -1);
  }
  out.gain_exact = of.gain(plan, factor);
  out.gain = to_double(out.gain_exact);
  const Rational payment = of.worth.payment(plan) / of.worth.weight;
  out.payment = to_double(payment);
  out.utility = to_double(Rational(payment - factor * of.worth.cost[plan.effort]));
  out.driver = driver(game, posted, of, plan);
  return out;
}

Recommendation recommendation(const Game<Rational>& game, const Posted<Rational>& posted,
                              const Temptations& of) {
  Recommendation out;
  out.agent = of.agent;
  out.effort = static_cast<int>(of.worth.recommended);
  out.probability_exact = of.worth.weight;
  out.probability = to_double(of.worth.weight);
  const Plan honest = honest_plan(of.worth.recommended, of.worth.signals);
  out.payment = to_double(Rational(of.worth.payment(honest) / of.worth.weight));
  out.utility = to_double(Rational(of.worth.utility(honest) / of.worth.weight));
  for (const Plan& plan : of.plans) out.alternatives.push_back(temptation(game, posted, of, plan, 1));
  std::stable_sort(out.alternatives.begin(), out.alternatives.end(),
                   [](const Temptation& a, const Temptation& b) { return a.gain_exact > b.gain_exact; });
  return out;
}

void robustness(const Posted<Rational>& posted, const Game<Rational>& game,
                const std::vector<Temptations>& all, Audit& audit) {
  std::optional<Rational> cost_error, most_factor, law_error;
  Rational least_factor = 0;
  for (const Temptations& of : all) {
    const Rational ranges = range(posted, game, of);
    const Rational& own = of.worth.cost[of.worth.recommended];
    for (const Plan& plan : of.plans) {
      const Rational& other = of.worth.cost[plan.effort];
      const Rational pay = -of.gain(plan, 0);  // that is lost by the plan
      if (plan.effort == of.worth.recommended) {
        if (pay < 0) cost_error = 0;
      } else if (const auto error = largest_error(pay, own, other)) {
        narrow(cost_error, *error);
      }
      // pay >= factor (own - other)
      if (own > other) narrow(most_factor, Rational(pay / (own - other)));
      if (own < other) least_factor = std::max(least_factor, Rational(pay / (own - other)));
      if (own == other && pay < 0) narrow(most_factor, -1);
      // A law off by e in the norm moves either side by at most e / 2 times the range of payments.
      const Rational margin = -of.gain(plan, 1) * of.worth.weight;
      if (margin < 0) {
        law_error = 0;
      } else if (ranges != 0) {
        narrow(law_error, Rational(margin / ranges));
      }
    }
  }
  audit.cost_error = as_double(cost_error);
  audit.least_cost_factor = to_double(least_factor);
  audit.most_cost_factor = as_double(most_factor);
  audit.law_error = as_double(law_error);
}

}  // namespace xchg::hiring::play
