// How sure a mechanism's rows of incentive compatibility are in the data.
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "xchg/hiring/estimate.hpp"
#include "xchg/hiring/estimate/observed.hpp"
#include "xchg/hiring/instance/law.hpp"

namespace xchg::hiring {
namespace {

class RowErrors {
 public:
  RowErrors(const Panel& panel, const Instance& instance, const Mechanism& mechanism)
      : instance_(instance),
        mechanism_(mechanism),
        observed_(observed(panel, instance)),
        law_(instance),
        efforts_(instance.efforts()),
        signals_(instance.signals()),
        states_(instance.states.size()) {
    for (const Entry& entry : mechanism.support) {
      auto& table = payments_.emplace_back(instance.agents.size() * law_.cells());
      for (const Payment& payment : entry.payments) {
        table[static_cast<std::size_t>(payment.agent) * law_.cells() + payment.reports * states_ +
              static_cast<std::size_t>(payment.state)] = to_double(payment.amount);
      }
    }
  }

  std::vector<RowError> all() {
    std::vector<RowError> rows;
    for (std::size_t i = 0; i < instance_.agents.size(); ++i) {
      for (int effort = 0; effort < efforts_.size(i); ++effort) {
        double asked = 0;
        for (const Entry& entry : mechanism_.support) {
          if (efforts_.digit(entry.profile, i) == effort) asked += to_double(entry.probability);
        }
        if (asked == 0) continue;
        for (int other = 0; other < efforts_.size(i); ++other) {
          if (other != effort) rows.push_back(row(i, effort, other, asked));
        }
      }
    }
    return rows;
  }

 private:
  // The best report after each signal of the deviation, on the estimated law; and what they earn.
  std::vector<int> best_reports(std::size_t i, int effort, int other, double& earned) const {
    const int signals = signals_.size(i);
    std::vector<double> table(static_cast<std::size_t>(signals * signals)), p(law_.cells());
    for (std::size_t k = 0; k < mechanism_.support.size(); ++k) {
      const Entry& entry = mechanism_.support[k];
      if (efforts_.digit(entry.profile, i) != effort) continue;
      law_.profile(efforts_.with(entry.profile, i, other), p);
      for (std::size_t cell = 0; cell < p.size(); ++cell) {
        const std::size_t s = cell / states_, t = cell % states_;
        for (int r = 0; r < signals; ++r) {
          table[static_cast<std::size_t>(signals_.digit(s, i) * signals + r)] +=
              to_double(entry.probability) * p[cell] * paid(k, i, signals_.with(s, i, r), t);
        }
      }
    }
    std::vector<int> best(static_cast<std::size_t>(signals));
    for (int z = 0; z < signals; ++z) {
      // Of equal ones the truth.
      int& choice = best[static_cast<std::size_t>(z)] = z;
      for (int r = 0; r < signals; ++r) {
        if (table[static_cast<std::size_t>(z * signals + r)] >
            table[static_cast<std::size_t>(z * signals + choice)])
          choice = r;
      }
      earned += table[static_cast<std::size_t>(z * signals + choice)];
    }
    return best;
  }

  double paid(std::size_t k, std::size_t i, std::size_t s, std::size_t t) const {
    return payments_[k][i * law_.cells() + s * states_ + t];
  }

