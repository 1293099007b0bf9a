// Generated instances, by integers alone, so that every language makes the same ones.
#include <fmt/format.h>

#include "xchg/core/error.hpp"
#include "xchg/hiring/instance.hpp"

namespace xchg::hiring {
namespace {

// splitmix64 (Steele, Lea, Flood 2014).
class SplitMix {
 public:
  explicit SplitMix(std::uint64_t seed) : state_(seed) {}

  int below(int bound) { return static_cast<int>(next() % static_cast<std::uint64_t>(bound)); }

 private:
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

std::vector<Rational> normalised(const std::vector<int>& weights) {
  int sum = 0;
  for (const int weight : weights) sum += weight;
  std::vector<Rational> result;
  for (const int weight : weights) result.emplace_back(weight, sum);
  return result;
}

std::vector<std::string> numbered(int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back(fmt::format("{}", i));
  return names;
}

// `count` weights base + below(spread), `extra` more at index w mod count.
std::vector<Rational> weights(SplitMix& random, int count, int base, int spread, int extra, int w) {
  std::vector<int> values;
  for (int k = 0; k < count; ++k) values.push_back(base + random.below(spread));
  values[static_cast<std::size_t>(w % count)] += extra;
  return normalised(values);
}

}  // namespace

Instance generate(int agents, int efforts, int signals, int states, std::uint64_t seed) {
  if (agents < 1 || efforts < 1 || signals < 1 || states < 1) {
    throw InputError(fmt::format("sizes are {},{},{},{}", agents, efforts, signals, states), {},
                     "agents, efforts, signals and states, each at least 1");
  }
  SplitMix random(seed);
  const int latents = 2 * states;
  Instance instance;
  instance.name = fmt::format("gen({},{},{},{},{})", agents, efforts, signals, states, seed);
  instance.title = "generated";
  instance.states = instance.decisions = numbered(states);
  for (int a = 0; a < states; ++a) {
    auto& row = instance.utility.emplace_back(static_cast<std::size_t>(states));
    row[static_cast<std::size_t>(a)] = 1;
  }
  instance.payment_bound = Bound(1);
  Law& law = instance.law;
  law.form = Form::Latent;
  std::vector<int> prior;
  for (int w = 0; w < latents; ++w) prior.push_back(1 + random.below(9));
  law.latent_prior = normalised(prior);
  for (int w = 0; w < latents; ++w) law.state_given_latent.push_back(weights(random, states, 1, 3, 12, w));
  for (int i = 0; i < agents; ++i) {
    Agent agent{.name = fmt::format("{}", i),
                .efforts = numbered(efforts),
                .costs = {},
                .signals = numbered(signals)};
    auto& of_agent = law.signal.emplace_back();
    for (int b = 0; b < efforts; ++b) {
      auto& of_effort = of_agent.emplace_back();
      for (int w = 0; w < latents; ++w) of_effort.push_back(weights(random, signals, 4, 4, 12 * b, w));
    }
    for (int b = 0; b < efforts; ++b) {
      const int draw = 5 + random.below(11);
      agent.costs.emplace_back(b * (b + 1) * draw, 2000);
    }
    instance.agents.push_back(std::move(agent));
  }
  return instance;
}

}  // namespace xchg::hiring
