#include "xchg/hiring/design/draft.hpp"

#include <algorithm>
#include <cmath>

namespace xchg::hiring {
namespace {

// Unknowns beyond which an exact vertex takes too long.
constexpr std::size_t most_unknowns = 20000;

std::size_t column_of(const Program& program, std::size_t payment) {
  return static_cast<std::size_t>(program.first_payment()) + payment;
}

Payment payment_of(const Program& program, const Model& model, std::size_t k, Rational amount) {
  const PaymentColumn& column = program.payments()[k];
  return {.agent = static_cast<int>(column.agent),
          .reports = column.cell / model.states,
          .state = static_cast<int>(column.cell % model.states),
          .amount = std::move(amount)};
}

Rational dyadic(double value) {
  constexpr int bits = 44;
  return std::abs(value) < 0x1p18
             ? Rational(Integer(std::llround(std::ldexp(value, bits))), Integer(1) << bits)
             : to_rational(value);
}

}  // namespace

Support support_of(const Program& program, const std::vector<double>& x) {
  Support support;
  for (std::size_t position = 0; position < program.profiles().size(); ++position) {
    if (x[position] > least_probability) {
      support.regular.push_back(program.profiles()[position]);
      continue;
    }
    double paid = 0;
    for (std::size_t k = program.first_of(position); k < program.first_of(position + 1); ++k) {
      paid = std::max(paid, x[column_of(program, k)]);
    }
    if (paid > least_probability) support.irregular.push_back(program.profiles()[position]);
  }
  return support;
}

std::optional<Mechanism> mechanism_of(const Program& program, const Instance& instance,
                                      const std::vector<Rational>& x) {
  if (std::any_of(x.begin(), x.end(), [](const Rational& value) { return value < 0; })) return {};
  const Model model(instance, Terms{});
  Mechanism mechanism;
  for (std::size_t position = 0; position < program.profiles().size(); ++position) {
    Entry entry{
        .profile = program.profiles()[position], .probability = x[position], .decision = {}, .payments = {}};
    for (std::size_t k = program.first_of(position); k < program.first_of(position + 1); ++k) {
      const Rational& paid = x[column_of(program, k)];
      if (paid == 0) continue;
      if (entry.probability == 0) return {};
      entry.payments.push_back(payment_of(program, model, k, paid / entry.probability));
    }
    if (entry.probability == 0) continue;
    entry.decision = best_decisions(instance, entry.profile);
    mechanism.support.push_back(std::move(entry));
  }
  return mechanism;
}

Mechanism rounded_mechanism(const Program& program, const Model& model, const Instance& instance,
                            const Terms& terms, const std::vector<double>& x) {
  Mechanism mechanism;
  Rational rest = 1;
  for (std::size_t position = 0; position < program.profiles().size(); ++position) {
    const double mu = x[position];
    if (mu <= least_probability) continue;
    Entry entry{
        .profile = program.profiles()[position], .probability = dyadic(mu), .decision = {}, .payments = {}};
    rest -= entry.probability;
    for (std::size_t k = program.first_of(position); k < program.first_of(position + 1); ++k) {
      const double gamma = x[column_of(program, k)] / mu;
      if (gamma < 1e-9) continue;
      const bool at_bound = gamma > model.payment_bound * (1 - 1e-9);
      entry.payments.push_back(
          payment_of(program, model, k, at_bound ? terms.payment_bound.amount() : dyadic(gamma)));
    }
    entry.decision = best_decisions(instance, entry.profile);
    mechanism.support.push_back(std::move(entry));
  }
  const auto largest =
      std::max_element(mechanism.support.begin(), mechanism.support.end(),
                       [](const Entry& a, const Entry& b) { return a.probability < b.probability; });
  largest->probability += rest;
  return mechanism;
}

namespace {

Check check_of(const Instance& instance, const Terms& terms, const Mechanism& mechanism) {
  Certificate certificate;
  certificate.instance = fingerprint(instance);
  certificate.terms = terms;
  certificate.mechanism = mechanism;
  return verify(instance, certificate);
}

std::optional<Polished> polish_once(const Instance& instance, const Terms& terms, const Terms& solved,
                                    const std::vector<std::size_t>& profiles, bool exact, double tolerance) {
  Model model(instance, solved);
  model.store_law();
  const Program program(model, {.profiles = profiles});
  const LpSolution solution = solve(program.lp(), {.tolerance = tolerance, .presolve = false});
  if (solution.status != LpStatus::Optimal) return {};
  Polished result;
  result.value = solution.objective;
  result.repair = "none";
  if (exact) {
    const ExactProgram coefficients(program, model, instance, solved);
    if (const auto x = primal_vertex(program, coefficients, solution, most_unknowns)) {
      if (auto mechanism = mechanism_of(program, instance, *x)) {
        result.check = check_of(instance, terms, *mechanism);
        if (result.check.feasible) {
          result.mechanism = std::move(*mechanism);
          result.repair = "vertex";
          return result;
        }
      }
    }
  }
  if (!support_of(program, solution.x).irregular.empty()) return {};
  result.mechanism = rounded_mechanism(program, model, instance, solved, solution.x);
  result.check = check_of(instance, terms, result.mechanism);
  return result;
}

}  // namespace

std::optional<Polished> polish(const Instance& instance, const Terms& terms,
                               std::vector<std::size_t> profiles, bool exact, double tolerance) {
  std::sort(profiles.begin(), profiles.end());
  std::optional<Polished> best = polish_once(instance, terms, terms, profiles, exact, tolerance);
  if (!exact || (best && best->check.feasible)) return best;
  // A program whose efforts must pay a little more than needed has solutions inside the rows that rounding
  // broke.
  for (const int power : {-30, -24, -18}) {
    Terms tightened = terms;
    tightened.slack += Rational(1, Integer(1) << -power);
    auto other = polish_once(instance, terms, tightened, profiles, exact, tolerance);
    if (!other) continue;
    other->repair = "tightened";
    if (!best || other->check.violation < best->check.violation) best = std::move(other);
    if (best->check.feasible) break;
  }
  return best;
}

}  // namespace xchg::hiring
