// The best mechanism when agents are unknown: learnt by repeated play.
//
//   const auto instance = read_instance("audit2.json");
//   const auto setting = setting_of(instance);             // what a principal knows beforehand
//   Simulator agents(instance, setting);                   // or real ones: any Environment
//   const auto learned = learn(agents, setting, {.rounds = 1'000'000});
//
// Rounds are counted, never played one by one, while what is posted stays the same: 10^9 cost what 10^4 cost.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/hiring/instance.hpp"
#include "xchg/hiring/mechanism.hpp"

namespace xchg::hiring {

// Pay of one agent by his own report and the state, [report * states + state], each in [0, M].
using OwnRule = std::vector<double>;

// For each agent and effort a pay under which this effort and the truth beat every other effort, whatever the
// others do.
struct StrictRules {
  std::vector<std::vector<OwnRule>> rule;   // [agent][effort]
  std::vector<std::vector<double>> margin;  // [agent][effort]: by how much; the least over other efforts
};

// The own-report rules of largest margin rho, at most M/5: the effort with truth beats every other effort
// with any reports by rho, and truth beats lying about a signal by rho times the signal's probability; 0
// where a lie names a signal that says the same about the state. Of these the rules that pay least. An
// agent's own law of signal and state must not depend on the others' efforts; where it does, the mean over
// them is taken and `warnings` (may be null) says so. Throws InputError where M is infinite or no rule of an
// effort has a margin above 1e-9, naming agent and effort.
StrictRules strict_rules(const Instance& instance, const Bound& payment_bound, Warnings* warnings = nullptr);

// What a principal knows beforehand.
struct Setting {
  Instance frame;  // names, utility, finite payment bound; costs and law are not looked at
  StrictRules rules;
};

// The setting of an instance: its own payment bound, strict_rules. Throws what that throws.
Setting setting_of(const Instance& instance, Warnings* warnings = nullptr);
// As JSON: states, decisions, utility, payment_bound, and agents with name, efforts, signals and rules
// [effort][report][state]; and back. Throws InputError with the JSON pointer for all that is wrong.
std::string setting_json(const Setting& setting);
// The setting in such a text; `source` names it in messages.
Setting parse_setting(std::string_view json, const std::string& source);
// The same from a file; also from an instance's file, of which setting_of is taken.
Setting read_setting(const std::filesystem::path& path, Warnings* warnings = nullptr);

// What a request is for.
enum class Phase {
  Explore,  // one profile under strict rules, to learn the law
  Costs,    // a step of the bisection for the cost of one agent's effort
  Commit,   // the mechanism that was learnt
  Done,     // nothing is left to do
};

// What the principal asks to be posted, for so many rounds.
struct Request {
  Phase phase = Phase::Done;
  std::int64_t number = 0;  // of requests before; names random streams
  std::int64_t rounds = 0;  // at most so many
  Mechanism mechanism;
  // A menu: agent `chooser` may choose between `mechanism` and `alternative`, each of one profile, before he
  // works. -1: there is no choice.
  int chooser = -1;
  Mechanism alternative;
};

// What came out of it.
struct Feedback {
  std::int64_t rounds = 0;         // played, 1 to those that were asked for
  bool chose_alternative = false;  // by the chooser; all rounds of a menu have one choice
  // [entry of the mechanism's support, or of the chosen one's][reports * states + state]: in how many rounds.
  std::vector<std::vector<std::int64_t>> counts;
  // Of simulators: expected value for the principal of all rounds together, and in how many rounds, on
  // average, all agents obeyed and told the truth.
  double value = 0;
  double obeyed = 0;
};

// Where a principal plays.
class Environment {
 public:
  virtual ~Environment() = default;
  // Plays a request. What is thrown goes through learn() to its caller; the state before stays valid.
  virtual Feedback play(const Request& request) = 0;
};

// An environment that calls a function.
class CallbackEnvironment : public Environment {
 public:
  explicit CallbackEnvironment(std::function<Feedback(const Request&)> play) : play_(std::move(play)) {}
  Feedback play(const Request& request) override { return play_(request); }

