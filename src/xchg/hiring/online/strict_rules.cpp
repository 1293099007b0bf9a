// Own-report pay under which one effort with truth beats all others by as much as possible.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/hiring/design/clp.hpp"
#include "xchg/hiring/online.hpp"
#include "xchg/hiring/online/own_law.hpp"

namespace xchg::hiring {
namespace {

// Margins up to this are rounding of the solver.
constexpr double least_margin = 1e-9;

class StrictProgram {
 public:
  StrictProgram(const OwnLaw& law, const std::vector<double>& cost, int effort, double bound)
      : law_(law), cost_(cost), effort_(static_cast<std::size_t>(effort)), bound_(bound) {}

  // The rule of largest margin, then of least pay; empty where there is none above the least.
  OwnRule solve_for_rule() const {
    const double margin = rule_columns(true, 0, bound_ / 5).objective;
    if (!(margin > least_margin)) return {};
    // A hair below the largest margin, so that rounding does not make the second program infeasible.
    const LpSolution cheapest = rule_columns(false, margin * (1 - 1e-9), margin);
    if (cheapest.status != LpStatus::Optimal) return {};
    OwnRule rule(cheapest.x.begin(), cheapest.x.begin() + static_cast<std::ptrdiff_t>(law_.cells()));
    for (double& amount : rule) amount = amount < 1e-12 ? 0 : std::min(amount, bound_);
    return rule;
  }

 private:
  // max rho, or min expected pay, over g, rho in [low, high] and y[b'][z].
  LpSolution rule_columns(bool largest_margin, double low, double high) const {
    const std::size_t signals = law_.signals, states = law_.states, efforts = law_.efforts;
    LinearProgram lp;
    std::vector<int> obedience(efforts, -1);
    std::vector<int> misreport(efforts * signals * signals, -1);
    for (std::size_t other = 0; other < efforts; ++other) {
      if (other != effort_) obedience[other] = lp.add_row(cost_[effort_] - cost_[other], unbounded);
      for (std::size_t zr = 0; zr < signals * signals; ++zr) {
        if (other != effort_ || zr / signals != zr % signals) {
          misreport[other * signals * signals + zr] = lp.add_row(0, unbounded);
        }
      }
    }
    const auto row = [&](std::size_t other, std::size_t z, std::size_t r) {
      return misreport[(other * signals + z) * signals + r];
    };
    std::vector<LinearProgram::Cell> cells;
    for (std::size_t r = 0; r < signals; ++r) {
      for (std::size_t t = 0; t < states; ++t) {
        cells.clear();
        const double honest = law_.p(effort_, r, t);
        for (std::size_t other = 0; other < efforts; ++other) {
          if (other != effort_) cells.push_back({obedience[other], honest});
          for (std::size_t z = 0; z < signals; ++z) {
            if (other == effort_ && z == r) continue;
            cells.push_back({row(other, z, r), -law_.p(other, z, t)});
            if (other == effort_) cells.push_back({row(other, r, z), honest});
          }
        }
        lp.add_column(largest_margin ? 0 : -honest, 0, bound_, cells);
      }
    }
    cells.clear();
    for (std::size_t other = 0; other < efforts; ++other) {
      if (other != effort_) cells.push_back({obedience[other], -1});
    }
    for (std::size_t z = 0; z < signals; ++z) {
      for (std::size_t r = 0; r < signals; ++r) {
        if (z == r || law_.same_posterior(effort_, z, r)) continue;
        cells.push_back({row(effort_, z, r), -law_.probability(effort_, z)});
      }
    }
    lp.add_column(largest_margin ? 1 : 0, low, high, cells);
    for (std::size_t other = 0; other < efforts; ++other) {
      if (other == effort_) continue;
      for (std::size_t z = 0; z < signals; ++z) {
        cells.assign(1, {obedience[other], -1});
        for (std::size_t r = 0; r < signals; ++r) cells.push_back({row(other, z, r), 1});
        lp.add_column(0, -unbounded, unbounded, cells);
      }
    }
    return solve(lp);
  }

  const OwnLaw& law_;
  const std::vector<double>& cost_;
  std::size_t effort_;
  double bound_;
};

}  // namespace

double own_margin(const OwnLaw& law, const std::vector<double>& cost, int effort, const OwnRule& rule) {
  const auto own = static_cast<std::size_t>(effort);
  double margin = std::numeric_limits<double>::infinity();
  double honest = -cost[own];
  for (std::size_t cell = 0; cell < law.cells(); ++cell) {
    honest += law.p(own, cell / law.states, cell % law.states) * rule[cell];
  }
  for (std::size_t other = 0; other < law.efforts; ++other) {
    if (other == own) continue;
    double utility = -cost[other];
    for (std::size_t z = 0; z < law.signals; ++z) {
      double best = 0;
      for (std::size_t r = 0; r < law.signals; ++r) {
        double pay = 0;
        for (std::size_t t = 0; t < law.states; ++t) pay += law.p(other, z, t) * rule[r * law.states + t];
        best = std::max(best, pay);
      }
      utility += best;
    }
    margin = std::min(margin, honest - utility);
  }
  return margin;
}

StrictRules strict_rules(const Instance& instance, const Bound& payment_bound, Warnings* warnings) {
  if (payment_bound.infinite()) {
    throw InputError("strict rules need a finite payment bound", {}, "a number > 0");
  }
  const double bound = to_double(payment_bound.amount());
  const std::vector<OwnLaw> laws = own_laws(instance);
  StrictRules rules;
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    const Agent& agent = instance.agents[i];
    if (warnings != nullptr && laws[i].spread > 1e-9) {
      warnings->push_back(fmt::format(
          "what agent \"{}\" sees depends on the others' efforts (by {:.3g}); strict rules are for the mean",
          agent.name, laws[i].spread));
    }
    std::vector<double> cost;
    for (const Rational& c : agent.costs) cost.push_back(to_double(c));
    auto& rule = rules.rule.emplace_back();
    auto& margin = rules.margin.emplace_back();
    for (int effort = 0; effort < static_cast<int>(cost.size()); ++effort) {
      if (cost.size() == 1) {  // nothing to beat, nothing to pay for
        rule.emplace_back(laws[i].cells());
        margin.push_back(bound / 5);
        continue;
      }
      rule.push_back(StrictProgram(laws[i], cost, effort, bound).solve_for_rule());
      margin.push_back(rule.back().empty() ? 0 : own_margin(laws[i], cost, effort, rule.back()));
      if (!(margin.back() > least_margin)) {
        throw InputError(
            fmt::format("no pay up to {} by own reports makes effort \"{}\" of agent \"{}\" strictly best",
                        payment_bound.text(), agent.efforts[static_cast<std::size_t>(effort)], agent.name),
            {}, "a larger payment bound, or efforts that pay by own report and state can tell apart");
      }
    }
  }
  return rules;
}

Setting setting_of(const Instance& instance, Warnings* warnings) {
  return {.frame = instance, .rules = strict_rules(instance, instance.payment_bound, warnings)};
}

}  // namespace xchg::hiring
