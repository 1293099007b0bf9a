#include "xchg/hiring/design/terms.hpp"

#include <fmt/format.h>

#include "xchg/core/error.hpp"

namespace xchg::hiring {
namespace {

void require_not_negative(const Rational& value, const char* option) {
  if (value < 0) throw InputError(fmt::format("{} is {}", option, text(value)), {}, "a number >= 0");
}

}  // namespace

Terms terms_of(const Instance& instance, const Options& options) {
  if (!options.outside.empty() && options.outside.size() != instance.agents.size()) {
    throw InputError(fmt::format("there are {} outside options", options.outside.size()), {},
                     fmt::format("one for each of {} agents", instance.agents.size()));
  }
  require_not_negative(options.slack, "slack");
  require_not_negative(options.cost_error, "cost error");
  if (options.cost_error >= 1) {
    throw InputError("cost error is " + text(options.cost_error), {}, "a share below 1");
  }
  if (options.expected_budget) require_not_negative(*options.expected_budget, "expected budget");
  if (options.sure_budget) require_not_negative(*options.sure_budget, "sure budget");
  if (options.mechanism == Class::Product) {
    throw InputError("product mechanisms are a figure of the ladder and are not designed", {},
                     "own, det or corr");
  }
  if (options.epsilon <= 0)
    throw InputError(fmt::format("epsilon is {}", options.epsilon), {}, "a number > 0");
  return {.payment_bound = options.payment_bound.value_or(instance.payment_bound),
          .outside = options.outside,
          .slack = options.slack,
          .cost_error = options.cost_error,
          .expected_budget = options.expected_budget,
          .sure_budget = options.sure_budget};
}

}  // namespace xchg::hiring