 private:
  std::function<Feedback(const Request&)> play_;
};

// Feedback from a table of real rounds (CSV): round,profile,report_1..report_n,state,menu_choice. A profile
// is the efforts' names joined with "|"; menu_choice is "mechanism" or "alternative", empty or absent without
// a menu. Throws InputError with the line for unknown names, profiles that were not recommended, a round that
// comes twice, more rounds than asked for, or two choices in one menu.
Feedback parse_rounds(std::string_view csv, const Setting& setting, const Request& request,
                      const std::string& source);

// How simulated agents behave. All know everything and answer the posted mechanism as if the others obeyed
// and told the truth; ties within 1e-12 go to obedience and truth.
struct Behaviour {
  enum class Kind {
    BestResponse,  // best effort, best report for each signal
    Collusive,     // a coalition's best joint plan: recommendations, signals and pay are shared
    Logit,         // effort by exp(utility / temperature), best reports
    Stubborn,      // the cheapest effort with a probability, else rational
  };
  Kind kind = Kind::BestResponse;
  double temperature = 0.01;   // Logit: > 0
  double probability = 0.1;    // Stubborn: in [0, 1]
  std::vector<int> coalition;  // Collusive: who; empty: all
};

// Agents of a known instance. Counts are drawn at random, by the request's number and the seed alone.
class Simulator : public Environment {
 public:
  // Throws InputError where the setting is not the instance's, its rules are not strict for these agents (an
  // effort's margin is 0 or less), or the behaviour's numbers are out of range; LimitError where the law of
  // all profiles takes more than 4 GiB.
  Simulator(const Instance& instance, const Setting& setting, std::uint64_t seed = 1,
            Behaviour behaviour = {});
  ~Simulator() override;
  Feedback play(const Request& request) override;

 private:
  class Agents;
  std::unique_ptr<Agents> agents_;
  std::uint64_t seed_;
};

// How the mechanism for the rounds after exploration is found.
enum class Commitment {
  Correlated,  // the linear program on the estimates, with slack
  Optimistic,  // one profile with own payments and a bonus for what is not well known, after Chen, Wu, Wu,
               // Yang 2023; refined in doubling epochs
};

// Options of learn().
struct LearnOptions {
  std::int64_t rounds = 1'000'000;  // T
  double exploration = 2;           // kappa_N: N = ceil(kappa_N T^exponent / profiles) rounds of each profile
  double exponent = 2.0 / 3;        // of T in N
  double slack = 0.5;               // kappa: eta = kappa M sqrt(ln T / N); 0: none
  bool theory_slack = false;        // eta = 2 M eps_P + 2^(1-m) (M + 1) (Weissman's bound) instead
  bool mixture = false;             // costs by mixtures of strict rules, N rounds a step, instead of menus
  // The best profile under the strict rules also where it promises more than the mechanism with so much
  // slack: obeyed for certain, and better than slack that costs more than agents can be worth.
  bool strict_start = false;
  bool anytime = false;  // doubling epochs; rounds of the committed mechanism refine the estimates
  // Doubling epochs in which this share of the rounds explores, instead of `exploration`; 0: not so.
  double exploring_share = 0;
  Commitment commitment = Commitment::Correlated;
  double optimism =
      0.5;  // of Commitment::Optimistic: the bonus is optimism (range of u + n M) sqrt(ln T / N_b)
};

// Sums over the rounds of a phase.
struct Totals {
  std::int64_t rounds = 0;
  double value = 0;   // of a simulator
  double obeyed = 0;  // of a simulator: rounds
};

// What was learnt so far.
struct Learned {
  bool finished = false;    // all rounds are played
  std::int64_t rounds = 0;  // played
  Totals explore, costs, commit;
  // The mechanism for the rounds to come; nothing while it explores.
  std::optional<Mechanism> mechanism;
  // It is the best profile under the strict rules: no mechanism had so much slack, or see strict_start.
  bool fallback = false;
  double slack = 0;                       // eta of `mechanism`
  double promised = 0;                    // its value if the estimates were true: biased upwards
  std::vector<std::vector<double>> cost;  // [agent][effort] less that of the agent's first effort
  Warnings warnings;  // agents who seem not to obey, or whose signals depend on the others' efforts
};

// The algorithm as a machine that says what to post and is told what came out.
class Learner {
 public:
  // Throws InputError for options out of range, and where `rounds` is less than one exploration takes (the
  // least number is named).
  Learner(Setting setting, LearnOptions options);
  // Continues from a state that state_json() wrote under the same setting. Throws InputError for anything
  // else.
  static Learner resume(Setting setting, std::string_view state, const std::string& source);
  ~Learner();
  Learner(Learner&&) noexcept;
  Learner& operator=(Learner&&) noexcept;