  RowError row(std::size_t i, int effort, int other, double asked) const {
    const auto& costs = instance_.agents[i].costs;
    const double cost =
        asked * to_double(costs[static_cast<std::size_t>(effort)] - costs[static_cast<std::size_t>(other)]);
    RowError result{.agent = static_cast<int>(i), .effort = effort, .other = other};
    double honest = 0, earned = 0;
    std::vector<double> p(law_.cells());
    for (std::size_t k = 0; k < mechanism_.support.size(); ++k) {
      const Entry& entry = mechanism_.support[k];
      if (efforts_.digit(entry.profile, i) != effort) continue;
      law_.profile(entry.profile, p);
      for (std::size_t cell = 0; cell < p.size(); ++cell) {
        honest += to_double(entry.probability) * p[cell] * paid(k, i, cell / states_, cell % states_);
      }
    }
    const std::vector<int> best = best_reports(i, effort, other, earned);
    result.slack = honest - earned - cost;
    double sum = 0, squares = 0;
    for (std::size_t task = 0; task < observed_.state.size(); ++task) {
      const auto gain = gain_on(task, i, effort, other, best);
      if (!gain) continue;
      ++result.tasks;
      sum += *gain;
      squares += *gain * *gain;
    }
    if (result.tasks > 1) {
      const auto n = static_cast<double>(result.tasks);
      result.standard_error = std::sqrt(std::max(0.0, squares - sum * sum / n) / (n - 1) / n);
    }
    return result;
  }

  // What obeying would have earned more on one task, averaged over what was reported there; nothing where the
  // task does not show a needed effort.
  std::optional<double> gain_on(std::size_t task, std::size_t i, int effort, int other,
                                const std::vector<int>& best) const {
    double gain = 0;
    for (std::size_t k = 0; k < mechanism_.support.size(); ++k) {
      const Entry& entry = mechanism_.support[k];
      if (efforts_.digit(entry.profile, i) != effort) continue;
      const auto obeying = pay_on(task, k, i, entry.profile, nullptr);
      const auto deviating = pay_on(task, k, i, efforts_.with(entry.profile, i, other), &best);
      if (!obeying || !deviating) return {};
      gain += to_double(entry.probability) * (*obeying - *deviating);
    }
    return gain;
  }

  std::optional<double> pay_on(std::size_t task, std::size_t k, std::size_t i, std::size_t profile,
                               const std::vector<int>* reports) const {
    const auto t = static_cast<std::size_t>(observed_.state[task]);
    double pay = 0;
    for (std::size_t s = 0; s < signals_.count(); ++s) {
      double share = 1;
      for (std::size_t j = 0; j < instance_.agents.size(); ++j) {
        const auto effort = static_cast<std::size_t>(efforts_.digit(profile, j));
        const int total = observed_.total(task, j, effort);
        if (total == 0) return {};
        share *= static_cast<double>(
                     observed_.count[task][j][effort][static_cast<std::size_t>(signals_.digit(s, j))]) /
                 total;
      }
      if (share == 0) continue;
      const std::size_t told =
          reports == nullptr
              ? s
              : signals_.with(s, i, (*reports)[static_cast<std::size_t>(signals_.digit(s, i))]);
      pay += share * paid(k, i, told, t);
    }
    return pay;
  }

  const Instance& instance_;
  const Mechanism& mechanism_;
  Observed observed_;
  LawOfDoubles law_;
  Radix efforts_, signals_;
  std::size_t states_;
  std::vector<std::vector<double>> payments_;  // [support entry][agent * cells + cell]
};

}  // namespace

std::vector<RowError> standard_errors(const Panel& panel, const Instance& instance,
                                      const Mechanism& mechanism) {
  return RowErrors(panel, instance, mechanism).all();
}

Warnings doubts(const Instance& instance, const std::vector<RowError>& rows) {
  Warnings warnings;
  for (const RowError& row : rows) {
    if (row.slack >= 2 * row.standard_error && row.tasks > 1) continue;
    const Agent& agent = instance.agents[static_cast<std::size_t>(row.agent)];
    warnings.push_back(fmt::format(
        "agent \"{}\", asked for \"{}\" instead of \"{}\": obeying pays {:.4g} more, the standard error is "
        "{:.4g} ({} tasks); "
        "the data do not tell whether he obeys",
        agent.name, agent.efforts[static_cast<std::size_t>(row.effort)],
        agent.efforts[static_cast<std::size_t>(row.other)], row.slack, row.standard_error, row.tasks));
  }
  return warnings;
}

}  // namespace xchg::hiring
