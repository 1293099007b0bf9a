// What a learner knows, and what follows from it.
#pragma once

#include <optional>
#include <vector>

#include "xchg/hiring/online.hpp"
#include "xchg/hiring/online/estimates.hpp"

namespace xchg::hiring {

// The bisection for U_a - U_0 of one agent's effort a: it lies in [low, high]. By mixtures: for the share of
// g^a at which the agent changes over.
struct Bisection {
  double low = 0, high = 0;
  int steps = 0;
  std::vector<std::int64_t> seen;  // by mixtures: own (report, state) counts of the step that is going on
};

// Everything that is written to a state file.
struct LearnerData {
  LearnOptions options;
  std::int64_t rounds = 0, number = 0;
  int epoch = 0;
  Counts counts;                              // from which is estimated
  Counts fresh;                               // of committed rounds since the epoch began
  std::vector<std::int64_t> explored;         // rounds, [b]
  std::vector<std::vector<Bisection>> costs;  // [agent][effort], nothing for effort 0
  Totals explore, search, commit;
};

class Learner::State {
 public:
  State(Setting setting, LearnerData data);

  static void check(const Setting& setting, const LearnOptions& options);
  static LearnerData begin(const Setting& setting, const LearnOptions& options);

  const Request& request();
  void observe(const Feedback& feedback);
  Learned result();

  const Setting& setting() const { return setting_; }
  const LearnerData& data() const { return data_; }

 private:
  bool doubling() const;
  std::int64_t epoch_end() const;
  std::int64_t wanted() const;  // rounds of each profile by the end of this epoch's exploration
  int wanted_steps() const;
  double slack() const;
  std::int64_t left() const { return data_.options.rounds - data_.rounds; }

  Request next();
  std::optional<Request> exploration() const;
  std::optional<Request> cost_search() const;
  Request cost_step(std::size_t agent, int effort) const;
  void take_cost(const Feedback& feedback);
  void take_mixture(Bisection& bisection, const Feedback& feedback);
  void end_epoch();
  const Chosen& chosen();
  std::vector<std::vector<double>> estimated_costs() const;
  Warnings warnings() const;

  Setting setting_;
  LearnerData data_;
  std::optional<Request> request_;
  std::optional<Chosen> chosen_;
  // Of the request: which bisection it is a step of, or which profile it explores.
  mutable std::size_t agent_ = 0;
  mutable int effort_ = 0;
};

// As JSON, and back.
std::string learner_json(const Setting& setting, const LearnerData& data);
LearnerData parse_learner(const Setting& setting, std::string_view json, const std::string& source);

// Findings of chi-square tests on explored counts: agents whose own reports under two efforts cannot be told
// apart, and such whose own reports differ between the others' efforts.
Warnings exploration_warnings(const Setting& setting, const Counts& counts);

}  // namespace xchg::hiring
