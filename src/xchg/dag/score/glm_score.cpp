// Logistic and Poisson regression of a node on its predecessors by Newton's method, with an L1 penalty by its
// proximal form.
#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"
#include "xchg/dag/score/linear_score.hpp"
#include "xchg/dag/score/penalised_step.hpp"
#include "xchg/dag/score/regression.hpp"
#include "xchg/dag/score/row_score.hpp"

namespace xchg::dag {
namespace {

using Dense = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Array = Eigen::ArrayXd;

constexpr double separated_weight = 30;
constexpr int most_steps = 200;
constexpr double settled = 1e-13;        // of the value: what half the Newton decrement may still be
constexpr double settled_weight = 1e-8;  // a step that moved weights by so much left them right to its square
constexpr int most_last_steps = 4;

// Mean loss of a linear predictor m for a target x, and its derivatives by m.
struct Logistic {
  static double value(const Array& m, const Array& x) {
    // log(1 + e^m) without overflow.
    return (m.max(0.0) + (-m.abs()).exp().log1p() - x * m).mean();
  }
  static Array mean(const Array& m) {
    const Array e = (-m.abs()).exp();
    return (m >= 0).select(1.0 / (1.0 + e), e / (1.0 + e));
  }
  static Array variance(const Array& mean) { return mean * (1.0 - mean); }
};

struct Poisson {
  static double value(const Array& m, const Array& x) { return (m.exp() - x * m).mean(); }
  static Array mean(const Array& m) { return m.exp(); }
  static Array variance(const Array& mean) { return mean; }
};

template <class Family>
class GlmScore final : public NodeScore {
 public:
  GlmScore(const Data& data, const Constraints& constraints, bool intercept, double lambda)
      : constraints_(constraints), intercept_(intercept), lambda_(lambda), x_(data.rows(), data.nodes()) {
    for (std::size_t i = 0; i < data.rows(); ++i) {
      for (std::size_t j = 0; j < data.nodes(); ++j) {
        x_(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = data.x(i, j);
      }
    }
  }

  int nodes() const override { return static_cast<int>(x_.cols()); }

  NodeFit fit(int node, std::span<const int> predecessors, const NodeFit* warm,
              std::span<const int> warm_predecessors) const override {
    const std::vector<int> parents = allowed_predecessors(constraints_, node, predecessors);
    const Dense design = design_of(parents);
    Vector w = begin(parents, warm, warm_predecessors);
    const Array target = x_.col(node).array();
    NodeFit result;
    result.cost = minimise(design, target, w, result.separated);
    const auto count = static_cast<Eigen::Index>(parents.size());
    result.weights = spread(predecessors, parents, std::span(w.data(), static_cast<std::size_t>(count)));
    if (intercept_) result.parameters.push_back(w(count));
    return result;
  }

  std::vector<double> gradient(int node, std::span<const int> predecessors,
                               const NodeFit& fit) const override {
    Vector m = Vector::Zero(x_.rows());
    for (std::size_t k = 0; k < predecessors.size(); ++k) {
      if (fit.weights[k] != 0) m += fit.weights[k] * x_.col(predecessors[k]);
    }
    if (intercept_) m.array() += fit.parameters.at(0);
    const Vector residual = Family::mean(m.array()).matrix() - x_.col(node);
    const Vector gradient = x_.transpose() * residual / static_cast<double>(x_.rows());
    std::vector<double> result(gradient.data(), gradient.data() + gradient.size());
    if (lambda_ > 0) add_penalty(predecessors, fit.weights, result);
    result[static_cast<std::size_t>(node)] = 0;
    return result;
  }

 private:
  // The least element of the subdifferential.
  void add_penalty(std::span<const int> predecessors, const std::vector<double>& weights,
                   std::vector<double>& gradient) const {
    std::vector<double> w(gradient.size());
    for (std::size_t k = 0; k < predecessors.size(); ++k)
      w[static_cast<std::size_t>(predecessors[k])] = weights[k];
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      gradient[i] = w[i] == 0 ? std::copysign(std::max(std::abs(gradient[i]) - lambda_, 0.0), gradient[i])
                              : gradient[i] + std::copysign(lambda_, w[i]);
    }
  }

  double penalty(const Vector& w) const {
    return lambda_ * w.head(w.size() - (intercept_ ? 1 : 0)).lpNorm<1>();
  }

  // From w to the minimum of the second-order model.
  Vector direction_of(const Dense& curvature, const Vector& gradient, const Vector& w, double value) const {
    if (lambda_ == 0) return curvature.ldlt().solve(-gradient);
    const Eigen::Index penalised = w.size() - (intercept_ ? 1 : 0);
    const double scale = std::max(1.0, std::abs(value));
    return penalised_newton_point(curvature, gradient, w, lambda_, penalised, scale) - w;
  }

  Dense design_of(const std::vector<int>& parents) const {
    const auto count = static_cast<Eigen::Index>(parents.size());
    Dense design(x_.rows(), count + (intercept_ ? 1 : 0));
    for (Eigen::Index k = 0; k < count; ++k) design.col(k) = x_.col(parents[static_cast<std::size_t>(k)]);
    if (intercept_) design.col(count).setOnes();
    return design;
  }

