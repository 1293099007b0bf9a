// Weak duality. For multipliers lambda (obedience), w (truth, sums over reports equal to lambda), omega
// (participation), beta (budget), any mechanism of the instance is worth at most
//   beta C + max_b { V(b) - sum_i sum_b' lambda_i[b_i,b'] k_i[b_i,b'] - sum_i omega_i[b_i] (w_i + c_i(b_i)) +
//   H(b) }, rc_i[b,s,theta] = P^b (sum_b' lambda_i[b_i,b'] + omega_i[b_i] - 1 - beta)
//                     - sum_b' sum_z w_i[b_i,b',z,s_i] P^(b',b_-i)((z,s_-i),theta),
// where H(b) is the most that payments within the bounds make of rc: M times its positive part, or under a
// sure budget the budget on the best agents of each outcome. Without any bound rc must not be positive;
// lambda, w, omega times 1 - e with e = q / (q + 1 + beta), q the largest rc / P, sees to that.
#include "xchg/hiring/exact/dual.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "xchg/hiring/instance/law.hpp"

namespace xchg::hiring {
namespace {

// Profiles and cells up to which every profile is looked at exactly; beyond, only those that doubles do not
// rule out.
constexpr std::size_t most_values = 2'000'000;

class DualCheck {
 public:
  DualCheck(const Instance& instance, const Terms& terms, const Multipliers& multipliers,
            const IntegerLaw& law, Progress& progress)
      : instance_(instance),
        terms_(terms),
        multipliers_(multipliers),
        law_(law),
        progress_(progress),
        efforts_(instance.efforts()),
        signals_(instance.signals()),
        states_(instance.states.size()) {}

  // Empty, or what is wrong with the multipliers.
  std::string complaint() const {
    if (multipliers_.obedience.size() != instance_.agents.size() ||
        multipliers_.truth.size() != instance_.agents.size() ||
        multipliers_.outside.size() != (terms_.outside.empty() ? 0 : instance_.agents.size())) {
      return "multipliers do not have the sizes of the instance";
    }
    const auto negative = [](const Rational& value) { return value < 0; };
    bool any_negative = multipliers_.budget < 0;
    for (std::size_t i = 0; i < instance_.agents.size(); ++i) {
      const std::size_t efforts = instance_.agents[i].efforts.size(),
                        signals = instance_.agents[i].signals.size();
      if (multipliers_.obedience[i].size() != efforts * efforts ||
          multipliers_.truth[i].size() != efforts * efforts * signals * signals ||
          (!terms_.outside.empty() && multipliers_.outside[i].size() != efforts)) {
        return "multipliers do not have the sizes of the instance";
      }
      any_negative = any_negative || std::ranges::any_of(multipliers_.obedience[i], negative) ||
                     std::ranges::any_of(multipliers_.truth[i], negative) ||
                     (!terms_.outside.empty() && std::ranges::any_of(multipliers_.outside[i], negative));
    }
    if (multipliers_.budget != 0 && !terms_.expected_budget)
      return "there is a multiplier of a budget, but no budget";
    return any_negative ? "a multiplier is negative" : "";
  }

  std::optional<Rational> bound() {
    bring_truth_to_obedience();
    to_integers();
    const bool by_agent = instance_.law.form == Form::Independent && !terms_.sure_budget;
    const std::optional<Rational> best = by_agent ? separate_bound() : joint_bound();
    if (!best) return {};
    return terms_.expected_budget ? *best + multipliers_.budget * *terms_.expected_budget : *best;
  }

 private:
  void bring_truth_to_obedience() {
    truth_ = multipliers_.truth;
    for (std::size_t i = 0; i < truth_.size(); ++i) {
      const std::size_t signals = instance_.agents[i].signals.size();
      for (std::size_t pair = 0; pair < multipliers_.obedience[i].size(); ++pair) {
        const Rational& target = multipliers_.obedience[i][pair];
        for (std::size_t z = 0; z < signals; ++z) {
          Rational* const row = truth_[i].data() + (pair * signals + z) * signals;
          Rational sum;
          for (std::size_t r = 0; r < signals; ++r) sum += row[r];
          if (sum == target) continue;
          if (sum == 0) {
            row[z] = target;
          } else {
            for (std::size_t r = 0; r < signals; ++r) row[r] *= target / sum;
          }
        }
      }
    }
  }

