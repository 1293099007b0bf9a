#include "xchg/hiring/exact/integer_law.hpp"

namespace xchg::hiring {

IntegerLaw::IntegerLaw(const Instance& instance)
    : instance_(instance), efforts_(instance.efforts()), signals_(instance.signals()) {
  const Law& law = instance.law;
  if (law.form == Form::Joint) {
    for (const auto& row : law.table) take_denominators(row, denominator_);
    return;
  }
  Integer of_prior = 1, of_state = 1;
  take_denominators(law.latent_prior, of_prior);
  for (const auto& row : law.state_given_latent) take_denominators(row, of_state);
  for (const Rational& p : law.latent_prior) prior_.push_back(times(p, of_prior));
  for (const auto& row : law.state_given_latent) {
    for (const Rational& p : row) state_.push_back(times(p, of_state));
  }
  denominator_ = of_prior * of_state;
  for (const auto& agent : law.signal) {
    Integer of_agent = 1;
    for (const auto& effort : agent) {
      for (const auto& row : effort) take_denominators(row, of_agent);
    }
    auto& to = signal_.emplace_back();
    for (const auto& effort : agent) {
      auto& table = to.emplace_back();
      for (const auto& row : effort) {
        auto& numbers = table.emplace_back();
        for (const Rational& p : row) numbers.push_back(times(p, of_agent));
      }
    }
    denominator_ *= of_agent;
  }
}

const std::vector<Integer>& IntegerLaw::profile(std::size_t b) const {
  const auto found = profiles_.find(b);
  return found != profiles_.end() ? found->second : profiles_.emplace(b, compute(b)).first->second;
}

std::vector<Integer> IntegerLaw::compute(std::size_t b) const {
  const std::size_t states = instance_.states.size();
  std::vector<Integer> result(signals_.count() * states);
  if (instance_.law.form == Form::Joint) {
    const auto& row = instance_.law.table[b];
    for (std::size_t cell = 0; cell < row.size(); ++cell) result[cell] = times(row[cell], denominator_);
    return result;
  }
  for (std::size_t w = 0; w < prior_.size(); ++w) {
    std::vector<Integer> products{prior_[w]};
    for (std::size_t i = 0; i < signal_.size(); ++i) {
      const auto& law = signal_[i][static_cast<std::size_t>(efforts_.digit(b, i))][w];
      std::vector<Integer> longer;
      longer.reserve(products.size() * law.size());
      for (const Integer& product : products) {
        for (const Integer& p : law) longer.push_back(product * p);
      }
      products = std::move(longer);
    }
    for (std::size_t s = 0; s < products.size(); ++s) {
      if (products[s] == 0) continue;
      for (std::size_t t = 0; t < states; ++t) {
        if (state_[w * states + t] != 0) result[s * states + t] += products[s] * state_[w * states + t];
      }
    }
  }
  return result;
}

}  // namespace xchg::hiring
