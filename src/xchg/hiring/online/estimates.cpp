#include "xchg/hiring/online/estimates.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "xchg/hiring/design/contract.hpp"
#include "xchg/hiring/design/draft.hpp"
#include "xchg/hiring/design/program.hpp"

namespace xchg::hiring {
namespace {

// Profiles that the program recommends less often are left out: estimates say nothing about so rare a case,
// and nobody would be kept to obey in it.
constexpr double least_share = 1e-6;

Rational fraction(std::int64_t numerator, std::int64_t denominator) {
  return Rational(Integer(numerator), Integer(denominator));
}

// Adds what one agent is paid by an own rule in each cell.
void add_payments(const Instance& frame, std::size_t agent, const OwnRule& rule, Entry& entry) {
  const Radix signals = frame.signals();
  const std::size_t states = frame.states.size();
  for (std::size_t cell = 0; cell < signals.count() * states; ++cell) {
    const auto report = static_cast<std::size_t>(signals.digit(cell / states, agent));
    const double amount = rule[report * states + cell % states];
    if (amount <= 0) continue;
    entry.payments.push_back({.agent = static_cast<int>(agent),
                              .reports = cell / states,
                              .state = static_cast<int>(cell % states),
                              .amount = to_rational(amount)});
  }
}

std::vector<int> decisions_by(const Instance& frame, const std::vector<std::int64_t>& counts) {
  const std::size_t states = frame.states.size();
  std::vector<int> decisions(counts.size() / states);
  for (std::size_t s = 0; s < decisions.size(); ++s) {
    double most = -std::numeric_limits<double>::infinity();
    for (std::size_t a = 0; a < frame.decisions.size(); ++a) {
      double utility = 0;
      for (std::size_t t = 0; t < states; ++t) {
        utility += static_cast<double>(counts[s * states + t]) * to_double(frame.utility[a][t]);
      }
      if (utility <= most) continue;
      most = utility;
      decisions[s] = static_cast<int>(a);
    }
  }
  return decisions;
}

Terms terms_with(const Setting& setting, double slack) {
  Terms terms;
  terms.payment_bound = setting.frame.payment_bound;
  terms.slack = to_rational(slack);
  return terms;
}

Chosen strict_fallback(const Setting& setting, const Counts& counts, const Model& model) {
  Chosen best;
  best.fallback = true;
  best.promised = -std::numeric_limits<double>::infinity();
  std::size_t profile = 0;
  for (std::size_t b = 0; b < counts.size(); ++b) {
    const double value = model.value(b) - mean_rule_pay(setting, counts, b);
    if (value <= best.promised) continue;
    best.promised = value;
    profile = b;
  }
  best.mechanism = strict_mechanism(setting, counts, profile);
  return best;
}

}  // namespace

Instance estimated_instance(const Setting& setting, const Counts& counts,
                            const std::vector<std::vector<double>>& cost) {
  Instance instance = setting.frame;
  const std::size_t states = instance.states.size();
  for (std::size_t i = 0; i < cost.size(); ++i) {
    instance.agents[i].costs.clear();
    for (const double c : cost[i]) instance.agents[i].costs.push_back(to_rational(c));
  }
  std::vector<std::int64_t> pooled(states);
  for (const auto& row : counts) {
    for (std::size_t cell = 0; cell < row.size(); ++cell) pooled[cell % states] += row[cell];
  }
  const std::int64_t total = std::accumulate(pooled.begin(), pooled.end(), std::int64_t{0});
  instance.law = Law{};
  instance.law.form = Form::Joint;
  for (const auto& row : counts) {
    std::vector<std::int64_t> of_state(states);
    for (std::size_t cell = 0; cell < row.size(); ++cell) of_state[cell % states] += row[cell];
    const std::int64_t rounds = std::accumulate(of_state.begin(), of_state.end(), std::int64_t{0});
    auto& table = instance.law.table.emplace_back(row.size());
    for (std::size_t cell = 0; cell < row.size(); ++cell) {
      if (row[cell] == 0) continue;
      table[cell] = instance.state_depends_on_effort ? fraction(row[cell], rounds)
                                                     : fraction(row[cell], of_state[cell % states]) *
                                                           fraction(pooled[cell % states], total);
    }
  }
  return instance;
}

Mechanism strict_mechanism(const Setting& setting, const Counts& counts, std::size_t b) {
  const Radix efforts = setting.frame.efforts();
  Entry entry{
      .profile = b, .probability = 1, .decision = decisions_by(setting.frame, counts[b]), .payments = {}};
  for (std::size_t i = 0; i < setting.frame.agents.size(); ++i) {
    add_payments(setting.frame, i, setting.rules.rule[i][static_cast<std::size_t>(efforts.digit(b, i))],
                 entry);
  }
  return {.support = {std::move(entry)}};
}

double mean_rule_pay(const Setting& setting, const Counts& counts, std::size_t b) {
  const Radix efforts = setting.frame.efforts(), signals = setting.frame.signals();
  const std::size_t states = setting.frame.states.size();
  double pay = 0, rounds = 0;
  for (std::size_t cell = 0; cell < counts[b].size(); ++cell) {
    const auto count = static_cast<double>(counts[b][cell]);
    rounds += count;
    for (std::size_t i = 0; i < efforts.digits(); ++i) {
      const auto report = static_cast<std::size_t>(signals.digit(cell / states, i));
      pay += count *
             setting.rules
                 .rule[i][static_cast<std::size_t>(efforts.digit(b, i))][report * states + cell % states];
    }
  }
  return rounds > 0 ? pay / rounds : 0;
}

double mean_rule(const Setting& setting, const Counts& counts, std::size_t agent, const OwnRule& rule,
                 int played) {
  const Radix efforts = setting.frame.efforts(), signals = setting.frame.signals();
  const std::size_t states = setting.frame.states.size();
  double pay = 0, rounds = 0;
  for (std::size_t b = 0; b < counts.size(); ++b) {
    if (efforts.digit(b, agent) != played) continue;
    for (std::size_t cell = 0; cell < counts[b].size(); ++cell) {
      const auto count = static_cast<double>(counts[b][cell]);
      const auto report = static_cast<std::size_t>(signals.digit(cell / states, agent));
      rounds += count;
      pay += count * rule[report * states + cell % states];
    }
  }
  return rounds > 0 ? pay / rounds : 0;
}

Chosen robust_mechanism(const Setting& setting, const Counts& counts, const Instance& estimated, double slack,
                        bool strict_start) {
  const Terms terms = terms_with(setting, slack);
  Model model(estimated, terms);
  model.store_law();
  const Program program(model, {});
  LpSolution solution = solve(program.lp());
  const bool found = solution.status == LpStatus::Optimal;
  if (!found || strict_start) {
    Chosen strict = strict_fallback(setting, counts, model);
    if (!found || strict.promised > solution.objective) return strict;
  }
  for (std::size_t b = 0; b < model.profiles(); ++b) {
    if (solution.x[b] < least_share) solution.x[b] = 0;
  }
  return {.mechanism = rounded_mechanism(program, model, estimated, terms, solution.x),
          .promised = solution.objective,
          .fallback = false};
}

Chosen optimistic_mechanism(const Setting& setting, const Counts& counts, const Instance& estimated,
                            double slack, const std::vector<double>& bonus) {
  Model model(estimated, terms_with(setting, slack));
  model.store_law();
  Chosen best;
  double index = -std::numeric_limits<double>::infinity();
  for (std::size_t b = 0; b < model.profiles(); ++b) {
    double value = model.value(b);
    std::vector<OwnRule> rules;
    for (std::size_t i = 0; i < model.agents(); ++i) {
      const Contract contract =
          cheapest_contract(Model::alone(model, b, i, true), model.efforts.digit(b, i), 1e-9);
      value -= contract.pay;
      rules.push_back(contract.payment);
    }
    if (!(value + bonus[b] > index)) continue;
    index = value + bonus[b];
    best.promised = value;
    Entry entry{.profile = b, .probability = 1, .decision = best_decisions(estimated, b), .payments = {}};
    for (std::size_t i = 0; i < rules.size(); ++i) {
      for (double& amount : rules[i]) {
        amount = amount < 1e-12 ? 0 : std::min(amount, to_double(setting.frame.payment_bound.amount()));
      }
      add_payments(setting.frame, i, rules[i], entry);
    }
    best.mechanism.support = {std::move(entry)};
  }
  return best.mechanism.support.empty() ? strict_fallback(setting, counts, model) : best;
}

}  // namespace xchg::hiring