  void to_integers() {
    for (std::size_t i = 0; i < truth_.size(); ++i) {
      take_denominators(truth_[i], common_);
      take_denominators(multipliers_.obedience[i], common_);
      if (!terms_.outside.empty()) take_denominators(multipliers_.outside[i], common_);
    }
    common_ = boost::multiprecision::lcm(common_, denominator(multipliers_.budget));
    own_pay_ = common_ + times(multipliers_.budget, common_);
    for (std::size_t i = 0; i < truth_.size(); ++i) {
      auto& truth = truth_integers_.emplace_back();
      for (const Rational& value : truth_[i]) truth.push_back(times(value, common_));
      auto& honest = honest_.emplace_back();
      auto& fixed = fixed_.emplace_back();
      const auto efforts = static_cast<std::size_t>(efforts_.size(i));
      for (std::size_t effort = 0; effort < efforts; ++effort) {
        Integer sum = 0;
        Rational costs;
        for (std::size_t other = 0; other < efforts; ++other) {
          const Rational& lambda = multipliers_.obedience[i][effort * efforts + other];
          sum += times(lambda, common_);
          costs += lambda * needed(i, effort, other);
        }
        if (!terms_.outside.empty()) {
          const Rational& omega = multipliers_.outside[i][effort];
          sum += times(omega, common_);
          costs += omega * (terms_.outside[i] + instance_.agents[i].costs[effort] * (1 + terms_.cost_error));
        }
        honest.push_back(sum - own_pay_);
        fixed.push_back(costs);
      }
    }
  }

  Rational needed(std::size_t i, std::size_t effort, std::size_t other) const {
    if (effort == other) return 0;
    const auto& costs = instance_.agents[i].costs;
    return costs[effort] * (1 + terms_.cost_error) - costs[other] * (1 - terms_.cost_error) + terms_.slack;
  }

  // rc of one cell times the denominators of law and multipliers. `p(other)` gives the law with another
  // effort.
  template <class LawOf>
  Integer reduced(std::size_t i, std::size_t effort, std::size_t reported, std::size_t others,
                  std::size_t stride, LawOf p) const {
    const auto efforts = static_cast<std::size_t>(efforts_.size(i)),
               signals = static_cast<std::size_t>(signals_.size(i));
    Integer rc = honest_[i][effort] * p(effort)[others + reported * stride];
    for (std::size_t other = 0; other < efforts; ++other) {
      const auto& law = p(other);
      for (std::size_t z = 0; z < signals; ++z) {
        const Integer& w =
            truth_integers_[i][((effort * efforts + other) * signals + z) * signals + reported];
        if (w != 0) rc -= w * law[others + z * stride];
      }
    }
    return rc;
  }

  bool payments_are_bounded() const {
    return !terms_.payment_bound.infinite() || terms_.sure_budget.has_value();
  }

  // Sum of payments' gains over all outcomes under b, as a number over law and multipliers; or raises `q`
  // where payments have no bound.
  Rational gains(std::size_t b) {
    std::vector<std::vector<Integer>> of_agent;
    for (std::size_t i = 0; i < instance_.agents.size(); ++i) of_agent.push_back(reduced_costs(b, i));
    Rational total;
    const std::size_t cells = signals_.count() * states_;
    const std::vector<Integer>& honest = law_.profile(b);
    if (!payments_are_bounded()) {
      for (const auto& list : of_agent) {
        for (std::size_t cell = 0; cell < cells; ++cell) raise(list[cell], honest[cell]);
      }
      return 0;
    }
    if (!terms_.sure_budget) {
      Integer sum = 0;
      for (const auto& list : of_agent) {
        for (const Integer& rc : list) {
          if (rc > 0) sum += rc;
        }
      }
      return terms_.payment_bound.amount() * Rational(sum, common_ * law_.denominator());
    }
    std::vector<Integer> at_cell(of_agent.size());
    for (std::size_t cell = 0; cell < cells; ++cell) {
      for (std::size_t i = 0; i < of_agent.size(); ++i) at_cell[i] = of_agent[i][cell];
      total += best_within_budget(at_cell);
    }
    return total / Rational(common_ * law_.denominator());
  }

