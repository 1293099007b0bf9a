#include "xchg/hiring/design.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/hiring/design/columns.hpp"
#include "xchg/hiring/design/draft.hpp"
#include "xchg/hiring/design/ladder.hpp"
#include "xchg/hiring/design/program.hpp"
#include "xchg/hiring/design/scaling.hpp"
#include "xchg/hiring/design/single.hpp"
#include "xchg/hiring/design/supremum.hpp"
#include "xchg/hiring/design/terms.hpp"
#include "xchg/hiring/instance/checks.hpp"

namespace xchg::hiring {
namespace {

// Below so many columns the duals are made exact, too, so that the proven interval is a point.
constexpr int most_columns_for_exact_duals = 600;

// Beyond so many payments, columns that are generated take less time than the program as a whole.
constexpr std::size_t most_payments_for_program = 100'000;

// Below so many, all profiles may take part where the largest payment near a supremum is made small; beyond,
// only those of the solution.
constexpr int most_columns_for_least_payment = 4000;

// The ladder of larger instances takes longer than the optimum.
constexpr std::uint64_t most_bytes_for_ladder = 1 << 20;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class Design {
 public:
  Design(Instance instance, Options options, Progress& progress)
      : instance_(std::move(instance)),
        options_(std::move(options)),
        progress_(progress),
        terms_(terms_of(instance_, options_)) {}

  Result run() {
    const bool stored = Model::law_bytes(instance_) <= options_.memory_bytes;
    model_.emplace(instance_, terms_);
    const bool given_separate = instance_.law.form == Form::Independent || instance_.agents.empty();
    if (stored && !given_separate) model_->store_law();
    if (options_.mechanism != Class::Corr) {
      require(stored || given_separate);
      best_of_class(options_.mechanism == Class::Own);
      return std::move(result_);
    }
    switch (method(stored, given_separate)) {
      case Method::FastPath:
        fast_path();
        break;
      case Method::Columns:
        if (stored && given_separate) model_->store_law();
        solve_by_columns();
        break;
      default:
        require(stored);
        require_program();
        if (given_separate) model_->store_law();
        solve_program();
    }
    return std::move(result_);
  }

 private:
  // Budgets tie the agents' payments together.
  bool has_budget() const { return terms_.expected_budget || terms_.sure_budget; }

  Method method(bool stored, bool given_separate) const {
    const bool separate =
        !has_budget() && (given_separate || (stored && agents_are_separate(instance_, *model_)));
    if (options_.method == Method::FastPath && !separate) {
      throw InputError(has_budget()
                           ? "the fast path knows no budgets"
                           : "the fast path does not hold: the agents' signals tell of each other's effort",
                       {}, "--method program or columns");
    }
    if (options_.method != Method::Automatic) return options_.method;
    if (separate) return Method::FastPath;
    const std::size_t payments = model_->profiles() * model_->cells() * model_->agents();
    const bool fits = stored && program_bytes() <= options_.memory_bytes;
    return fits && payments <= most_payments_for_program ? Method::Program : Method::Columns;
  }

  void require(bool stored) const {
    if (stored) return;
    throw LimitError(fmt::format("the law of {} effort profiles and {} signal profiles does not fit",
                                 instance_.efforts().count(), instance_.signals().count()),
                     Model::law_bytes(instance_), options_.memory_bytes,
                     "an independent law, or --method columns");
  }

  // Bytes of the whole program in the solver: its matrix three times, and what each column and bound row has
  // beside.
  std::uint64_t program_bytes() const {
    std::uint64_t bytes = Model::law_bytes(instance_);
    for (std::size_t i = 0; i < model_->agents(); ++i) {
      const auto nonzeros =
          static_cast<std::uint64_t>(model_->efforts_of(i) * (1 + model_->signals_of(i)) + 1);
      bytes += model_->profiles() * model_->cells() * (36 * nonzeros + 400);
    }
    return bytes;
  }

  void require_program() const {
    if (program_bytes() <= options_.memory_bytes) return;
    throw LimitError(fmt::format("the linear program of {} effort profiles does not fit", model_->profiles()),
                     program_bytes(), options_.memory_bytes, "--method columns");
  }

  void fast_path() {
    const auto start = std::chrono::steady_clock::now();
    progress_.begin("contracts of single agents", 0, "");
    result_.statistics.method = "fast path";
    const auto pays = separate_pays(*model_, options_.lp_tolerance);
    const auto best = best_profile(
        *model_,
        [&](std::size_t b, std::size_t i) {
          return pays[i][static_cast<std::size_t>(model_->efforts.digit(b, i))];
        },
        progress_);
    if (!best) refuse_infeasible();
    result_.statistics.solve_seconds = seconds_since(start);
    const auto certifying = std::chrono::steady_clock::now();
    take(single_mechanism(instance_, terms_, best->profile, true, options_.exact, options_.lp_tolerance));
    Certificate& certificate = begin_certificate();
    certificate.multipliers = separate_multipliers(instance_, terms_, options_.exact, options_.lp_tolerance);
    conclude();
    result_.statistics.certify_seconds = seconds_since(certifying);
    // Nothing simpler is worse here, nothing more complex better.
    if (options_.ladder && Model::law_bytes(instance_) <= most_bytes_for_ladder) add_ladder();
  }

  // The best single profile; the bound is that of all mechanisms.
  void best_of_class(bool own_reports) {
    if (has_budget()) {
      throw InputError("single profiles are not designed under a budget", {}, "mechanisms of class corr");
    }
    const auto best = best_single(*model_, own_reports, options_.lp_tolerance, progress_);
    if (!best) refuse_infeasible();
    take(single_mechanism(instance_, terms_, best->profile, own_reports, options_.exact,
                          options_.lp_tolerance));
    // The bound is agent by agent where that holds, else that of the whole program.
    if (agents_are_separate(instance_, *model_)) {
      begin_certificate().multipliers =
          separate_multipliers(instance_, terms_, options_.exact, options_.lp_tolerance);
    } else {
      const Program program(*model_, {});
      const LpSolution solution = solve(program.lp(), {.tolerance = options_.lp_tolerance}, progress_);
      begin_certificate().multipliers =
          rounded_multipliers(*model_, program.multipliers(solution.row_dual), false);
    }
    conclude();
    result_.statistics.method = own_reports ? "own" : "det";
    if (options_.ladder) add_ladder();
  }

  Certificate& begin_certificate() {
    result_.certificate.instance = fingerprint(instance_);
    result_.certificate.terms = terms_;
    result_.certificate.mechanism = result_.mechanism;
    return result_.certificate;
  }

  void solve_program() {
    const auto start = std::chrono::steady_clock::now();
    progress_.begin("linear program", 0, "");
    const Program program(*model_, {});
    Statistics& statistics = result_.statistics;
    statistics.method = "program";
    statistics.rows = program.lp().rows();
    statistics.columns = program.lp().columns();
    statistics.nonzeros = program.lp().nonzeros();
    statistics.build_seconds = seconds_since(start);
    const auto solving = std::chrono::steady_clock::now();
    LpOptions lp{.tolerance = options_.lp_tolerance, .time_limit_seconds = options_.time_limit_seconds};
    LpSolution solution = solve(program.lp(), lp, progress_);
    if (solution.status == LpStatus::Failed || solution.status == LpStatus::Infeasible) {
      // Presolve on degenerate programs now and then loses its way; the plain primal simplex does not.
      lp.presolve = false;
      lp.primal = true;
      solution = solve(program.lp(), lp, progress_);
    }
    statistics.solve_seconds = seconds_since(solving);
    statistics.iterations = solution.iterations;
    if (solution.status == LpStatus::Infeasible) refuse_infeasible();
    Solved solved{.optimal = solution.status == LpStatus::Optimal,
                  .objective = solution.objective,
                  .support = support_of(program, solution.x),
                  .profiles = {},
                  .columns = program.lp().columns()};
    const DoubleMultipliers multipliers = program.multipliers(solution.row_dual);
    certify(solved, [&] {
      if (options_.exact && solved.optimal && solved.columns <= most_columns_for_exact_duals) {
        const ExactProgram exact(program, *model_, instance_, terms_);
        if (const auto dual = dual_vertex(program, exact, solution, most_columns_for_exact_duals)) {
          return exact_multipliers(program, *model_, *dual);
        }
      }
      return rounded_multipliers(*model_, multipliers, false);
    });
    if (options_.ladder) add_ladder();
  }

  void solve_by_columns() {
    const auto start = std::chrono::steady_clock::now();
    const LpOptions lp{.tolerance = options_.lp_tolerance, .time_limit_seconds = options_.time_limit_seconds};
    const Generated generated = generate_columns(*model_, 1e-9, lp, progress_);
    Statistics& statistics = result_.statistics;
    statistics.method = "columns";
    statistics.rows = generated.rows;
    statistics.columns = generated.columns;
    statistics.nonzeros = generated.nonzeros;
    statistics.rounds = generated.rounds;
    statistics.iterations = generated.iterations;
    statistics.solve_seconds = seconds_since(start);
    if (generated.status == LpStatus::Infeasible) refuse_infeasible();
    certify({.optimal = generated.status == LpStatus::Optimal,
             .objective = generated.value,
             .support = {generated.regular, generated.irregular},
             .profiles = generated.profiles,
             .columns = static_cast<int>(generated.columns)},
            [&] { return rounded_multipliers(*model_, generated.multipliers, false); });
  }

  // What a solver came to.
  struct Solved {
    bool optimal;
    double objective;
    Support support;
    std::vector<std::size_t> profiles;  // that took part; empty: all
    int columns;
  };

  template <class MultipliersOf>
  void certify(const Solved& solved, MultipliersOf multipliers) {
    const auto start = std::chrono::steady_clock::now();
    progress_.begin("certificate", 0, "");
    take_mechanism(solved);
    begin_certificate().multipliers = multipliers();
    conclude();
    result_.statistics.certify_seconds = seconds_since(start);
  }

  [[noreturn]] void refuse_infeasible() const {
    throw InputError(
        "no mechanism keeps to these terms: the outside options, the slack or the budgets ask for too much",
        {}, "weaker terms, or a larger payment bound");
  }

  void take_mechanism(const Solved& solved) {
    if (!solved.optimal) {
      take(polished({cheapest_profile()}));
      return;
    }
    result_.supremum = solved.objective;
    auto best = polished(solved.support.regular);
    const double tiny = 1e-9 * std::max(1.0, model_->utility_range);
    if (solved.support.irregular.empty() || (best && best->value >= solved.objective - tiny)) {
      take(std::move(best));
      return;
    }
    const auto attaining =
        attaining_profiles(*model_, solved.profiles, solved.objective, options_.lp_tolerance, progress_);
    if (attaining) {
      best = polished(*attaining);
    } else {
      result_.attained = false;
      auto near = near_supremum(instance_, terms_, profiles_near_supremum(solved),
                                solved.objective - options_.epsilon * model_->utility_range, options_.exact,
                                options_.lp_tolerance, progress_);
      if (near) best = std::move(near);
    }
    take(std::move(best));
  }

  std::optional<Polished> polished(std::vector<std::size_t> profiles) const {
    return polish(instance_, terms_, std::move(profiles), options_.exact, options_.lp_tolerance);
  }

  static std::vector<std::size_t> profiles_near_supremum(const Solved& solved) {
    if (solved.columns <= most_columns_for_least_payment) return solved.profiles;
    std::vector<std::size_t> profiles = solved.support.regular;
    profiles.insert(profiles.end(), solved.support.irregular.begin(), solved.support.irregular.end());
    std::sort(profiles.begin(), profiles.end());
    return profiles;
  }

  std::size_t cheapest_profile() const {
    std::vector<int> efforts;
    for (const Agent& agent : instance_.agents) {
      efforts.push_back(
          static_cast<int>(std::min_element(agent.costs.begin(), agent.costs.end()) - agent.costs.begin()));
    }
    return model_->efforts.index(efforts);
  }

  void take(std::optional<Polished> polished) {
    if (!polished) {
      throw NumericError(
          "no mechanism could be certified: the solver's solutions are not incentive compatible");
    }
    result_.mechanism = std::move(polished->mechanism);
    result_.statistics.repair = polished->repair;
  }

  void conclude() {
    Certificate& certificate = result_.certificate;
    // Whatever stopped the search, what it came to is proven.
    const Check check = verify(instance_, certificate);
    certificate.value = check.value;
    certificate.upper_bound = check.upper_bound;
    result_.value_exact = check.value;
    result_.value = to_double(check.value);
    result_.upper_bound_exact = check.upper_bound;
    result_.upper_bound = check.bounded ? to_double(check.upper_bound) : unbounded;
    result_.ic_violation = check.violation;
    result_.incentive_compatible = check.feasible;
    result_.largest_payment = largest_payment(result_.mechanism);
    if (result_.attained) result_.supremum = result_.value;
    const double gap = result_.upper_bound - result_.value, range = std::max(1.0, model_->utility_range);
    const bool tight = gap <= (result_.attained ? 1e-9 : 2 * options_.epsilon) * range;
    result_.status = !tight || !result_.incentive_compatible ? "interval"
                     : result_.attained                      ? "optimal"
                                                             : "supremum";
  }

  void add_ladder() {
    const auto start = std::chrono::steady_clock::now();
    progress_.begin("simpler mechanisms", 0, "");
    result_.ladder = ladder_of(*model_, options_.lp_tolerance, progress_);
    result_.ladder.corr = result_.attained ? result_.value : result_.supremum;
    result_.statistics.ladder_seconds = seconds_since(start);
  }

  const Instance instance_;
  const Options options_;
  Progress& progress_;
  Terms terms_;
  std::optional<Model> model_;
  Result result_;
};

}  // namespace

Result design(const Instance& instance, const Options& options, Progress& progress) {
  check(instance);
  terms_of(instance, options);
  const Rational unit = scale_of(instance);
  Result result = unit == 1 ? Design(instance, options, progress).run()
                            : unscaled(instance, options, unit,
                                       Design(scaled(instance, unit), scaled(options, unit), progress).run());
  result.warnings = warnings_about(instance);
  return result;
}

}  // namespace xchg::hiring
