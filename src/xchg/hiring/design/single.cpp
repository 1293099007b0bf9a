#include "xchg/hiring/design/single.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace xchg::hiring {
namespace {

// P(z, rest) of one agent with each effort, the others' efforts as in b, exactly: [effort][z * rest_count +
// rest].
std::vector<std::vector<Rational>> tables_alone(const Instance& instance, std::size_t b, std::size_t agent,
                                                bool own_reports) {
  const Radix efforts = instance.efforts(), signals = instance.signals();
  const std::size_t states = instance.states.size();
  const auto own_signals = static_cast<std::size_t>(signals.size(agent));
  const std::size_t rest = own_reports ? states : signals.count() * states / own_signals;
  std::vector<std::vector<Rational>> tables;
  for (int effort = 0; effort < efforts.size(agent); ++effort) {
    auto& table = tables.emplace_back(own_signals * rest);
    if (own_reports && instance.law.form == Form::Independent) {
      for (std::size_t t = 0; t < states; ++t) {
        for (std::size_t z = 0; z < own_signals; ++z) {
          table[z * rest + t] = instance.law.latent_prior[t] *
                                instance.law.signal[agent][static_cast<std::size_t>(effort)][t][z];
        }
      }
      continue;
    }
    const std::vector<Rational> law = exact_law(instance, efforts.with(b, agent, effort));
    const std::size_t stride = signals.stride(agent);
    for (std::size_t s = 0; s < signals.count(); ++s) {
      const std::size_t z = s / stride % own_signals;
      const std::size_t others = s / (stride * own_signals) * stride + s % stride;
      for (std::size_t t = 0; t < states; ++t) {
        table[z * rest + (own_reports ? t : others * states + t)] += law[s * states + t];
      }
    }
  }
  return tables;
}

Terms terms_alone(const Terms& terms, std::size_t agent) {
  Terms alone = terms;
  alone.expected_budget.reset();
  if (alone.sure_budget) {
    if (alone.payment_bound.infinite() || alone.payment_bound.amount() > *alone.sure_budget) {
      alone.payment_bound = Bound(*alone.sure_budget);
    }
    alone.sure_budget.reset();
  }
  if (!terms.outside.empty()) alone.outside = {terms.outside[agent]};
  return alone;
}

}  // namespace

Instance alone_instance(const Instance& instance, std::size_t b, std::size_t agent, bool own_reports) {
  Instance alone;
  alone.law.form = Form::Joint;
  alone.law.table = tables_alone(instance, b, agent, own_reports);
  const std::size_t rest = alone.law.table[0].size() / instance.agents[agent].signals.size();
  for (std::size_t k = 0; k < rest; ++k) alone.states.push_back(fmt::format("{}", k));
  alone.decisions = {"none"};
  alone.utility.assign(1, std::vector<Rational>(rest));
  alone.agents = {instance.agents[agent]};
  // With pay for the others' reports, one agent's effort may move what is called the state here.
  alone.state_depends_on_effort = true;
  return alone;
}

std::optional<Polished> single_mechanism(const Instance& instance, const Terms& terms, std::size_t b,
                                         bool own_reports, bool exact, double tolerance) {
  const Radix efforts = instance.efforts(), signals = instance.signals();
  const std::size_t states = instance.states.size();
  Polished whole;
  whole.repair = "vertex";
  Entry entry{.profile = b, .probability = 1, .decision = best_decisions(instance, b), .payments = {}};
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    const Instance alone = alone_instance(instance, b, i, own_reports);
    const auto contract = polish(alone, terms_alone(terms, i),
                                 {static_cast<std::size_t>(efforts.digit(b, i))}, exact, tolerance);
    if (!contract) return {};
    if (contract->repair != "vertex") whole.repair = contract->repair;
    const std::size_t rest = alone.states.size();
    std::vector<Rational> table(instance.agents[i].signals.size() * rest);
    for (const Payment& payment : contract->mechanism.support.at(0).payments) {
      table[payment.reports * rest + static_cast<std::size_t>(payment.state)] = payment.amount;
    }
    const std::size_t stride = signals.stride(i), own_signals = instance.agents[i].signals.size();
    for (std::size_t s = 0; s < signals.count(); ++s) {
      const std::size_t z = s / stride % own_signals;
      const std::size_t others = s / (stride * own_signals) * stride + s % stride;
      for (std::size_t t = 0; t < states; ++t) {
        const Rational& amount = table[z * rest + (own_reports ? t : others * states + t)];
        if (amount > 0) entry.payments.push_back({static_cast<int>(i), s, static_cast<int>(t), amount});
      }
    }
  }
  whole.mechanism.support.push_back(std::move(entry));
  return whole;
}

