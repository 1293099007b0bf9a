// Regret curves against simulated agents.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/core/random.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/threads.hpp"
#include "xchg/hiring/design.hpp"
#include "xchg/hiring/design/ladder.hpp"
#include "xchg/hiring/online.hpp"

namespace xchg::hiring {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// One run: of a method, a T and a seed.
struct Run {
  double regret = 0, exploration = 0;
  bool obeyed = true, fallback = false;
};

LearnOptions options_for(const std::string& method, LearnOptions options, std::int64_t rounds) {
  options.rounds = rounds;
  if (method == "anytime") options.anytime = true;
  if (method == "strict start") options.strict_start = true;
  if (method == "noslack") options.slack = 0, options.theory_slack = false;
  if (method == "sqrt") options.exponent = 0.5;
  if (method == "epsgreedy") options.exploring_share = std::pow(static_cast<double>(rounds), -1.0 / 3);
  if (method == "ucb1" || method == "single") options.commitment = Commitment::Optimistic;
  return options;
}

// What the best simple mechanism of a kind is worth a round; nothing where there is none.
std::optional<double> fixed_value(const Instance& instance, const std::string& method, Progress& progress) {
  Terms terms;
  terms.payment_bound = instance.payment_bound;
  Model model(instance, terms);
  model.store_law();
  std::optional<BestProfile> best;
  if (method == "fixed det") best = best_single(model, false, 1e-9, progress);
  if (method == "fixed own") best = best_single(model, true, 1e-9, progress);
  if (method == "fixed quadratic") best = best_scored(model, Score::Quadratic, progress);
  if (method == "fixed log") best = best_scored(model, Score::Logarithmic, progress);
  if (method == "fixed spherical") best = best_scored(model, Score::Spherical, progress);
  if (!best) return {};
  return best->value;
}

bool is_fixed(const std::string& method) { return method.rfind("fixed ", 0) == 0; }

double mean_of(const std::vector<double>& values, const std::vector<std::size_t>& chosen) {
  double sum = 0;
  for (const std::size_t k : chosen) sum += values[k];
  return sum / static_cast<double>(chosen.size());
}

// Least squares slope of log mean regret over log T.
double slope_of(const std::vector<const CurvePoint*>& points, const std::vector<std::size_t>& chosen) {
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (const CurvePoint* point : points) {
    const double mean = mean_of(point->regret, chosen);
    if (!(mean > 0)) return nan;
    const double x = std::log(static_cast<double>(point->rounds)), y = std::log(mean);
    sx += x, sy += y, sxx += x * x, sxy += x * y;
  }
  const auto n = static_cast<double>(points.size());
  return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

std::pair<double, double> interval(std::vector<double> values) {
  std::erase_if(values, [](double v) { return std::isnan(v); });
  if (values.empty()) return {nan, nan};
  std::sort(values.begin(), values.end());
  const auto at = [&](double q) {
    return values[static_cast<std::size_t>(std::lround(q * static_cast<double>(values.size() - 1)))];
  };
  return {at(0.025), at(0.975)};
}

void summarize(Curve& curve, const SimulateOptions& options) {
  const auto seeds = static_cast<std::size_t>(options.seeds);
  std::vector<std::vector<std::size_t>> resamples(static_cast<std::size_t>(options.resamples));
  Random random(options.first_seed, 0xb0075742);
  for (auto& chosen : resamples) {
    for (std::size_t k = 0; k < seeds; ++k) chosen.push_back(random.below(seeds));
  }
  std::vector<std::size_t> all(seeds);
  for (std::size_t k = 0; k < seeds; ++k) all[k] = k;
  for (CurvePoint& point : curve.points) {
    point.mean = mean_of(point.regret, all);
    std::vector<double> means;
    for (const auto& chosen : resamples) means.push_back(mean_of(point.regret, chosen));
    std::tie(point.low, point.high) = interval(std::move(means));
  }
  for (const auto& [low, high] : options.windows) {
    std::vector<const CurvePoint*> points;
    for (const CurvePoint& point : curve.points) {
      const auto rounds = static_cast<double>(point.rounds);
      if (rounds >= low * (1 - 1e-6) && rounds <= high * (1 + 1e-6)) points.push_back(&point);
    }
    Slope slope{low, high, nan, nan, nan};
    if (points.size() >= 2) {
      slope.slope = slope_of(points, all);
      std::vector<double> slopes;
      for (const auto& chosen : resamples) slopes.push_back(slope_of(points, chosen));
      std::tie(slope.low, slope.high) = interval(std::move(slopes));
    }
    curve.slopes.push_back(slope);
  }
}

void find_break_even(Curve& curve, double optimum, double det) {
  for (std::size_t k = curve.points.size(); k-- > 0;) {
    const CurvePoint& point = curve.points[k];
    if (point.mean >= static_cast<double>(point.rounds) * (optimum - det)) break;
    curve.break_even = static_cast<double>(point.rounds);
  }
}

std::vector<std::int64_t> checked(const Instance& instance, const SimulateOptions& options) {
  const std::vector<std::string> known = online_methods();
  for (const std::string& method : options.methods) {
    if (std::find(known.begin(), known.end(), method) == known.end()) {
      throw InputError("there is no method \"" + method + "\"" + text::suggestion(method, known));
    }
    if (method == "ucb1" && instance.agents.size() != 1) {
      throw InputError("ucb1 is for one agent", {}, "\"single\" for several");
    }
  }
  if (options.seeds < 1 || options.resamples < 1)
    throw InputError("there is no seed or no resample", {}, "at least 1");
  std::vector<std::int64_t> rounds;
  for (const double t : options.rounds) {
    if (!(t >= 1 && t <= 1e15)) throw InputError(text::exact(t) + " rounds", {}, "1 to 1e15");
    rounds.push_back(std::llround(t));
  }
  std::sort(rounds.begin(), rounds.end());
  return rounds;
}

Run learn_once(const Instance& instance, const Setting& setting, const LearnOptions& options,
               const Behaviour& behaviour, double optimum, std::uint64_t seed) {
  Simulator agents(instance, setting, seed, behaviour);
  const Learned learned = learn(agents, setting, options);
  const auto regret = [&](const Totals& t) { return static_cast<double>(t.rounds) * optimum - t.value; };
  const auto committed = static_cast<double>(learned.commit.rounds);
  return {.regret = regret(learned.explore) + regret(learned.costs) + regret(learned.commit),
          .exploration = regret(learned.explore) + regret(learned.costs),
          .obeyed = learned.commit.obeyed >= committed * (1 - 1e-9),
          .fallback = learned.fallback};
}

}  // namespace

std::vector<std::string> online_methods() {
  return {"hire_online",     "anytime",   "strict start", "noslack",         "sqrt",
          "epsgreedy",       "fixed det", "fixed own",    "fixed quadratic", "fixed log",
          "fixed spherical", "ucb1",      "single"};
}

Simulation simulate(const Instance& instance, const SimulateOptions& options, Progress& progress) {
  const std::vector<std::int64_t> rounds = checked(instance, options);
  Simulation simulation;
  const Setting setting = setting_of(instance, &simulation.warnings);
  progress.begin("optimum", 0, "");
  simulation.optimum = design(instance, {.exact = false, .ladder = false}).value;
  simulation.det = fixed_value(instance, "fixed det", progress);
  const auto seeds = static_cast<std::size_t>(options.seeds);
  struct Task {
    const std::string* method;
    std::int64_t rounds;
    std::size_t seed;
    Run run;
  };
  std::vector<Task> tasks;
  for (const std::string& method : options.methods) {
    if (is_fixed(method)) continue;
    for (const std::int64_t t : rounds) {
      const LearnOptions learn_options = options_for(method, options.learn, t);
      Learner(setting, learn_options);  // refuses a T that is too small
      for (std::size_t seed = 0; seed < seeds; ++seed) tasks.push_back({&method, t, seed, {}});
    }
  }
  progress.begin("runs", static_cast<double>(tasks.size()), "runs");
  std::atomic<bool> stopped = false;
  parallel_for(resolve_threads(options.threads), static_cast<std::int64_t>(tasks.size()), 1,
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t k = begin; k < end; ++k) {
                   if (progress.cancelled()) stopped = true;
                   if (stopped) return;
                   Task& task = tasks[static_cast<std::size_t>(k)];
                   task.run =
                       learn_once(instance, setting, options_for(*task.method, options.learn, task.rounds),
                                  options.behaviour, simulation.optimum, options.first_seed + task.seed);
                 }
               });
  if (stopped) {
    simulation.complete = false;
    return simulation;
  }
  std::size_t next = 0;
  for (const std::string& method : options.methods) {
    Curve& curve = simulation.curves.emplace_back();
    curve.method = method;
    const std::optional<double> fixed =
        is_fixed(method) ? fixed_value(instance, method, progress) : std::nullopt;
    if (is_fixed(method) && !fixed) {
      simulation.warnings.push_back("there is no mechanism of the kind \"" + method + "\"");
      simulation.curves.pop_back();
      continue;
    }
    for (const std::int64_t t : rounds) {
      CurvePoint& point = curve.points.emplace_back();
      point.rounds = t;
      if (fixed) {
        point.regret.assign(seeds, static_cast<double>(t) * (simulation.optimum - *fixed));
        point.obeyed = 1;
        continue;
      }
      for (std::size_t seed = 0; seed < seeds; ++seed) {
        const Run& run = tasks[next++].run;
        point.regret.push_back(run.regret);
        point.exploration += run.exploration / static_cast<double>(seeds);
        point.obeyed += (run.obeyed ? 1.0 : 0.0) / static_cast<double>(seeds);
        point.fallbacks += (run.fallback ? 1.0 : 0.0) / static_cast<double>(seeds);
      }
    }
    summarize(curve, options);
    if (simulation.det && method != "fixed det") find_break_even(curve, simulation.optimum, *simulation.det);
  }
  return simulation;
}

}  // namespace xchg::hiring
