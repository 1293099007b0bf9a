#include "xchg/hiring/audit/responses.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace xchg::hiring::play {
namespace {

// The profile that is played where b is recommended.
std::size_t played(const Radix& efforts, std::size_t b, const Plans& plans) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    sum += efforts.stride(i) * plans[i][static_cast<std::size_t>(efforts.digit(b, i))].effort;
  }
  return sum;
}

// [s]: what is reported where s is seen and b is recommended.
std::vector<std::size_t> reported(const Radix& efforts, const Radix& signals, std::size_t b,
                                  const Plans& plans) {
  std::vector<std::size_t> out(signals.count());
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const Plan& plan = plans[i][static_cast<std::size_t>(efforts.digit(b, i))];
    for (std::size_t s = 0; s < out.size(); ++s) {
      out[s] += signals.stride(i) * plan.reports[static_cast<std::size_t>(signals.digit(s, i))];
    }
  }
  return out;
}

template <class Number>
void add(const Game<Number>& game, const Offer<Number>& offer, const Group& group, const Plans& others,
         Worth<Number>& to) {
  const std::size_t states = game.states();
  const std::size_t b = played(game.efforts(), offer.profile, others);
  const std::vector<std::size_t> reports = reported(game.efforts(), game.signals(), offer.profile, others);
  std::vector<Number> amount(game.cells());
  for (std::size_t cell = 0; cell < amount.size(); ++cell) amount[cell] = group.payment(offer, cell);
  for (std::size_t effort = 0; effort < to.efforts; ++effort) {
    const auto law = game.law(group.with_effort(b, effort));
    for (std::size_t s = 0; s < reports.size(); ++s) {
      const std::size_t row = effort * to.signals + group.signal(s);
      for (std::size_t t = 0; t < states; ++t) {
        const Number& p = (*law)[s * states + t];
        if (p == 0) continue;
        const Number weighted = p * offer.probability;
        to.seen[row] += weighted;
        for (std::size_t r = 0; r < to.signals; ++r) {
          const Number& paid = amount[group.with_signal(reports[s], r) * states + t];
          if (paid != 0) to.pay[row * to.signals + r] += weighted * paid;
        }
      }
    }
  }
}

}  // namespace

Plan honest_plan(std::size_t recommended, std::size_t signals) {
  Plan plan{recommended, std::vector<std::size_t>(signals)};
  std::iota(plan.reports.begin(), plan.reports.end(), std::size_t{0});
  return plan;
}

Plans honest_plans(const Radix& efforts, const Radix& signals) {
  Plans plans(efforts.digits());
  for (std::size_t i = 0; i < plans.size(); ++i) {
    for (int effort = 0; effort < efforts.size(i); ++effort) {
      plans[i].push_back(
          honest_plan(static_cast<std::size_t>(effort), static_cast<std::size_t>(signals.size(i))));
    }
  }
  return plans;
}

template <class Number>
std::vector<Worth<Number>> worth(const Game<Number>& game, const Posted<Number>& posted, const Group& group,
                                 const Plans& others) {
  std::map<std::size_t, Worth<Number>> rows;
  for (const Offer<Number>& offer : posted) {
    const std::size_t recommended = group.effort(offer.profile);
    Worth<Number>& row = rows[recommended];
    if (row.pay.empty()) {
      row.recommended = recommended;
      row.efforts = group.efforts().count();
      row.signals = group.signals().count();
      row.pay.resize(row.efforts * row.signals * row.signals);
      row.seen.resize(row.efforts * row.signals);
      for (std::size_t effort = 0; effort < row.efforts; ++effort)
        row.cost.push_back(group.cost(game, effort));
    }
    row.weight += offer.probability;
    add(game, offer, group, others, row);
  }
  std::vector<Worth<Number>> out;
  for (auto& [recommended, row] : rows) out.push_back(std::move(row));
  return out;
}

template <class Number>
Plan best_with(const Worth<Number>& worth, std::size_t effort, const Number& tie) {
  Plan plan = honest_plan(effort, worth.signals);
  for (std::size_t z = 0; z < worth.signals; ++z) {
    std::size_t best = z;
    for (std::size_t r = 0; r < worth.signals; ++r) {
      if (worth.at(effort, z, r) > worth.at(effort, z, best) + tie * worth.weight) best = r;
    }
    plan.reports[z] = best;
  }
  return plan;
}

template <class Number>
Plan best_plan(const Worth<Number>& worth, const Plan& current, const Number& tie) {
  Plan best = current;
  Number most = worth.utility(current);
  for (std::size_t effort = 0; effort < worth.efforts; ++effort) {
    Plan plan = best_with(worth, effort, tie);
    Number utility = worth.utility(plan);
    if (utility > most + tie * worth.weight) {
      most = std::move(utility);
      best = std::move(plan);
    }
  }
  return best;
}

template std::vector<Worth<double>> worth(const Game<double>&, const Posted<double>&, const Group&,
                                          const Plans&);
template std::vector<Worth<Rational>> worth(const Game<Rational>&, const Posted<Rational>&, const Group&,
                                            const Plans&);
template Plan best_with(const Worth<double>&, std::size_t, const double&);
template Plan best_with(const Worth<Rational>&, std::size_t, const Rational&);
template Plan best_plan(const Worth<double>&, const Plan&, const double&);
template Plan best_plan(const Worth<Rational>&, const Plan&, const Rational&);

Played outcome(const Game<double>& game, const Posted<double>& posted, const Plans& plans) {
  Played result;
  result.payments.resize(game.agents());
  result.utilities.resize(game.agents());
  const std::size_t states = game.states();
  for (const Offer<double>& offer : posted) {
    const std::size_t b = played(game.efforts(), offer.profile, plans);
    const auto reports = reported(game.efforts(), game.signals(), offer.profile, plans);
    const auto law = game.law(b);
    for (std::size_t cell = 0; cell < law->size(); ++cell) {
      const double weight = offer.probability * (*law)[cell];
      if (weight == 0) continue;
      const std::size_t s = reports[cell / states], state = cell % states;
      result.decisions += weight * game.utility(static_cast<std::size_t>(offer.decision[s]), state);
      for (std::size_t i = 0; i < game.agents(); ++i)
        result.payments[i] += weight * offer.payments[i][s * states + state];
    }
    for (std::size_t i = 0; i < game.agents(); ++i) {
      result.utilities[i] -=
          offer.probability * game.cost(i, static_cast<std::size_t>(game.efforts().digit(b, i)));
    }
  }
  result.principal = result.decisions;
  for (std::size_t i = 0; i < game.agents(); ++i) {
    result.utilities[i] += result.payments[i];
    result.principal -= result.payments[i];
  }
  return result;
}

}  // namespace xchg::hiring::play
