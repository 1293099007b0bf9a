#include "xchg/hiring/online/responses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/hiring/instance/law.hpp"

namespace xchg::hiring {
namespace {

// Gains up to this are rounding: agents obey and tell the truth.
constexpr double tie = 1e-12;

constexpr std::uint64_t largest_law_bytes = std::uint64_t{4} << 30;

void check_behaviour(const Behaviour& behaviour, std::size_t agents) {
  if (!(behaviour.temperature > 0 && std::isfinite(behaviour.temperature))) {
    throw InputError("the temperature of agents is " + text::exact(behaviour.temperature), {},
                     "a number > 0");
  }
  if (!(behaviour.probability >= 0 && behaviour.probability <= 1)) {
    throw InputError("the probability of stubbornness is " + text::exact(behaviour.probability), {},
                     "a number in [0, 1]");
  }
  std::vector<bool> seen(agents);
  for (const int i : behaviour.coalition) {
    if (i < 0 || static_cast<std::size_t>(i) >= agents || seen[static_cast<std::size_t>(i)]) {
      throw InputError(fmt::format("a coalition cannot have agent {} of {} (again)", i, agents), {},
                       "different agents, counted from 0");
    }
    seen[static_cast<std::size_t>(i)] = true;
  }
}

}  // namespace

Digits::Digits(const Radix& whole, std::vector<int> digits) : whole_(&whole), digits_(std::move(digits)) {
  std::vector<int> sizes;
  for (const int digit : digits_) sizes.push_back(whole.size(static_cast<std::size_t>(digit)));
  joint_ = Radix(std::move(sizes));
}

int Digits::of(std::size_t profile) const {
  std::size_t joint = 0;
  for (std::size_t m = 0; m < digits_.size(); ++m) {
    joint += joint_.stride(m) *
             static_cast<std::size_t>(whole_->digit(profile, static_cast<std::size_t>(digits_[m])));
  }
  return static_cast<int>(joint);
}

std::size_t Digits::with(std::size_t profile, int joint) const {
  for (std::size_t m = 0; m < digits_.size(); ++m) {
    profile = whole_->with(profile, static_cast<std::size_t>(digits_[m]), member(joint, m));
  }
  return profile;
}

Population::Population(const Instance& instance, Behaviour behaviour)
    : instance_(instance),
      efforts_(instance.efforts()),
      signals_(instance.signals()),
      states_(instance.states.size()),
      cells_(signals_.count() * states_),
      behaviour_(std::move(behaviour)) {
  check_behaviour(behaviour_, instance.agents.size());
  const double bytes = 8.0 * static_cast<double>(efforts_.count()) * static_cast<double>(cells_);
  if (bytes > static_cast<double>(largest_law_bytes)) {
    throw LimitError("the law of all effort profiles does not fit", static_cast<std::uint64_t>(bytes),
                     largest_law_bytes, "fewer agents, efforts or signals");
  }
  law_.resize(efforts_.count() * cells_);
  const LawOfDoubles law(instance);
  for (std::size_t b = 0; b < efforts_.count(); ++b)
    law.profile(b, std::span(law_).subspan(b * cells_, cells_));
  for (const auto& row : instance.utility) {
    for (const Rational& u : row) utility_.push_back(to_double(u));
  }
  group_of_.resize(instance.agents.size());
  std::vector<int> coalition;
  if (behaviour_.kind == Behaviour::Kind::Collusive) coalition = behaviour_.coalition;
  if (behaviour_.kind == Behaviour::Kind::Collusive && coalition.empty()) {
    coalition.resize(instance.agents.size());
    std::iota(coalition.begin(), coalition.end(), 0);
  }
  std::sort(coalition.begin(), coalition.end());
  std::vector<std::vector<int>> members;
  if (!coalition.empty()) members.push_back(coalition);
  for (int i = 0; i < static_cast<int>(instance.agents.size()); ++i) {
    if (!std::binary_search(coalition.begin(), coalition.end(), i)) members.push_back({i});
  }
  for (auto& group_members : members) {
    Group group{group_members, Digits(efforts_, group_members), Digits(signals_, group_members), {}, 0};
    for (int joint = 0; joint < group.efforts.count(); ++joint) {
      double cost = 0;
      for (std::size_t m = 0; m < group_members.size(); ++m) {
        const auto& costs = instance.agents[static_cast<std::size_t>(group_members[m])].costs;
        cost += to_double(costs[static_cast<std::size_t>(group.efforts.member(joint, m))]);
      }
      group.cost.push_back(cost);
    }
    group.cheapest =
        static_cast<int>(std::min_element(group.cost.begin(), group.cost.end()) - group.cost.begin());
    for (const int i : group_members) group_of_[static_cast<std::size_t>(i)] = groups_.size();
    groups_.push_back(std::move(group));
  }
}

std::vector<Population::Valued> Population::best_reports(const Group& group, const Posted& posted,
                                                         int effort) const {
  const auto signals = static_cast<std::size_t>(group.signals.count());
  const auto efforts = static_cast<std::size_t>(group.efforts.count());
  // Expected pay, [(true effort * signals + seen) * signals + reported], and how often this is recommended.
  std::vector<double> pay(efforts * signals * signals);
  double weight = 0;
  for (const PostedEntry& entry : posted) {
    if (group.efforts.of(entry.profile) != effort) continue;
    weight += entry.probability;
    for (std::size_t s = 0; s < signals_.count(); ++s) {
      const auto seen = static_cast<std::size_t>(group.signals.of(s));
      for (std::size_t r = 0; r < signals; ++r) {
        const std::size_t reported = group.signals.with(s, static_cast<int>(r));
        for (std::size_t t = 0; t < states_; ++t) {
          double amount = 0;
          for (const int i : group.members) {
            amount += entry.payment[static_cast<std::size_t>(i) * cells_ + reported * states_ + t];
          }
          if (amount == 0) continue;
          amount *= entry.probability;
          for (std::size_t other = 0; other < efforts; ++other) {
            const double* p = law(group.efforts.with(entry.profile, static_cast<int>(other)));
            pay[(other * signals + seen) * signals + r] += amount * p[s * states_ + t];
          }
        }
      }
    }
  }
  std::vector<Valued> result(efforts);
  for (std::size_t other = 0; other < efforts; ++other) {
    Valued& valued = result[other];
    valued.plan.effort = static_cast<int>(other);
    for (std::size_t z = 0; z < signals; ++z) {
      const double* of_report = pay.data() + (other * signals + z) * signals;
      std::size_t best = z;
      for (std::size_t r = 0; r < signals; ++r) {
        if (of_report[r] > of_report[best] + tie * weight) best = r;
      }
      valued.plan.report.push_back(static_cast<int>(best));
      valued.utility += of_report[best] / weight;
    }
    valued.utility -= group.cost[other];
  }
  return result;
}

std::vector<Plan> Population::choose(const Group& group, std::vector<Valued> valued, int recommended) const {
  const auto best = [&] {
    std::size_t effort = static_cast<std::size_t>(recommended);
    for (std::size_t other = 0; other < valued.size(); ++other) {
      if (valued[other].utility > valued[effort].utility + tie) effort = other;
    }
    return effort;
  };
  std::vector<Plan> plans;
  switch (behaviour_.kind) {
    case Behaviour::Kind::BestResponse:
    case Behaviour::Kind::Collusive:
      plans.push_back(valued[best()].plan);
      break;
    case Behaviour::Kind::Logit: {
      const double most = valued[best()].utility;
      double sum = 0;
      for (Valued& v : valued) {
        v.plan.probability = std::exp((v.utility - most) / behaviour_.temperature);
        sum += v.plan.probability;
      }
      for (Valued& v : valued) {
        v.plan.probability /= sum;
        if (v.plan.probability > 0) plans.push_back(std::move(v.plan));
      }
      break;
    }
    case Behaviour::Kind::Stubborn:
      if (behaviour_.probability < 1) {
        plans.push_back(valued[best()].plan);
        plans.back().probability = 1 - behaviour_.probability;
      }
      if (behaviour_.probability > 0) {
        plans.push_back(valued[static_cast<std::size_t>(group.cheapest)].plan);
        plans.back().probability = behaviour_.probability;
      }
      break;
  }
  return plans;
}

std::vector<Plans> Population::respond(const Posted& posted) const {
  std::vector<Plans> result(groups_.size());
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    for (const PostedEntry& entry : posted) {
      const int effort = groups_[g].efforts.of(entry.profile);
      if (result[g].contains(effort)) continue;
      result[g][effort] = choose(groups_[g], best_reports(groups_[g], posted, effort), effort);
    }
  }
  return result;
}