  // 0, or the weights of an earlier fit where it had these parents.
  Vector begin(const std::vector<int>& parents, const NodeFit* warm,
               std::span<const int> warm_predecessors) const {
    Vector w = Vector::Zero(static_cast<Eigen::Index>(parents.size()) + (intercept_ ? 1 : 0));
    if (warm == nullptr || warm->separated || warm->weights.size() != warm_predecessors.size()) return w;
    for (std::size_t k = 0; k < parents.size(); ++k) {
      const auto found = std::lower_bound(warm_predecessors.begin(), warm_predecessors.end(), parents[k]);
      if (found == warm_predecessors.end() || *found != parents[k]) continue;
      w(static_cast<Eigen::Index>(k)) =
          warm->weights[static_cast<std::size_t>(found - warm_predecessors.begin())];
    }
    if (intercept_ && warm->parameters.size() == 1) w(w.size() - 1) = warm->parameters[0];
    return w;
  }

  // The largest share of a step that keeps all weights within the limit.
  static double share_within(const Vector& w, const Vector& step) {
    double share = 1;
    for (Eigen::Index k = 0; k < w.size(); ++k) {
      if (std::abs(w(k) + step(k)) <= separated_weight) continue;
      share = std::min(share, (std::copysign(separated_weight, step(k)) - w(k)) / step(k));
    }
    return std::max(share, 0.0);
  }

  // Newton steps, halved until the value falls. Where it has no minimum the weights are stopped at the limit.
  double minimise(const Dense& design, const Array& target, Vector& w, bool& separated) const {
    const auto n = static_cast<double>(x_.rows());
    Array m = design * w;
    double value = Family::value(m, target) + penalty(w);
    if (!std::isfinite(value)) {
      w.setZero();
      m.setZero();
      value = Family::value(m, target);
    }
    int last_steps = 0;
    for (int step = 0; step < most_steps && w.size() > 0; ++step) {
      const Array mean = Family::mean(m);
      const Vector gradient = design.transpose() * (mean - target).matrix() / n;
      Dense curvature = design.transpose() * (Family::variance(mean).matrix().asDiagonal() * design) / n;
      curvature.diagonal().array() += 1e-14 * curvature.diagonal().maxCoeff() + 1e-300;
      const Vector direction = direction_of(curvature, gradient, w, value);
      // The value falls by at least as much along the model.
      const double decrement = 0.5 * direction.dot(curvature * direction);
      if (!(decrement > settled * std::max(1.0, std::abs(value)))) {
        // The value is settled to rounding; more steps settle the weights as well, each twice as many digits.
        if (!(decrement >= 0) || (w + direction).cwiseAbs().maxCoeff() > separated_weight) break;
        w += direction;
        m = design * w;
        value = Family::value(m, target) + penalty(w);
        const double size = direction.cwiseAbs().maxCoeff() / (1 + w.cwiseAbs().maxCoeff());
        if (size <= settled_weight || ++last_steps == most_last_steps) break;
        continue;
      }
      double length = 1;
      Array next = m;
      double next_value = value;
      for (; length > 1e-10; length /= 2) {
        next = m + length * (design * direction).array();
        next_value = Family::value(next, target) + penalty(w + length * direction);
        if (next_value < value) break;
      }
      if (!(next_value < value)) break;
      const Vector step_to = length * direction;
      if ((w + step_to).cwiseAbs().maxCoeff() > separated_weight) {
        separated = true;
        w += share_within(w, step_to) * step_to;
        return Family::value((design * w).array(), target) + penalty(w);
      }
      w += step_to;
      m = next;
      value = next_value;
    }
    return value;
  }

  const Constraints& constraints_;
  bool intercept_;
  double lambda_;
  Dense x_;
};

[[noreturn]] void refuse(const Data& data, std::size_t i, std::size_t j, const char* score,
                         const char* expected) {
  throw InputError(fmt::format("row {}, column {} is {}, which {} cannot take", i + 1,
                               utf8::quoted(data.names[j]), text::exact(data.x(i, j)), score),
                   {}, expected);
}

}  // namespace

std::unique_ptr<NodeScore> make_logistic_score(const Data& data, const Constraints& constraints,
                                               bool intercept, double lambda1) {
  for (std::size_t i = 0; i < data.rows(); ++i) {
    for (std::size_t j = 0; j < data.nodes(); ++j) {
      if (data.x(i, j) != 0 && data.x(i, j) != 1)
        refuse(data, i, j, "the logistic score", "columns of 0 and 1");
    }
  }
  return std::make_unique<GlmScore<Logistic>>(data, constraints, intercept, lambda1);
}

std::unique_ptr<NodeScore> make_poisson_score(const Data& data, const Constraints& constraints,
                                              bool intercept, double lambda1) {
  for (std::size_t i = 0; i < data.rows(); ++i) {
    for (std::size_t j = 0; j < data.nodes(); ++j) {
      const double value = data.x(i, j);
      if (!(value >= 0) || value != std::floor(value))
        refuse(data, i, j, "the Poisson score", "counts: whole numbers from 0 on");
    }
  }
  return std::make_unique<GlmScore<Poisson>>(data, constraints, intercept, lambda1);
}

}  // namespace xchg::dag
