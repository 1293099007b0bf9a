#include "xchg/hiring/estimate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/error.hpp"
#include "xchg/hiring/estimate/observed.hpp"
#include "xchg/hiring/instance/names.hpp"

namespace xchg::hiring {
namespace {

void append(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

Instance in_order_of_appearance(const Panel& panel) {
  Instance instance;
  for (const Report& report : panel.reports) {
    append(instance.states, report.truth);
    auto agent = std::find_if(instance.agents.begin(), instance.agents.end(),
                              [&](const Agent& other) { return other.name == report.agent; });
    if (agent == instance.agents.end()) {
      instance.agents.push_back({.name = report.agent, .efforts = {}, .costs = {}, .signals = {}});
      agent = instance.agents.end() - 1;
    }
    append(agent->efforts, report.effort);
    append(agent->signals, report.report);
  }
  instance.decisions = instance.states;
  for (std::size_t a = 0; a < instance.states.size(); ++a) {
    instance.utility.emplace_back(instance.states.size())[a] = 1;
  }
  return instance;
}

class Estimate {
 public:
  Estimate(const Panel& panel, const EstimateOptions& options, Warnings* warnings)
      : panel_(panel), options_(options), warnings_(warnings) {
    if (panel.reports.empty())
      throw InputError("there are no reports", {panel.source}, "a row for each report");
    if (options.alpha < 0) throw InputError("alpha is " + text(options.alpha), {}, "a number >= 0");
    instance_ = options.like ? *options.like : in_order_of_appearance(panel);
    instance_.law = {};
    instance_.state_depends_on_effort = false;
    set_costs(options.costs, instance_);
    observed_ = observed(panel, instance_);
  }

  Instance run() {
    instance_.name = "estimate";
    instance_.title = fmt::format("estimated from {} tasks of {}", observed_.state.size(), panel_.source);
    estimate_prior();
    for (std::size_t i = 0; i < instance_.agents.size(); ++i) estimate_agent(i);
    warn_of_missing();
    if (options_.independent) {
      independent_law();
    } else {
      joint_law();
    }
    return std::move(instance_);
  }

 private:
  std::size_t tasks() const { return observed_.state.size(); }

  void estimate_prior() {
    const auto states = static_cast<int>(instance_.states.size());
    prior_.assign(instance_.states.size(), Rational(1, 2));
    for (const int state : observed_.state) prior_[static_cast<std::size_t>(state)] += 1;
    const Rational count(static_cast<long>(tasks()));
    for (Rational& p : prior_) p /= count + Rational(states, 2);
    // What the slices of a profile that every task shows sum to.
    for (const Rational& p : prior_) {
      const Rational observed = p * (count + Rational(states, 2)) - Rational(1, 2);
      pooled_.push_back((observed + options_.alpha * p) / (count + options_.alpha));
    }
  }

  void estimate_agent(std::size_t i) {
    const Agent& agent = instance_.agents[i];
    auto& law = confusion_.emplace_back();
    for (std::size_t effort = 0; effort < agent.efforts.size(); ++effort) {
      auto& rows = law.emplace_back(instance_.states.size(),
                                    std::vector<Rational>(agent.signals.size(), Rational(1, 2)));
      for (std::size_t task = 0; task < tasks(); ++task) {
        const int total = observed_.total(task, i, effort);
        if (total == 0) continue;
        auto& row = rows[static_cast<std::size_t>(observed_.state[task])];
        for (std::size_t s = 0; s < row.size(); ++s)
          row[s] += Rational(observed_.count[task][i][effort][s], total);
      }
      for (auto& row : rows) {
        Rational sum;
        for (const Rational& p : row) sum += p;
        for (Rational& p : row) p /= sum;
      }
    }
  }

  void warn_of_missing() {
    if (warnings_ == nullptr) return;
    std::size_t missing = 0;
    for (std::size_t task = 0; task < tasks(); ++task) {
      for (std::size_t i = 0; i < instance_.agents.size(); ++i) {
        for (std::size_t effort = 0; effort < instance_.agents[i].efforts.size(); ++effort) {
          missing += observed_.total(task, i, effort) == 0 ? 1 : 0;
        }
      }
    }
    if (missing > 0) {
      warnings_->push_back(
          fmt::format("{} reports (of an agent with an effort on a task) are missing", missing));
    }
  }

  void independent_law() {
    instance_.law.form = Form::Independent;
    instance_.law.latent_prior = prior_;
    instance_.law.state_given_latent.assign(prior_.size(), std::vector<Rational>(prior_.size()));
    for (std::size_t t = 0; t < prior_.size(); ++t) instance_.law.state_given_latent[t][t] = 1;
    instance_.law.signal = confusion_;
  }

  void joint_law() {
    Instance independent = instance_;
    independent.law.latent_prior = prior_;
    independent.law.state_given_latent.assign(prior_.size(), std::vector<Rational>(prior_.size()));
    for (std::size_t t = 0; t < prior_.size(); ++t) independent.law.state_given_latent[t][t] = 1;
    independent.law.signal = confusion_;
    instance_.law.form = Form::Joint;
    for (std::size_t b = 0; b < instance_.efforts().count(); ++b) {
      instance_.law.table.push_back(law_of_profile(b, exact_law(independent, b)));
    }
  }

  std::vector<Rational> law_of_profile(std::size_t b, const std::vector<Rational>& independent) const {
    const Radix efforts = instance_.efforts(), signals = instance_.signals();
    const std::size_t states = instance_.states.size();
    std::vector<Rational> law(independent.size());
    long complete = 0;
    for (std::size_t task = 0; task < tasks(); ++task) {
      if (!shows(task, b, efforts)) continue;
      ++complete;
      for (std::size_t s = 0; s < signals.count(); ++s) {
        Rational share = 1;
        for (std::size_t i = 0; i < instance_.agents.size() && share != 0; ++i) {
          const auto effort = static_cast<std::size_t>(efforts.digit(b, i));
          const auto signal = static_cast<std::size_t>(signals.digit(s, i));
          share *= Rational(observed_.count[task][i][effort][signal], observed_.total(task, i, effort));
        }
        law[s * states + static_cast<std::size_t>(observed_.state[task])] += share;
      }
    }
    if (complete == 0) refuse_unseen(b);
    for (std::size_t cell = 0; cell < law.size(); ++cell) law[cell] += options_.alpha * independent[cell];
    return with_prior(std::move(law), b);
  }

  bool shows(std::size_t task, std::size_t b, const Radix& efforts) const {
    for (std::size_t i = 0; i < instance_.agents.size(); ++i) {
      if (observed_.total(task, i, static_cast<std::size_t>(efforts.digit(b, i))) == 0) return false;
    }
    return true;
  }

  [[noreturn]] void refuse_unseen(std::size_t b) const {
    throw InputError(
        fmt::format("no task shows the efforts ({}) together", fmt::join(effort_names(instance_, b), ", ")),
        {panel_.source}, "such tasks, or --independent");
  }

  // Each state's slice is scaled to the prior that all tasks together give.
  std::vector<Rational> with_prior(std::vector<Rational> law, std::size_t b) const {
    const std::size_t states = instance_.states.size();
    for (std::size_t t = 0; t < states; ++t) {
      Rational sum;
      for (std::size_t cell = t; cell < law.size(); cell += states) sum += law[cell];
      if (sum == 0) refuse_unseen(b);
      for (std::size_t cell = t; cell < law.size(); cell += states) law[cell] *= pooled_[t] / sum;
    }
    return law;
  }

  const Panel& panel_;
  const EstimateOptions& options_;
  Warnings* warnings_;
  Instance instance_;
  Observed observed_;
  std::vector<Rational> prior_, pooled_;
  std::vector<std::vector<std::vector<std::vector<Rational>>>> confusion_;  // [agent][effort][state][signal]
};

}  // namespace

Instance estimate(const Panel& panel, const EstimateOptions& options, Warnings* warnings) {
  return Estimate(panel, options, warnings).run();
}

}  // namespace xchg::hiring