Outcome Population::outcome(const PostedEntry& entry, const std::vector<Plans>& plans) const {
  Outcome outcome;
  outcome.law.assign(cells_, 0);
  std::vector<std::size_t> choice(groups_.size());
  std::vector<const std::vector<Plan>*> options;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    options.push_back(&plans[g].at(groups_[g].efforts.of(entry.profile)));
  }
  // All combinations of what the groups do.
  for (;;) {
    double weight = 1;
    std::size_t b = entry.profile;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const Plan& plan = (*options[g])[choice[g]];
      weight *= plan.probability;
      b = groups_[g].efforts.with(b, plan.effort);
    }
    bool honest = b == entry.profile;
    const double* p = law(b);
    for (std::size_t s = 0; s < signals_.count(); ++s) {
      std::size_t reported = s;
      for (std::size_t g = 0; g < groups_.size(); ++g) {
        const Plan& plan = (*options[g])[choice[g]];
        reported = groups_[g].signals.with(reported,
                                           plan.report[static_cast<std::size_t>(groups_[g].signals.of(s))]);
      }
      for (std::size_t t = 0; t < states_; ++t) {
        outcome.law[reported * states_ + t] += weight * p[s * states_ + t];
        if (reported != s && p[s * states_ + t] > 0) honest = false;
      }
    }
    if (honest) outcome.obeyed += weight;
    std::size_t g = 0;
    while (g < groups_.size() && ++choice[g] == options[g]->size()) choice[g++] = 0;
    if (g == groups_.size()) break;
  }
  for (std::size_t cell = 0; cell < cells_; ++cell) {
    const auto decision = static_cast<std::size_t>(entry.decision[cell / states_]);
    double value = utility_[decision * states_ + cell % states_];
    for (std::size_t i = 0; i < group_of_.size(); ++i) value -= entry.payment[i * cells_ + cell];
    outcome.value += outcome.law[cell] * value;
  }
  return outcome;
}

double Population::utility(const Posted& posted, std::size_t agent) const {
  const Group& group = groups_[group_of_[agent]];
  double total = 0;
  std::vector<bool> done(static_cast<std::size_t>(group.efforts.count()));
  for (const PostedEntry& entry : posted) {
    const int effort = group.efforts.of(entry.profile);
    if (done[static_cast<std::size_t>(effort)]) continue;
    done[static_cast<std::size_t>(effort)] = true;
    double weight = 0;
    for (const PostedEntry& other : posted) {
      if (group.efforts.of(other.profile) == effort) weight += other.probability;
    }
    const std::vector<Valued> valued = best_reports(group, posted, effort);
    for (const Plan& plan : choose(group, valued, effort)) {
      total += weight * plan.probability * valued[static_cast<std::size_t>(plan.effort)].utility;
    }
  }
  return total;
}

}  // namespace xchg::hiring
