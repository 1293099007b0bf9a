// P^b(s, theta): exactly, and as doubles.
#include "xchg/hiring/instance/law.hpp"

#include <algorithm>

namespace xchg::hiring {
namespace {

// Adds weight(w) * state(w, theta) * product of the agents' signal laws at w, for one effort profile, to
// `out`.
template <class Number, class Signal>
void add_factors(const Radix& signals, std::size_t states, std::size_t latents, const Number* latent_prior,
                 const Number* state_given_latent, Signal signal, Number* out) {
  const std::size_t count = signals.count();
  std::vector<Number> products(count);
  for (std::size_t w = 0; w < latents; ++w) {
    products[0] = latent_prior[w];
    std::size_t filled = 1;
    // Extends the products of the first agents by one more agent, from the back so that nothing is
    // overwritten.
    for (std::size_t i = 0; i < signals.digits(); ++i) {
      const auto size = static_cast<std::size_t>(signals.size(i));
      for (std::size_t p = filled; p-- > 0;) {
        const Number base = products[p];
        for (std::size_t z = size; z-- > 0;) products[p * size + z] = base * signal(i, w, z);
      }
      filled *= size;
    }
    for (std::size_t s = 0; s < count; ++s) {
      if (products[s] == 0) continue;
      for (std::size_t t = 0; t < states; ++t) {
        out[s * states + t] += products[s] * state_given_latent[w * states + t];
      }
    }
  }
}

}  // namespace

std::vector<Rational> exact_law(const Instance& instance, std::size_t b) {
  const Law& law = instance.law;
  if (law.form == Form::Joint) return law.table[b];
  const Radix efforts = instance.efforts(), signals = instance.signals();
  const std::size_t states = instance.states.size(), latents = law.latent_prior.size();
  std::vector<Rational> state_given_latent;
  for (const auto& row : law.state_given_latent) {
    state_given_latent.insert(state_given_latent.end(), row.begin(), row.end());
  }
  std::vector<Rational> out(signals.count() * states);
  add_factors<Rational>(
      signals, states, latents, law.latent_prior.data(), state_given_latent.data(),
      [&](std::size_t i, std::size_t w, std::size_t z) -> const Rational& {
        return law.signal[i][static_cast<std::size_t>(efforts.digit(b, i))][w][z];
      },
      out.data());
  return out;
}

LawOfDoubles::LawOfDoubles(const Instance& instance)
    : efforts_(instance.efforts()),
      signals_(instance.signals()),
      states_(instance.states.size()),
      latents_(instance.law.latent_prior.size()) {
  const Law& law = instance.law;
  if (law.form == Form::Joint) {
    for (const auto& row : law.table) {
      for (const Rational& p : row) table_.push_back(to_double(p));
    }
    return;
  }
  for (const Rational& p : law.latent_prior) latent_prior_.push_back(to_double(p));
  for (const auto& row : law.state_given_latent) {
    for (const Rational& p : row) state_given_latent_.push_back(to_double(p));
  }
  for (const auto& agent : law.signal) {
    auto& flat = signal_.emplace_back();
    for (const auto& effort : agent) {
      for (const auto& row : effort) {
        for (const Rational& p : row) flat.push_back(to_double(p));
      }
    }
  }
}

LawOfDoubles::LawOfDoubles(Radix efforts, Radix signals, std::size_t states, std::vector<double> table)
    : efforts_(std::move(efforts)),
      signals_(std::move(signals)),
      states_(states),
      latents_(0),
      table_(std::move(table)) {}

void LawOfDoubles::profile(std::size_t b, std::span<double> out) const {
  const std::size_t cells = signals_.count() * states_;
  if (!table_.empty()) {
    std::copy_n(table_.begin() + static_cast<std::ptrdiff_t>(b * cells), cells, out.begin());
    return;
  }
  std::fill(out.begin(), out.end(), 0.0);
  add_factors<double>(
      signals_, states_, latents_, latent_prior_.data(), state_given_latent_.data(),
      [&](std::size_t i, std::size_t w, std::size_t z) {
        const auto effort = static_cast<std::size_t>(efforts_.digit(b, i));
        return signal_[i][(effort * latents_ + w) * static_cast<std::size_t>(signals_.size(i)) + z];
      },
      out.data());
}

}  // namespace xchg::hiring
