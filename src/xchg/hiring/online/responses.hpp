// What simulated agents do under a posted mechanism, and what comes of it.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "xchg/hiring/instance.hpp"
#include "xchg/hiring/online.hpp"
#include "xchg/hiring/online/posted.hpp"

namespace xchg::hiring {

// Several digits of profiles taken together: the efforts, or the signals, of a group of agents.
class Digits {
 public:
  Digits(const Radix& whole, std::vector<int> digits);
  int count() const { return static_cast<int>(joint_.count()); }
  // The group's part of a profile.
  int of(std::size_t profile) const;
  // The profile with the group's part replaced.
  std::size_t with(std::size_t profile, int joint) const;
  // One member's part of the group's.
  int member(int joint, std::size_t member) const {
    return joint_.digit(static_cast<std::size_t>(joint), member);
  }

 private:
  const Radix* whole_;
  std::vector<int> digits_;
  Radix joint_;
};

// One thing that a group may do: an effort of each member and, for what they see, what they report.
struct Plan {
  double probability = 1;
  int effort = 0;           // joint
  std::vector<int> report;  // [joint signal]
};

// What a group does, by its recommended joint effort.
using Plans = std::map<int, std::vector<Plan>>;

// A recommended profile as it is really played.
struct Outcome {
  std::vector<double> law;  // [reports * states + state]
  double value = 0;         // expected, of one round for the principal
  double obeyed = 0;        // probability that all agents obey and tell the truth
};

// Agents of an instance that behave in one way.
class Population {
 public:
  Population(const Instance& instance, Behaviour behaviour);

  // What each group does. All of them best-respond to the others' honesty.
  std::vector<Plans> respond(const Posted& posted) const;
  // What comes of entry `e` when they do that.
  Outcome outcome(const PostedEntry& entry, const std::vector<Plans>& plans) const;
  // Expected utility of the group of an agent under a mechanism, over its recommendations and its own plans.
  double utility(const Posted& posted, std::size_t agent) const;
  std::size_t group_of(std::size_t agent) const { return group_of_[agent]; }
  const Behaviour& behaviour() const { return behaviour_; }
  const Instance& instance() const { return instance_; }
  // P^b(s, theta).
  const double* law(std::size_t b) const { return law_.data() + b * cells_; }

 private:
  struct Group {
    std::vector<int> members;
    Digits efforts, signals;
    std::vector<double> cost;  // [joint effort]
    int cheapest = 0;
  };
  // A plan with the utility that the group expects from it.
  struct Valued {
    Plan plan;
    double utility = 0;
  };
  // The best reports under each joint effort, where the group is recommended `effort`.
  std::vector<Valued> best_reports(const Group& group, const Posted& posted, int effort) const;
  std::vector<Plan> choose(const Group& group, std::vector<Valued> valued, int recommended) const;

  Instance instance_;
  Radix efforts_, signals_;
  std::size_t states_, cells_;
  Behaviour behaviour_;
  std::vector<double> law_, utility_;
  std::vector<Group> groups_;
  std::vector<std::size_t> group_of_;
};

}  // namespace xchg::hiring