  std::vector<Integer> reduced_costs(std::size_t b, std::size_t i) {
    const auto effort = static_cast<std::size_t>(efforts_.digit(b, i));
    std::vector<const std::vector<Integer>*> laws;
    for (int other = 0; other < efforts_.size(i); ++other)
      laws.push_back(&law_.profile(efforts_.with(b, i, other)));
    const std::size_t stride = signals_.stride(i) * states_;
    std::vector<Integer> result(signals_.count() * states_);
    for (std::size_t cell = 0; cell < result.size(); ++cell) {
      const auto reported = static_cast<std::size_t>(signals_.digit(cell / states_, i));
      result[cell] = reduced(i, effort, reported, cell - reported * stride, stride,
                             [&](std::size_t other) -> const std::vector<Integer>& { return *laws[other]; });
    }
    return result;
  }

  void raise(const Integer& rc, const Integer& honest) {
    if (rc <= 0 || honest == 0) return;  // without honest chance rc is never positive
    const Rational ratio(rc, honest * common_);
    if (ratio > largest_ratio_) largest_ratio_ = ratio;
  }

  // Agents in order of what a payment to them gains, each up to M, all up to the budget.
  Rational best_within_budget(std::vector<Integer>& gains) const {
    std::sort(gains.begin(), gains.end(), std::greater<>());
    Rational left = *terms_.sure_budget, total;
    for (const Integer& gain : gains) {
      if (gain <= 0 || left == 0) break;
      const Rational amount =
          terms_.payment_bound.infinite() ? left : std::min(left, terms_.payment_bound.amount());
      total += amount * Rational(gain);
      left -= amount;
    }
    return total;
  }

  Rational value(std::size_t b) const {
    const std::vector<Integer>& p = law_.profile(b);
    Rational total;
    for (std::size_t s = 0; s < signals_.count(); ++s) {
      Rational best;
      for (std::size_t a = 0; a < instance_.decisions.size(); ++a) {
        Rational expected;
        for (std::size_t t = 0; t < states_; ++t)
          expected += Rational(p[s * states_ + t]) * instance_.utility[a][t];
        if (a == 0 || expected > best) best = expected;
      }
      total += best;
    }
    return total / Rational(law_.denominator());
  }

  Rational fixed_costs(std::size_t b) const {
    Rational total;
    for (std::size_t i = 0; i < instance_.agents.size(); ++i) {
      total += fixed_[i][static_cast<std::size_t>(efforts_.digit(b, i))];
    }
    return total;
  }

  Rational shrink() const { return 1 - largest_ratio_ / (largest_ratio_ + 1 + multipliers_.budget); }

  std::optional<Rational> joint_bound() {
    progress_.begin("proof of the bound", static_cast<double>(efforts_.count()), "profiles");
    std::vector<Rational> rest(efforts_.count()), costs(efforts_.count());
    for (std::size_t b = 0; b < efforts_.count(); ++b) {
      if (progress_.cancelled()) return {};
      rest[b] = value(b) + gains(b);
      costs[b] = fixed_costs(b);
      progress_.update(static_cast<double>(b));
    }
    const Rational factor = shrink();
    std::optional<Rational> best;
    for (std::size_t b = 0; b < rest.size(); ++b) {
      const Rational bound = rest[b] - factor * costs[b];
      if (!best || bound > *best) best = bound;
    }
    return best;
  }

  // Signals independent given the state: rc of an agent is his own rc times the others' chances, whose sum
  // is 1.
  std::optional<Rational> separate_bound() {
    std::vector<std::vector<Rational>> gain;
    for (std::size_t i = 0; i < instance_.agents.size(); ++i) {
      auto& of_agent = gain.emplace_back();
      for (std::size_t effort = 0; effort < instance_.agents[i].efforts.size(); ++effort) {
        of_agent.push_back(own_gain(i, effort));
      }
    }
    const Rational factor = shrink();
    for (std::size_t i = 0; i < gain.size(); ++i) {
      for (std::size_t effort = 0; effort < gain[i].size(); ++effort)
        gain[i][effort] -= factor * fixed_[i][effort];
    }
    return best_of_separate(gain);
  }

