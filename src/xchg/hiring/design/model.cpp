#include "xchg/hiring/design/model.hpp"

#include <algorithm>
#include <limits>

namespace xchg::hiring {
namespace {

double or_infinity(const std::optional<Rational>& value) {
  return value ? to_double(*value) : std::numeric_limits<double>::infinity();
}

}  // namespace

Rational required_gain(const Instance& instance, const Terms& terms, std::size_t i, int effort, int other) {
  if (effort == other) return 0;
  const auto& costs = instance.agents[i].costs;
  return costs[static_cast<std::size_t>(effort)] * (1 + terms.cost_error) -
         costs[static_cast<std::size_t>(other)] * (1 - terms.cost_error) + terms.slack;
}

Model::Model(const Instance& instance, const Terms& terms)
    : efforts(instance.efforts()),
      signals(instance.signals()),
      states(instance.states.size()),
      payment_bound(terms.payment_bound.infinite() ? std::numeric_limits<double>::infinity()
                                                   : to_double(terms.payment_bound.amount())),
      has_outside(!terms.outside.empty()),
      expected_budget(or_infinity(terms.expected_budget)),
      sure_budget(or_infinity(terms.sure_budget)),
      law_(instance) {
  for (const auto& row : instance.utility) {
    for (const Rational& u : row) utility.push_back(to_double(u));
  }
  const auto [least, most] = std::minmax_element(utility.begin(), utility.end());
  utility_range = *most - *least;
  for (std::size_t i = 0; i < agents(); ++i) {
    auto& required = required_.emplace_back();
    auto& participation = participation_.emplace_back();
    auto& cost = cost_.emplace_back();
    for (int b = 0; b < efforts_of(i); ++b) {
      for (int other = 0; other < efforts_of(i); ++other) {
        required.push_back(to_double(required_gain(instance, terms, i, b, other)));
      }
      const Rational& c = instance.agents[i].costs[static_cast<std::size_t>(b)];
      cost.push_back(to_double(c));
      participation.push_back(has_outside ? to_double(terms.outside[i] + c * (1 + terms.cost_error)) : 0);
    }
  }
}

Model::Model(Radix of_efforts, Radix of_signals, std::size_t count, std::vector<double> table)
    : efforts(std::move(of_efforts)),
      signals(std::move(of_signals)),
      states(count),
      utility(count),
      law_(efforts, signals, states, table),
      stored_(std::move(table)) {}

Model Model::alone(const Model& whole, std::size_t b, std::size_t agent, bool own_reports) {
  const int kinds = whole.efforts_of(agent), own_signals = whole.signals_of(agent);
  const std::size_t stride = whole.signals.stride(agent),
                    span = stride * static_cast<std::size_t>(own_signals);
  const std::size_t rest = own_reports ? whole.states : whole.cells() / static_cast<std::size_t>(own_signals);
  std::vector<double> table(static_cast<std::size_t>(kinds * own_signals) * rest);
  for (int effort = 0; effort < kinds; ++effort) {
    const std::span<const double> law = whole.law(whole.efforts.with(b, agent, effort));
    double* const to = table.data() + static_cast<std::size_t>(effort * own_signals) * rest;
    for (std::size_t s = 0; s < whole.signals.count(); ++s) {
      const std::size_t z = s / stride % static_cast<std::size_t>(own_signals);
      const std::size_t others = s / span * stride + s % stride;
      for (std::size_t t = 0; t < whole.states; ++t) {
        to[z * rest + (own_reports ? t : others * whole.states + t)] += law[s * whole.states + t];
      }
    }
  }
  Model model(Radix({kinds}), Radix({own_signals}), rest, std::move(table));
  model.payment_bound = std::min(whole.payment_bound, whole.sure_budget);
  model.has_outside = whole.has_outside;
  model.expected_budget = model.sure_budget = std::numeric_limits<double>::infinity();
  model.required_ = {whole.required_[agent]};
  model.participation_ = {whole.participation_[agent]};
  model.cost_ = {whole.cost_[agent]};
  return model;
}

std::span<const double> Model::law(std::size_t b) const {
  if (!stored_.empty()) return std::span(stored_).subspan(b * cells(), cells());
  for (const Recent& recent : recent_) {
    if (recent.profile == b) return recent.law;
  }
  std::size_t kept = 2;
  for (std::size_t i = 0; i < agents(); ++i) kept += static_cast<std::size_t>(efforts_of(i));
  if (recent_.size() < 2 * kept) {
    recent_.push_back({b, std::vector<double>(cells())});
    law_.profile(b, recent_.back().law);
    return recent_.back().law;
  }
  Recent& slot = recent_[oldest_];
  oldest_ = (oldest_ + 1) % recent_.size();
  slot.profile = b;
  law_.profile(b, slot.law);
  return slot.law;
}

double Model::value(std::size_t b) const {
  const std::span<const double> p = law(b);
  double total = 0;
  for (std::size_t s = 0; s < signals.count(); ++s) {
    double best = -std::numeric_limits<double>::infinity();
    for (std::size_t a = 0; a * states < utility.size(); ++a) {
      double expected = 0;
      for (std::size_t t = 0; t < states; ++t) expected += p[s * states + t] * utility[a * states + t];
      best = std::max(best, expected);
    }
    total += best;
  }
  return total;
}

void Model::store_law() {
  if (!stored_.empty()) return;
  std::vector<double> all(profiles() * cells());
  for (std::size_t b = 0; b < profiles(); ++b) law_.profile(b, std::span(all).subspan(b * cells(), cells()));
  stored_ = std::move(all);
}

std::uint64_t Model::law_bytes(const Instance& instance) {
  return sizeof(double) * instance.efforts().count() * instance.signals().count() * instance.states.size();
}

}  // namespace xchg::hiring