  // What to post next; phase Done at the end. The same until something is observed.
  const Request& request();
  // Takes what came out of request(). Throws InputError where it does not fit it, and is as before then.
  void observe(const Feedback& feedback);
  // Where it stands.
  Learned result();
  // Options, counts and phase, as JSON.
  std::string state_json() const;
  // The least T for these options.
  static std::int64_t least_rounds(const Setting& setting, const LearnOptions& options);

 private:
  class State;
  explicit Learner(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Plays on until all rounds are played or the progress is cancelled; the learner then holds what was done.
Learned learn(Environment& environment, Learner& learner, Progress& progress = Progress::none());
// The whole of it (Cacciamani, Castiglioni, Gatti 2023: exploration with strict rules, costs, robust
// program): regret of order T^(2/3) but for logarithms. Throws what Learner and the environment throw.
Learned learn(Environment& environment, const Setting& setting, const LearnOptions& options = {},
              Progress& progress = Progress::none());

// Methods that simulate() compares.
//   hire_online      learn() with the options as they are
//   anytime          the same in doubling epochs
//   strict start     the same with the strict rules as long as they promise more
//   noslack          without slack
//   sqrt             exploration of T^(1/2) rounds
//   epsgreedy        a share T^(-1/3) of the rounds explores, solved again at doubling times
//   fixed det, fixed own, fixed quadratic, fixed log, fixed spherical   the best simple mechanism of that
//                    kind, law and costs known
//   ucb1             one agent: optimistic choice of his effort, after Chen et al.
//   single           the same for each agent, payments by own reports
std::vector<std::string> online_methods();

// Options of simulate(); the defaults are the frozen setting of the engine's README.
struct SimulateOptions {
  std::vector<double> rounds = {1e5, 316227.7660168379,  1e6, 3162277.6601683795, 1e7, 31622776.601683795,
                                1e8, 316227766.01683795, 1e9};  // T, rounded
  int seeds = 30;
  std::uint64_t first_seed = 1;
  std::vector<std::string> methods = {"hire_online"};
  LearnOptions learn;  // its `rounds` are not looked at
  Behaviour behaviour;
  // Windows [low, high] of T in which slopes are taken.
  std::vector<std::pair<double, double>> windows = {{1e7, 1e9}, {1e5, 1e9}};
  int resamples = 2000;  // of seeds, for intervals
  int threads = 0;       // 0: all processors
};

// Slope of log mean regret over log T in a window, with a 95 % interval: whole runs are resampled over seeds.
// NaN where a mean regret is not positive.
struct Slope {
  double low_rounds = 0, high_rounds = 0;
  double slope = 0, low = 0, high = 0;
};

// One T of a curve.
struct CurvePoint {
  std::int64_t rounds = 0;
  std::vector<double> regret;  // [seed]: T times the optimum less the expected value of what really happened
  double mean = 0;
  double low = 0, high = 0;  // 95 % interval of the mean, resampled over seeds
  double exploration = 0;    // part of the mean that exploration and cost search took
  double obeyed = 0;  // share of runs in which all agents obeyed and told the truth in all committed rounds
  double fallbacks = 0;  // share of runs that ended under strict rules
};

// One method's curve.
struct Curve {
  std::string method;
  std::vector<CurvePoint> points;  // in order of T
  std::vector<Slope> slopes;       // [window]
  // The least T of the curve from which on its mean regret is below that of `fixed det`; nothing where there
  // is none.
  std::optional<double> break_even;
};

// What simulate() found.
struct Simulation {
  double optimum = 0;         // value of a round of the best mechanism
  std::optional<double> det;  // and of `fixed det`
  std::vector<Curve> curves;  // in order of methods
  bool complete = true;       // false: cancelled; curves are empty then
  Warnings warnings;
};

// Regret curves of methods against simulated agents; the same bytes for every number of threads. Throws
// InputError for unknown methods (names the nearest), ucb1 with several agents, T below the least, and what
// setting_of and Simulator throw.
Simulation simulate(const Instance& instance, const SimulateOptions& options = {},
                    Progress& progress = Progress::none());

}  // namespace xchg::hiring