  Rational own_gain(std::size_t i, std::size_t effort) {
    const auto& table = instance_.law.signal[i];
    const std::size_t signals = instance_.agents[i].signals.size();
    Integer common = 1;
    take_denominators(instance_.law.latent_prior, common);
    Integer of_signals = 1;
    for (const auto& rows : table) {
      for (const auto& row : rows) take_denominators(row, of_signals);
    }
    std::vector<std::vector<Integer>> laws;  // [effort][t * signals + z]
    for (const auto& rows : table) {
      auto& law = laws.emplace_back();
      for (std::size_t t = 0; t < states_; ++t) {
        const Integer prior = times(instance_.law.latent_prior[t], common);
        for (const Rational& p : rows[t]) law.push_back(prior * times(p, of_signals));
      }
    }
    Integer sum = 0;
    for (std::size_t t = 0; t < states_; ++t) {
      for (std::size_t r = 0; r < signals; ++r) {
        const Integer rc =
            reduced(i, effort, r, t * signals, 1,
                    [&](std::size_t other) -> const std::vector<Integer>& { return laws[other]; });
        if (!payments_are_bounded()) raise(rc, laws[effort][t * signals + r]);
        if (rc > 0) sum += rc;
      }
    }
    if (!payments_are_bounded()) return 0;
    return terms_.payment_bound.amount() * Rational(sum, common_ * common * of_signals);
  }

  std::optional<Rational> best_of_separate(const std::vector<std::vector<Rational>>& gain) {
    const auto rest = [&](std::size_t b) {
      Rational total;
      for (std::size_t i = 0; i < gain.size(); ++i)
        total += gain[i][static_cast<std::size_t>(efforts_.digit(b, i))];
      return total;
    };
    std::optional<Rational> best;
    const bool filtered = efforts_.count() * signals_.count() * states_ > most_values;
    std::vector<double> estimate;
    double most = -1e300;
    if (filtered) {
      estimate = estimates(gain);
      most = *std::max_element(estimate.begin(), estimate.end());
    }
    for (std::size_t b = 0; b < efforts_.count(); ++b) {
      if (progress_.cancelled()) return {};
      // Far more than the rounding of some million additions of numbers of this size.
      if (filtered && estimate[b] < most - 1e-6 * (1 + std::abs(most))) continue;
      const Rational bound = value(b) + rest(b);
      law_.forget();
      if (!best || bound > *best) best = bound;
    }
    return best;
  }

  std::vector<double> estimates(const std::vector<std::vector<Rational>>& gain) const {
    const LawOfDoubles law(instance_);
    std::vector<double> p(law.cells()), result(efforts_.count()), utility;
    for (const auto& row : instance_.utility) {
      for (const Rational& u : row) utility.push_back(to_double(u));
    }
    std::vector<std::vector<double>> gains;
    for (const auto& list : gain) {
      auto& to = gains.emplace_back();
      for (const Rational& value : list) to.push_back(to_double(value));
    }
    for (std::size_t b = 0; b < result.size(); ++b) {
      law.profile(b, p);
      for (std::size_t s = 0; s < signals_.count(); ++s) {
        double best = -1e300;
        for (std::size_t a = 0; a * states_ < utility.size(); ++a) {
          double expected = 0;
          for (std::size_t t = 0; t < states_; ++t) expected += p[s * states_ + t] * utility[a * states_ + t];
          best = std::max(best, expected);
        }
        result[b] += best;
      }
      for (std::size_t i = 0; i < gains.size(); ++i) {
        result[b] += gains[i][static_cast<std::size_t>(efforts_.digit(b, i))];
      }
    }
    return result;
  }

  const Instance& instance_;
  const Terms& terms_;
  const Multipliers& multipliers_;
  const IntegerLaw& law_;
  Progress& progress_;
  Radix efforts_, signals_;
  std::size_t states_;
  std::vector<std::vector<Rational>> truth_, fixed_;  // fixed_: [agent][effort], what obedience costs
  std::vector<std::vector<Integer>> truth_integers_, honest_;  // over common_
  Integer common_ = 1, own_pay_;
  Rational largest_ratio_;
};

}  // namespace

std::optional<Rational> proven_bound(const Instance& instance, const Terms& terms,
                                     const Multipliers& multipliers, const IntegerLaw& law, Check& check,
                                     Progress& progress) {
  DualCheck dual(instance, terms, multipliers, law, progress);
  if (std::string complaint = dual.complaint(); !complaint.empty()) {
    check.findings.push_back(std::move(complaint));
    return {};
  }
  return dual.bound();
}

}  // namespace xchg::hiring
