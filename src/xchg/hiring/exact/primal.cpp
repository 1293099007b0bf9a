#include "xchg/hiring/exact/primal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace xchg::hiring {
namespace {

class PrimalCheck {
 public:
  PrimalCheck(const Instance& instance, const Terms& terms, const Mechanism& mechanism, const IntegerLaw& law,
              Check& check)
      : instance_(instance),
        terms_(terms),
        mechanism_(mechanism),
        law_(law),
        check_(check),
        efforts_(instance.efforts()),
        signals_(instance.signals()),
        states_(instance.states.size()) {}

  void run() {
    const std::size_t findings = check_.findings.size();
    if (!well_formed()) return;
    check_payments();
    take_value();
    for (std::size_t i = 0; i < instance_.agents.size(); ++i) {
      for (int effort = 0; effort < efforts_.size(i); ++effort) check_agent(i, effort);
    }
    check_.violation = worst_.value_or(Rational(0));
    check_.feasible = check_.findings.size() == findings;
  }

 private:
  void find(std::string finding) { check_.findings.push_back(std::move(finding)); }

  bool well_formed() {
    Rational mass;
    for (const Entry& entry : mechanism_.support) {
      mass += entry.probability;
      if (entry.probability <= 0) find("a probability is " + text(entry.probability));
      if (entry.profile >= efforts_.count() || entry.decision.size() != signals_.count()) {
        find("an entry does not have the sizes of the instance");
        return false;
      }
      for (const int decision : entry.decision) {
        if (decision < 0 || static_cast<std::size_t>(decision) >= instance_.decisions.size()) {
          find("a decision is not one of the instance");
          return false;
        }
      }
      for (const Payment& payment : entry.payments) {
        if (payment.agent < 0 || static_cast<std::size_t>(payment.agent) >= instance_.agents.size() ||
            payment.reports >= signals_.count() || payment.state < 0 ||
            static_cast<std::size_t>(payment.state) >= states_) {
          find("a payment does not belong to the instance");
          return false;
        }
      }
    }
    for (std::size_t k = 1; k < mechanism_.support.size(); ++k) {
      if (mechanism_.support[k].profile == mechanism_.support[k - 1].profile) find("a profile comes twice");
    }
    if (mass != 1) find("probabilities sum to " + text(mass));
    return true;
  }

  void check_payments() {
    Rational expected;
    for (const Entry& entry : mechanism_.support) {
      std::map<std::size_t, Rational> of_cell;
      const std::vector<Integer>& p = law_.profile(entry.profile);
      Rational paid;
      for (const Payment& payment : entry.payments) {
        if (payment.amount < 0) find("a payment is " + text(payment.amount));
        if (!terms_.payment_bound.infinite() && payment.amount > terms_.payment_bound.amount()) {
          find(fmt::format("a payment of {} is above the bound {}", text(payment.amount),
                           text(terms_.payment_bound.amount())));
        }
        const std::size_t cell = payment.reports * states_ + static_cast<std::size_t>(payment.state);
        of_cell[cell] += payment.amount;
        paid += payment.amount * Rational(p[cell], law_.denominator());
      }
      expected += entry.probability * paid;
      if (!terms_.sure_budget) continue;
      for (const auto& [cell, amount] : of_cell) {
        if (amount > *terms_.sure_budget) {
          find(fmt::format("payments of a round sum to {}, the sure budget is {}", text(amount),
                           text(*terms_.sure_budget)));
        }
      }
    }
    paid_ = expected;
    if (terms_.expected_budget && expected > *terms_.expected_budget) {
      find(fmt::format("payments are {} on average, the budget is {}", text(expected),
                       text(*terms_.expected_budget)));
    }
  }

  void take_value() {
    Rational value;
    for (const Entry& entry : mechanism_.support) {
      const std::vector<Integer>& p = law_.profile(entry.profile);
      Rational of_profile;
      for (std::size_t s = 0; s < signals_.count(); ++s) {
        const auto& utility = instance_.utility[static_cast<std::size_t>(entry.decision[s])];
        for (std::size_t t = 0; t < states_; ++t) {
          if (p[s * states_ + t] != 0) of_profile += Rational(p[s * states_ + t]) * utility[t];
        }
      }
      value += entry.probability * of_profile / Rational(law_.denominator());
    }
    check_.value = value - paid_;
  }