bool agents_are_separate(const Instance& instance, const Model& model) {
  if (instance.law.form == Form::Independent || instance.agents.empty()) return true;
  constexpr double nothing = 1e-12;
  const std::size_t states = model.states, agents = model.agents();
  // Own marginals with all others on their first effort, [agent][effort][z * states + t].
  std::vector<std::vector<std::vector<double>>> own(agents);
  for (std::size_t i = 0; i < agents; ++i) {
    const Model alone = Model::alone(model, 0, i, true);
    for (int effort = 0; effort < model.efforts_of(i); ++effort) {
      const auto law = alone.law(static_cast<std::size_t>(effort));
      own[i].emplace_back(law.begin(), law.end());
    }
  }
  for (std::size_t b = 0; b < model.profiles(); ++b) {
    const std::span<const double> law = model.law(b);
    for (std::size_t t = 0; t < states; ++t) {
      double prior = 0;
      for (std::size_t s = 0; s < model.signals.count(); ++s) prior += law[s * states + t];
      if (prior <= 0) continue;
      for (std::size_t s = 0; s < model.signals.count(); ++s) {
        double product = prior;
        for (std::size_t i = 0; i < agents; ++i) {
          const auto effort = static_cast<std::size_t>(model.efforts.digit(b, i));
          const auto z = static_cast<std::size_t>(model.signals.digit(s, i));
          product *= own[i][effort][z * states + t] / prior;
        }
        if (std::abs(product - law[s * states + t]) > nothing) return false;
      }
    }
  }
  return true;
}

namespace {

void add(std::vector<Rational>& to, const std::vector<Rational>& more) {
  if (to.empty()) to.resize(more.size());
  for (std::size_t k = 0; k < more.size(); ++k) to[k] += more[k];
}

Multipliers multipliers_of(const Instance& alone, const Terms& terms, int effort, bool exact,
                           double tolerance) {
  Model model(alone, terms);
  model.store_law();
  if (exact) {
    const Program program(model, {.profiles = {static_cast<std::size_t>(effort)}});
    const LpSolution solution = solve(program.lp(), {.tolerance = tolerance, .presolve = false});
    if (solution.status == LpStatus::Optimal) {
      const ExactProgram coefficients(program, model, alone, terms);
      if (const auto dual = dual_vertex(program, coefficients, solution, 2000)) {
        return exact_multipliers(program, model, *dual);
      }
    }
  }
  return rounded_multipliers(model, cheapest_contract(model, effort, tolerance).multipliers, false);
}

}  // namespace

Multipliers separate_multipliers(const Instance& instance, const Terms& terms, bool exact, double tolerance) {
  Multipliers all;
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    const Instance alone = alone_instance(instance, 0, i, true);
    const Terms own_terms = terms_alone(terms, i);
    std::vector<Rational> obedience, truth, outside;
    for (int effort = 0; effort < instance.efforts().size(i); ++effort) {
      const Multipliers one = multipliers_of(alone, own_terms, effort, exact, tolerance);
      add(obedience, one.obedience[0]);
      add(truth, one.truth[0]);
      if (!one.outside.empty()) add(outside, one.outside[0]);
    }
    all.obedience.push_back(std::move(obedience));
    all.truth.push_back(std::move(truth));
    if (!terms.outside.empty()) all.outside.push_back(std::move(outside));
  }
  return all;
}

std::vector<std::vector<double>> separate_pays(const Model& model, double tolerance) {
  std::vector<std::vector<double>> pays(model.agents());
  for (std::size_t i = 0; i < model.agents(); ++i) {
    const Model alone = Model::alone(model, 0, i, true);
    for (int effort = 0; effort < model.efforts_of(i); ++effort) {
      pays[i].push_back(cheapest_contract(alone, effort, tolerance).pay);
    }
  }
  return pays;
}

}  // namespace xchg::hiring
