#include "xchg/hiring/audit.hpp"

#include <fmt/format.h>

#include "xchg/core/error.hpp"
#include "xchg/hiring/audit/equilibria.hpp"
#include "xchg/hiring/audit/temptations.hpp"

namespace xchg::hiring {
namespace {

[[noreturn]] void refuse(std::size_t entry, const std::string& problem, const std::string& expected) {
  throw InputError(fmt::format("entry {} of the mechanism: {}", entry, problem), {}, expected);
}

void check_payments(const Instance& instance, std::size_t number, const Entry& entry) {
  const std::size_t agents = instance.agents.size(), signals = instance.signals().count();
  for (const Payment& payment : entry.payments) {
    if (payment.agent < 0 || static_cast<std::size_t>(payment.agent) >= agents)
      refuse(number, fmt::format("agent {} is paid", payment.agent), fmt::format("0 to {}", agents));
    if (payment.reports >= signals || payment.state < 0 ||
        static_cast<std::size_t>(payment.state) >= instance.states.size()) {
      refuse(number, "a payment is for reports or a state that there are not", "those of the instance");
    }
    if (payment.amount < 0) refuse(number, "a payment is " + text(payment.amount), "0 or more");
  }
}

void check_mechanism(const Instance& instance, const Mechanism& mechanism) {
  const std::size_t profiles = instance.efforts().count(), signals = instance.signals().count();
  Rational sum = 0;
  for (std::size_t k = 0; k < mechanism.support.size(); ++k) {
    const Entry& entry = mechanism.support[k];
    if (entry.profile >= profiles)
      refuse(k, fmt::format("effort profile {}", entry.profile), fmt::format("less than {}", profiles));
    if (entry.probability <= 0) refuse(k, "its probability is " + text(entry.probability), "more than 0");
    if (entry.decision.size() != signals)
      refuse(k, fmt::format("{} decisions", entry.decision.size()), fmt::format("{}", signals));
    for (const int decision : entry.decision) {
      if (decision < 0 || static_cast<std::size_t>(decision) >= instance.decisions.size())
        refuse(k, fmt::format("decision {}", decision), "one of the instance");
    }
    check_payments(instance, k, entry);
    sum += entry.probability;
  }
  if (sum != 1) throw InputError("probabilities of the mechanism sum to " + text(sum), {}, "1");
}

void check_options(const AuditOptions& options) {
  for (const Rational& factor : options.cost_factors) {
    if (factor < 0) throw InputError("a cost factor is " + text(factor), {}, "0 or more");
  }
  if (options.random_starts < 0)
    throw InputError(fmt::format("{} random starts", options.random_starts), {}, "0 or more");
  if (options.most_rounds < 1)
    throw InputError(fmt::format("{} rounds of best responses", options.most_rounds), {}, "1 or more");
}

CostsOff costs_off(const play::Game<Rational>& game, const play::Posted<Rational>& posted,
                   const std::vector<play::Temptations>& all, const Rational& factor) {
  CostsOff out;
  out.factor = to_double(factor);
  const play::Temptations* whose = nullptr;
  const play::Plan* most = nullptr;
  Rational gain;
  for (const play::Temptations& of : all) {
    for (const play::Plan& plan : of.plans) {
      Rational value = of.gain(plan, factor) * of.worth.weight;
      if (whose != nullptr && value <= gain) continue;
      gain = std::move(value);
      whose = &of;
      most = &plan;
    }
  }
  if (whose == nullptr) return out;
  out.gain = to_double(gain);
  out.recommendation = play::recommendation(game, posted, *whose);
  out.recommendation->utility =
      out.recommendation->payment - to_double(Rational(factor * whose->worth.cost[whose->worth.recommended]));
  out.recommendation->alternatives = {play::temptation(game, posted, *whose, *most, factor)};
  return out;
}

void audit_single_agents(const Instance& instance, const Mechanism& mechanism, const AuditOptions& options,
                         Audit& result) {
  const play::Game<Rational> game(instance);
  const auto posted = play::posted<Rational>(instance, mechanism);
  const std::vector<play::Temptations> all = play::temptations(game, posted);
  for (const play::Temptations& of : all) {
    result.recommendations.push_back(play::recommendation(game, posted, of));
    const Recommendation& added = result.recommendations.back();
    if (added.alternatives.empty()) continue;
    Rational gain = added.alternatives.front().gain_exact * added.probability_exact;
    if (!result.violation || gain > *result.violation) result.violation = std::move(gain);
  }
  result.incentive_compatible = !result.violation || *result.violation <= 0;
  play::robustness(posted, game, all, result);
  for (const Rational& factor : options.cost_factors)
    result.costs_off.push_back(costs_off(game, posted, all, factor));
}

}  // namespace

Audit audit(const Instance& instance, const Mechanism& mechanism, const AuditOptions& options,
            Progress& progress) {
  check_mechanism(instance, mechanism);
  check_options(options);
  Audit result;
  audit_single_agents(instance, mechanism, options, result);
  const play::Game<double> game(instance);
  const auto posted = play::posted<double>(instance, mechanism);
  play::Played honest =
      play::outcome(game, posted, play::honest_plans(instance.efforts(), instance.signals()));
  result.value = honest.principal;
  result.payments = std::move(honest.payments);
  result.utilities = std::move(honest.utilities);
  play::find_coalitions(game, posted, options, progress, result);
  if (options.equilibria) play::find_equilibria(game, posted, options, progress, result);
  return result;
}

}  // namespace xchg::hiring