  // Expected payments of agent i who is asked for `effort` and does `other`, weighted with how often he is
  // asked: [seen * signals + reported], others obeying and telling the truth.
  std::vector<Rational> expected(std::size_t i, int effort, int other) const {
    const auto signals = static_cast<std::size_t>(signals_.size(i));
    std::vector<Rational> result(signals * signals);
    for (const Entry& entry : mechanism_.support) {
      if (efforts_.digit(entry.profile, i) != effort) continue;
      const std::vector<Integer>& p = law_.profile(efforts_.with(entry.profile, i, other));
      const Rational weight = entry.probability / Rational(law_.denominator());
      for (const Payment& payment : entry.payments) {
        if (static_cast<std::size_t>(payment.agent) != i) continue;
        const auto reported = static_cast<std::size_t>(signals_.digit(payment.reports, i));
        const Rational amount = payment.amount * weight;
        for (std::size_t z = 0; z < signals; ++z) {
          const std::size_t seen = signals_.with(payment.reports, i, static_cast<int>(z));
          const Integer& chance = p[seen * states_ + static_cast<std::size_t>(payment.state)];
          if (chance != 0) result[z * signals + reported] += amount * Rational(chance);
        }
      }
    }
    return result;
  }

  void check_agent(std::size_t i, int effort) {
    Rational asked;
    for (const Entry& entry : mechanism_.support) {
      if (efforts_.digit(entry.profile, i) == effort) asked += entry.probability;
    }
    if (asked == 0) return;
    const auto signals = static_cast<std::size_t>(signals_.size(i));
    const std::vector<Rational> own = expected(i, effort, effort);
    Rational honest;
    for (std::size_t z = 0; z < signals; ++z) honest += own[z * signals + z];
    const auto& costs = instance_.agents[i].costs;
    const Rational cost = costs[static_cast<std::size_t>(effort)] * (1 + terms_.cost_error);
    for (int other = 0; other < efforts_.size(i); ++other) {
      const std::vector<Rational> table = other == effort ? own : expected(i, effort, other);
      Rational tempting;
      for (std::size_t z = 0; z < signals; ++z) {
        tempting += *std::max_element(table.begin() + static_cast<std::ptrdiff_t>(z * signals),
                                      table.begin() + static_cast<std::ptrdiff_t>((z + 1) * signals));
      }
      Rational needed;
      if (other != effort) {
        needed =
            (cost - costs[static_cast<std::size_t>(other)] * (1 - terms_.cost_error) + terms_.slack) * asked;
      }
      judge(i, effort, other, tempting - (honest - needed));
    }
    if (!terms_.outside.empty() && honest < (terms_.outside[i] + cost) * asked) {
      find(fmt::format("agent \"{}\" is left with less than his outside option when asked for \"{}\"",
                       instance_.agents[i].name,
                       instance_.agents[i].efforts[static_cast<std::size_t>(effort)]));
    }
  }

  void judge(std::size_t i, int effort, int other, const Rational& gain) {
    if (!worst_ || gain > *worst_) worst_ = gain;
    if (gain <= 0) return;
    const Agent& agent = instance_.agents[i];
    find(other == effort
             ? fmt::format("agent \"{}\", asked for \"{}\", gains {} by a false report", agent.name,
                           agent.efforts[static_cast<std::size_t>(effort)], text(gain))
             : fmt::format("agent \"{}\", asked for \"{}\", gains {} by \"{}\"", agent.name,
                           agent.efforts[static_cast<std::size_t>(effort)], text(gain),
                           agent.efforts[static_cast<std::size_t>(other)]));
  }

  const Instance& instance_;
  const Terms& terms_;
  const Mechanism& mechanism_;
  const IntegerLaw& law_;
  Check& check_;
  Radix efforts_, signals_;
  std::size_t states_;
  Rational paid_;
  std::optional<Rational> worst_;
};

}  // namespace

void check_mechanism(const Instance& instance, const Terms& terms, const Mechanism& mechanism,
                     const IntegerLaw& law, Check& check) {
  PrimalCheck(instance, terms, mechanism, law, check).run();
}

}  // namespace xchg::hiring
