// The algorithm hire_online: exploration, costs, commitment.
#include "xchg/hiring/online/learner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"

namespace xchg::hiring {
namespace {

double bound_of(const Setting& setting) { return to_double(setting.frame.payment_bound.amount()); }

double utility_range(const Instance& frame) {
  double low = to_double(frame.utility[0][0]), high = low;
  for (const auto& row : frame.utility) {
    for (const Rational& u : row) {
      low = std::min(low, to_double(u));
      high = std::max(high, to_double(u));
    }
  }
  return high - low;
}

std::int64_t rounds_of_each(const Setting& setting, const LearnOptions& options, double horizon) {
  const auto profiles = static_cast<double>(setting.frame.efforts().count());
  const double all = options.exploring_share > 0 ? options.exploring_share * horizon
                                                 : options.exploration * std::pow(horizon, options.exponent);
  return std::max<std::int64_t>(2, static_cast<std::int64_t>(std::ceil(all / profiles)));
}

// m = ceil(log2(4 M sqrt(N)))
int steps_for(const Setting& setting, std::int64_t n) {
  return std::max(
      1, static_cast<int>(std::ceil(std::log2(4 * bound_of(setting) * std::sqrt(static_cast<double>(n))))));
}

// What exploration and cost search take for a horizon.
double exploration_rounds(const Setting& setting, const LearnOptions& options, double horizon) {
  const std::int64_t n = rounds_of_each(setting, options, horizon);
  double steps = 0;
  for (const Agent& agent : setting.frame.agents) steps += static_cast<double>(agent.efforts.size() - 1);
  const double a_step = options.mixture ? static_cast<double>(n) : 1;
  return static_cast<double>(setting.frame.efforts().count()) * static_cast<double>(n) +
         steps * steps_for(setting, n) * a_step;
}

Mechanism with_rule(const Setting& setting, const Counts& counts, std::size_t b, std::size_t agent,
                    const OwnRule& rule) {
  Setting changed = setting;
  changed.rules.rule[agent][static_cast<std::size_t>(setting.frame.efforts().digit(b, agent))] = rule;
  return strict_mechanism(changed, counts, b);
}

void add(Totals& totals, const Feedback& feedback) {
  totals.rounds += feedback.rounds;
  totals.value += feedback.value;
  totals.obeyed += feedback.obeyed;
}

void require(bool holds, const char* what, double value, const char* expected) {
  if (!holds) throw InputError(fmt::format("{} is {}", what, text::exact(value)), {}, expected);
}

}  // namespace

std::int64_t Learner::least_rounds(const Setting& setting, const LearnOptions& options) {
  double low = 1, high = 2;
  while (exploration_rounds(setting, options, high) >= high) {
    low = high;
    high *= 2;
    if (high > 1e17) throw InputError("no number of rounds is enough for this exploration", {}, "less of it");
  }
  while (high - low > 1) {
    const double middle = std::floor((low + high) / 2);
    (exploration_rounds(setting, options, middle) >= middle ? low : high) = middle;
  }
  return static_cast<std::int64_t>(high);
}

void Learner::State::check(const Setting& setting, const LearnOptions& options) {
  if (setting.frame.payment_bound.infinite() || setting.frame.payment_bound.amount() <= 0) {
    throw InputError("learning needs a finite payment bound above 0", {}, "payment_bound > 0");
  }
  require(options.exploration > 0 && std::isfinite(options.exploration), "exploration", options.exploration,
          "a number > 0");
  require(options.exponent > 0 && options.exponent < 1, "the exponent of exploration", options.exponent,
          "a number in (0, 1)");
  require(options.slack >= 0 && std::isfinite(options.slack), "slack", options.slack, "a number >= 0");
  require(options.exploring_share >= 0 && options.exploring_share < 1, "the share of exploration",
          options.exploring_share, "a number in [0, 1)");
  require(options.optimism >= 0 && std::isfinite(options.optimism), "optimism", options.optimism,
          "a number >= 0");
  const std::int64_t least = least_rounds(setting, options);
  if (options.rounds < least) {
    throw InputError(fmt::format("{} rounds are less than one exploration takes", options.rounds), {},
                     fmt::format("at least {}", least));
  }
  if (options.rounds > 1'000'000'000'000'000) {
    throw InputError(fmt::format("{} rounds are too many", options.rounds), {}, "at most 1e15");
  }
}

LearnerData Learner::State::begin(const Setting& setting, const LearnOptions& options) {
  LearnerData data;
  data.options = options;
  const std::size_t profiles = setting.frame.efforts().count();
  const std::size_t cells = setting.frame.signals().count() * setting.frame.states.size();
  data.counts.assign(profiles, std::vector<std::int64_t>(cells));
  data.fresh = data.counts;
  data.explored.assign(profiles, 0);
  const double bound = bound_of(setting);
  const Bisection start = options.mixture ? Bisection{0, 1, 0, {}} : Bisection{-bound - 1, bound + 1, 0, {}};
  for (const Agent& agent : setting.frame.agents) data.costs.emplace_back(agent.efforts.size(), start);
  return data;
}

Learner::State::State(Setting setting, LearnerData data)
    : setting_(std::move(setting)), data_(std::move(data)) {}

bool Learner::State::doubling() const {
  return data_.options.anytime || data_.options.exploring_share > 0 ||
         data_.options.commitment == Commitment::Optimistic;
}

std::int64_t Learner::State::epoch_end() const {
  if (!doubling()) return data_.options.rounds;
  const double end =
      2.0 * static_cast<double>(least_rounds(setting_, data_.options)) * std::exp2(data_.epoch);
  return end >= static_cast<double>(data_.options.rounds) ? data_.options.rounds
                                                          : static_cast<std::int64_t>(end);
}

std::int64_t Learner::State::wanted() const {
  return rounds_of_each(setting_, data_.options, static_cast<double>(epoch_end()));
}

int Learner::State::wanted_steps() const { return steps_for(setting_, wanted()); }

double Learner::State::slack() const {
  const double bound = bound_of(setting_), horizon = static_cast<double>(epoch_end());
  const auto n = static_cast<double>(wanted());
  if (!data_.options.theory_slack) return data_.options.slack * bound * std::sqrt(std::log(horizon) / n);
  const auto cells = static_cast<double>(data_.counts[0].size());
  const double error = std::sqrt(
      2 * (cells * std::log(2.0) + std::log(static_cast<double>(data_.counts.size()) * horizon)) / n);
  return 2 * bound * error + std::exp2(1 - wanted_steps()) * (bound + 1);
}

const Request& Learner::State::request() {
  if (!request_) request_ = next();
  return *request_;
}

Request Learner::State::next() {
  if (left() <= 0) return {};
  std::optional<Request> found = exploration();
  if (!found) found = cost_search();
  if (!found) {
    found = Request{
        .phase = Phase::Commit, .rounds = epoch_end() - data_.rounds, .mechanism = chosen().mechanism};
    // An exploration that went beyond its epoch leaves nothing to commit to.
    if (found->rounds <= 0) {
      end_epoch();
      return next();
    }
  }
  found->number = data_.number;
  found->rounds = std::min(found->rounds, left());
  return std::move(*found);
}

std::optional<Request> Learner::State::exploration() const {
  for (std::size_t b = 0; b < data_.explored.size(); ++b) {
    const std::int64_t missing = wanted() - data_.explored[b];
    if (missing <= 0) continue;
    // In pieces that double, so that decisions follow what is known.
    const std::int64_t piece = std::max<std::int64_t>(2, data_.explored[b]);
    return Request{.phase = Phase::Explore,
                   .rounds = std::min(missing, piece),
                   .mechanism = strict_mechanism(setting_, data_.counts, b)};
  }
  return {};
}

std::optional<Request> Learner::State::cost_search() const {
  for (std::size_t i = 0; i < data_.costs.size(); ++i) {
    for (std::size_t a = 1; a < data_.costs[i].size(); ++a) {
      if (data_.costs[i][a].steps >= wanted_steps()) continue;
      agent_ = i;
      effort_ = static_cast<int>(a);
      return cost_step(i, effort_);
    }
  }
  return {};
}

Request Learner::State::cost_step(std::size_t agent, int effort) const {
  const Bisection& bisection = data_.costs[agent][static_cast<std::size_t>(effort)];
  const double middle = (bisection.low + bisection.high) / 2;
  OwnRule of_effort = setting_.rules.rule[agent][static_cast<std::size_t>(effort)];
  OwnRule of_none = setting_.rules.rule[agent][0];
  const std::size_t with_effort = setting_.frame.efforts().with(0, agent, effort);
  Request request{.phase = Phase::Costs};
  if (data_.options.mixture) {
    for (std::size_t k = 0; k < of_effort.size(); ++k) {
      of_effort[k] = middle * of_effort[k] + (1 - middle) * of_none[k];
    }
    std::int64_t done = 0;
    for (const std::int64_t count : bisection.seen) done += count;
    request.rounds = wanted() - done;
    request.mechanism = with_rule(setting_, data_.counts, with_effort, agent, of_effort);
    return request;
  }
  // {g^a, g^0 + tau}, both raised where tau is negative, so that nothing is taken from the agent.
  for (double& amount : of_effort) amount += std::max(0.0, -middle);
  for (double& amount : of_none) amount += std::max(0.0, middle);
  request.rounds = 1;
  request.chooser = static_cast<int>(agent);
  request.mechanism = with_rule(setting_, data_.counts, with_effort, agent, of_effort);
  request.alternative = with_rule(setting_, data_.counts, 0, agent, of_none);
  return request;
}

void Learner::State::observe(const Feedback& feedback) {
  const Request& asked = request();
  if (asked.phase == Phase::Done) throw InputError("nothing was asked for: all rounds are played");
  if (feedback.rounds < 1 || feedback.rounds > asked.rounds) {
    throw InputError(fmt::format("{} rounds came back", feedback.rounds), {},
                     fmt::format("1 to {}", asked.rounds));
  }
  const Mechanism& played = feedback.chose_alternative ? asked.alternative : asked.mechanism;
  if ((feedback.chose_alternative && asked.chooser < 0) || feedback.counts.size() != played.support.size()) {
    throw InputError("the counts are not those of the mechanism that was posted", {},
                     fmt::format("counts for {} recommended profiles", played.support.size()));
  }
  std::int64_t sum = 0;
  for (const auto& row : feedback.counts) {
    if (row.size() != data_.counts[0].size() ||
        std::any_of(row.begin(), row.end(), [](auto c) { return c < 0; })) {
      throw InputError("the counts of a profile are not those of all reports and states", {},
                       fmt::format("{} counts >= 0", data_.counts[0].size()));
    }
    for (const std::int64_t count : row) sum += count;
  }
  if (sum != feedback.rounds) {
    throw InputError(fmt::format("counts sum to {} in {} rounds", sum, feedback.rounds), {},
                     "the same number");
  }
  ++data_.number;
  data_.rounds += feedback.rounds;
  switch (asked.phase) {
    case Phase::Explore: {
      const std::size_t b = played.support[0].profile;
      data_.explored[b] += feedback.rounds;
      for (std::size_t k = 0; k < feedback.counts[0].size(); ++k) data_.counts[b][k] += feedback.counts[0][k];
      add(data_.explore, feedback);
      break;
    }
    case Phase::Costs:
      add(data_.search, feedback);
      take_cost(feedback);
      break;
    default:
      add(data_.commit, feedback);
      for (std::size_t e = 0; e < played.support.size(); ++e) {
        auto& fresh = data_.fresh[played.support[e].profile];
        for (std::size_t k = 0; k < fresh.size(); ++k) fresh[k] += feedback.counts[e][k];
      }
      if (data_.rounds >= epoch_end() && left() > 0) end_epoch();
  }
  request_.reset();
}

void Learner::State::take_cost(const Feedback& feedback) {
  Bisection& bisection = data_.costs[agent_][static_cast<std::size_t>(effort_)];
  if (data_.options.mixture) return take_mixture(bisection, feedback);
  // Whoever takes g^a has U_a - U_0 >= tau.
  (feedback.chose_alternative ? bisection.high : bisection.low) = (bisection.low + bisection.high) / 2;
  ++bisection.steps;
}

void Learner::State::take_mixture(Bisection& bisection, const Feedback& feedback) {
  const Radix efforts = setting_.frame.efforts(), signals = setting_.frame.signals();
  const std::size_t states = setting_.frame.states.size();
  const auto own = [&](std::size_t cell) {
    return static_cast<std::size_t>(signals.digit(cell / states, agent_)) * states + cell % states;
  };
  const std::size_t size = static_cast<std::size_t>(signals.size(agent_)) * states;
  bisection.seen.resize(size);
  for (std::size_t k = 0; k < feedback.counts[0].size(); ++k) bisection.seen[own(k)] += feedback.counts[0][k];
  double seen_total = 0;
  for (const std::int64_t count : bisection.seen) seen_total += static_cast<double>(count);
  if (static_cast<std::int64_t>(seen_total) < wanted()) return;
  // L1 distance of what was seen to what was explored under each of the two efforts.
  const auto distance = [&](int effort) {
    std::vector<double> known(size);
    double total = 0;
    for (std::size_t b = 0; b < data_.counts.size(); ++b) {
      if (efforts.digit(b, agent_) != effort) continue;
      for (std::size_t k = 0; k < data_.counts[b].size(); ++k) {
        known[own(k)] += static_cast<double>(data_.counts[b][k]);
        total += static_cast<double>(data_.counts[b][k]);
      }
    }
    double sum = 0;
    for (std::size_t k = 0; k < size; ++k) {
      sum += std::abs(known[k] / total - static_cast<double>(bisection.seen[k]) / seen_total);
    }
    return sum;
  };
  (distance(effort_) <= distance(0) ? bisection.high : bisection.low) = (bisection.low + bisection.high) / 2;
  ++bisection.steps;
  bisection.seen.clear();
}

void Learner::State::end_epoch() {
  for (std::size_t b = 0; b < data_.counts.size(); ++b) {
    for (std::size_t k = 0; k < data_.counts[b].size(); ++k) {
      data_.counts[b][k] += data_.fresh[b][k];
      data_.fresh[b][k] = 0;
    }
  }
  ++data_.epoch;
  chosen_.reset();
}

std::vector<std::vector<double>> Learner::State::estimated_costs() const {
  std::vector<std::vector<double>> cost;
  for (std::size_t i = 0; i < data_.costs.size(); ++i) {
    auto& of_agent = cost.emplace_back(data_.costs[i].size(), 0.0);
    const auto& rules = setting_.rules.rule[i];
    for (std::size_t a = 1; a < of_agent.size(); ++a) {
      const Bisection& bisection = data_.costs[i][a];
      const double middle = (bisection.low + bisection.high) / 2;
      const auto mean = [&](std::size_t rule, std::size_t played) {
        return mean_rule(setting_, data_.counts, i, rules[rule], static_cast<int>(played));
      };
      // c(a) - c(0): what both efforts get at the point where the agent does not care which.
      of_agent[a] = data_.options.mixture
                        ? middle * (mean(a, a) - mean(a, 0)) + (1 - middle) * (mean(0, a) - mean(0, 0))
                        : mean(a, a) - mean(0, 0) - middle;
    }
  }
  return cost;
}

const Chosen& Learner::State::chosen() {
  if (chosen_) return *chosen_;
  const Instance estimated = estimated_instance(setting_, data_.counts, estimated_costs());
  if (data_.options.commitment == Commitment::Correlated) {
    chosen_ = robust_mechanism(setting_, data_.counts, estimated, slack(), data_.options.strict_start);
    return *chosen_;
  }
  const double scale =
      utility_range(setting_.frame) + static_cast<double>(setting_.frame.agents.size()) * bound_of(setting_);
  std::vector<double> bonus;
  for (const auto& row : data_.counts) {
    double rounds = 0;
    for (const std::int64_t count : row) rounds += static_cast<double>(count);
    bonus.push_back(data_.options.optimism * scale *
                    std::sqrt(std::log(static_cast<double>(epoch_end())) / rounds));
  }
  chosen_ = optimistic_mechanism(setting_, data_.counts, estimated, slack(), bonus);
  return *chosen_;
}

Learned Learner::State::result() {
  Learned learned{.finished = left() <= 0,
                  .rounds = data_.rounds,
                  .explore = data_.explore,
                  .costs = data_.search,
                  .commit = data_.commit};
  learned.cost = estimated_costs();
  if (!exploration() && !cost_search()) {
    const Chosen& chosen = this->chosen();
    learned.mechanism = chosen.mechanism;
    learned.fallback = chosen.fallback;
    learned.promised = chosen.promised;
    learned.slack = slack();
    learned.warnings = exploration_warnings(setting_, data_.counts);
  }
  return learned;
}

Learner::Learner(Setting setting, LearnOptions options) {
  State::check(setting, options);
  LearnerData data = State::begin(setting, options);
  state_ = std::make_unique<State>(std::move(setting), std::move(data));
}

Learner::Learner(std::unique_ptr<State> state) : state_(std::move(state)) {}
Learner::~Learner() = default;
Learner::Learner(Learner&&) noexcept = default;
Learner& Learner::operator=(Learner&&) noexcept = default;

Learner Learner::resume(Setting setting, std::string_view state, const std::string& source) {
  LearnerData data = parse_learner(setting, state, source);
  State::check(setting, data.options);
  return Learner(std::make_unique<State>(std::move(setting), std::move(data)));
}

const Request& Learner::request() { return state_->request(); }
void Learner::observe(const Feedback& feedback) { state_->observe(feedback); }
Learned Learner::result() { return state_->result(); }
std::string Learner::state_json() const { return learner_json(state_->setting(), state_->data()); }

Learned learn(Environment& environment, Learner& learner, Progress& progress) {
  progress.begin("learning", 0, "requests");
  double done = 0;
  while (learner.request().phase != Phase::Done && !progress.cancelled()) {
    learner.observe(environment.play(learner.request()));
    progress.update(++done);
  }
  return learner.result();
}

Learned learn(Environment& environment, const Setting& setting, const LearnOptions& options,
              Progress& progress) {
  Learner learner(setting, options);
  return learn(environment, learner, progress);
}

}  // namespace xchg::hiring
