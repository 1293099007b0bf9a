#include "xchg/dag/simulate/mechanism.hpp"

#include <cmath>
#include <numbers>

#include "xchg/dag/log_gamma.hpp"
namespace xchg::dag {
namespace {

constexpr double pi = std::numbers::pi;

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

std::vector<double> draw_weights(const SimulateOptions& options, std::size_t count, Random& random) {
  std::vector<double> weights(count);
  for (double& weight : weights) weight = draw_weight(options, random);
  return weights;
}

// A function of the parents plus noise.
class Additive : public NodeMechanism {
 public:
  Additive(Noise noise, double deviation) : noise_(noise), deviation_(deviation) {}
  double draw(std::span<const double> parents, Random& random) const final {
    return mean(parents) + deviation_ * draw_noise(noise_, random);
  }

 private:
  virtual double mean(std::span<const double> parents) const = 0;
  Noise noise_;
  double deviation_;
};

class Linear : public Additive {
 public:
  Linear(const SimulateOptions& options, std::vector<double> weights, double deviation)
      : Additive(options.noise, deviation), weights_(std::move(weights)) {}

 private:
  double mean(std::span<const double> parents) const override { return dot(weights_, parents); }
  std::vector<double> weights_;
};

class Mlp : public Additive {
 public:
  Mlp(const SimulateOptions& options, std::size_t parents, double deviation, Random& random)
      : Additive(options.noise, deviation) {
    for (int unit = 0; unit < 100 && parents > 0; ++unit)
      first_.push_back(draw_weights(options, parents, random));
    second_ = draw_weights(options, first_.size(), random);
  }

 private:
  double mean(std::span<const double> parents) const override {
    double sum = 0;
    for (std::size_t unit = 0; unit < first_.size(); ++unit) {
      sum += second_[unit] * sigmoid(dot(first_[unit], parents));
    }
    return sum;
  }
  std::vector<std::vector<double>> first_;  // a unit each
  std::vector<double> second_;
};

class Mim : public Additive {
 public:
  Mim(const SimulateOptions& options, std::size_t parents, double deviation, Random& random)
      : Additive(options.noise, deviation),
        tanh_(draw_weights(options, parents, random)),
        cos_(draw_weights(options, parents, random)),
        sin_(draw_weights(options, parents, random)) {}

 private:
  double mean(std::span<const double> parents) const override {
    if (parents.empty()) return 0;
    return std::tanh(dot(tanh_, parents)) + std::cos(dot(cos_, parents)) + std::sin(dot(sin_, parents));
  }
  std::vector<double> tanh_, cos_, sin_;
};

// f(x) = sqrt(2/D) sum over k of a_k cos(w_k x + b_k) with a, w normal and b uniform in [0, 2 pi).
class AdditiveGp : public Additive {
 public:
  AdditiveGp(const SimulateOptions& options, std::size_t parents, double deviation, Random& random)
      : Additive(options.noise, deviation), features_(parents) {
    for (auto& of_parent : features_) {
      of_parent.resize(count);
      for (Feature& f : of_parent) f = {random.normal(), random.normal(), 2 * pi * random.uniform()};
    }
  }

 private:
  static constexpr std::size_t count = 128;
  struct Feature {
    double a, w, b;
  };
  double mean(std::span<const double> parents) const override {
    double sum = 0;
    for (std::size_t p = 0; p < parents.size(); ++p) {
      for (const Feature& f : features_[p]) sum += f.a * std::cos(f.w * parents[p] + f.b);
    }
    return sum * std::sqrt(2.0 / count);
  }
  std::vector<std::vector<Feature>> features_;
};

class Logistic : public NodeMechanism {
 public:
  explicit Logistic(std::vector<double> weights) : weights_(std::move(weights)) {}
  double draw(std::span<const double> parents, Random& random) const override {
    return random.uniform() < sigmoid(dot(weights_, parents)) ? 1 : 0;
  }

 private:
  std::vector<double> weights_;
};

class Poisson : public NodeMechanism {
 public:
  explicit Poisson(std::vector<double> weights) : weights_(std::move(weights)) {}
  double draw(std::span<const double> parents, Random& random) const override {
    const double mean = std::exp(dot(weights_, parents));
    return mean <= 1e15 ? draw_poisson(mean, random) : std::numeric_limits<double>::infinity();
  }

 private:
  std::vector<double> weights_;
};

// W. Hoermann, "The transformed rejection method for generating Poisson random variables", Insurance:
// Mathematics and Economics 12 (1993), algorithm PTRS; mean >= 10.
double rejection_poisson(double mean, Random& random) {
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double accepted = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = random.uniform() - 0.5, v = 1 - random.uniform();
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= accepted) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v * inverse_alpha / (a / (us * us) + b)) <= k * std::log(mean) - mean - log_gamma(k + 1)) {
      return k;
    }
  }
}

}  // namespace

double draw_noise(Noise noise, Random& random) {
  switch (noise) {
    case Noise::Gauss:
      return random.normal();
    case Noise::Exponential:
      return -std::log1p(-random.uniform()) - 1;
    case Noise::Gumbel: {  // mean: Euler's constant, variance: pi^2 / 6
      const double exponential = -std::log1p(-random.uniform());
      return (-std::log(std::max(exponential, 1e-300)) - std::numbers::egamma) * std::sqrt(6.0) / pi;
    }
    case Noise::Uniform:
      return (random.uniform() - 0.5) * std::sqrt(12.0);
  }
  return 0;
}

double draw_poisson(double mean, Random& random) {
  if (mean >= 10) return rejection_poisson(mean, random);
  const double limit = std::exp(-mean);
  double product = random.uniform();
  int count = 0;
  for (; product > limit; product *= random.uniform()) ++count;
  return count;
}

double draw_weight(const SimulateOptions& options, Random& random) {
  const double size = options.weight_low + (options.weight_high - options.weight_low) * random.uniform();
  return random.below(2) == 0 ? size : -size;
}

std::unique_ptr<NodeMechanism> make_mechanism(const SimulateOptions& options, std::vector<double> weights,
                                              double deviation, Random& random) {
  switch (options.mechanism) {
    case Mechanism::Linear:
      return std::make_unique<Linear>(options, std::move(weights), deviation);
    case Mechanism::Logistic:
      return std::make_unique<Logistic>(std::move(weights));
    case Mechanism::Poisson:
      return std::make_unique<Poisson>(std::move(weights));
    case Mechanism::Mlp:
      return std::make_unique<Mlp>(options, weights.size(), deviation, random);
    case Mechanism::Mim:
      return std::make_unique<Mim>(options, weights.size(), deviation, random);
    case Mechanism::AdditiveGp:
      return std::make_unique<AdditiveGp>(options, weights.size(), deviation, random);
  }
  return nullptr;
}

}  // namespace xchg::dag
