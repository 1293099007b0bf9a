// Minimisation of a smooth function plus an L1 penalty on the first parameters: orthant-wise limited-memory
// quasi-Newton (Andrew, Gao, "Scalable training of L1-regularized log-linear models", ICML 2007).
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <deque>

namespace xchg::dag {

struct OwlqnOptions {
  int memory = 10;
  int most_steps = 300;
  double settled = 1e-7;  // relative fall of the value over five steps
};

// The value at the end; theta becomes the point. `function(theta, gradient)` returns the smooth part. Never
// ends above the value at the start.
template <class Function>
double minimise_with_l1(const Function& function, double lambda, Eigen::Index penalised,
                        Eigen::VectorXd& theta, const OwlqnOptions& options = {}) {
  using Vector = Eigen::VectorXd;
  const auto penalty = [&](const Vector& at) { return lambda * at.head(penalised).cwiseAbs().sum(); };
  // The steepest direction of descent of the whole, which is not smooth at 0.
  const auto pseudo_gradient = [&](const Vector& at, const Vector& gradient) {
    Vector pseudo = gradient;
    for (Eigen::Index i = 0; i < penalised; ++i) {
      if (at(i) != 0) {
        pseudo(i) += std::copysign(lambda, at(i));
      } else if (gradient(i) + lambda < 0) {
        pseudo(i) += lambda;
      } else if (gradient(i) - lambda > 0) {
        pseudo(i) -= lambda;
      } else {
        pseudo(i) = 0;
      }
    }
    return pseudo;
  };
  struct Pair {
    Vector step, change;
    double scale;
  };
  std::deque<Pair> pairs;
  std::deque<double> values;
  Vector gradient;
  double value = function(theta, gradient) + penalty(theta);
  for (int count = 0; count < options.most_steps; ++count) {
    const Vector pseudo = pseudo_gradient(theta, gradient);
    if (pseudo.lpNorm<Eigen::Infinity>() <= 1e-9) break;
    // Two loops over the pairs: the inverse curvature times the gradient.
    Vector direction = -pseudo;
    std::vector<double> alphas(pairs.size());
    for (std::size_t k = pairs.size(); k-- > 0;) {
      alphas[k] = pairs[k].scale * pairs[k].step.dot(direction);
      direction -= alphas[k] * pairs[k].change;
    }
    if (!pairs.empty()) direction *= 1 / (pairs.back().scale * pairs.back().change.squaredNorm());
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      direction += (alphas[k] - pairs[k].scale * pairs[k].change.dot(direction)) * pairs[k].step;
    }
    for (Eigen::Index i = 0; i < penalised; ++i) {
      if (direction(i) * pseudo(i) >= 0) direction(i) = 0;
    }
    if (!(direction.dot(pseudo) < 0)) direction = -pseudo;
    double length = pairs.empty() ? 1 / std::max(1.0, pseudo.norm()) : 1;
    Vector next, next_gradient;
    double next_value = value;
    bool found = false;
    for (int trial = 0; trial < 40; ++trial, length /= 2) {
      next = theta + length * direction;
      for (Eigen::Index i = 0; i < penalised; ++i) {
        // No step crosses 0: the orthant is that of the point, at 0 that of the direction of descent.
        const double orthant = theta(i) != 0 ? theta(i) : -pseudo(i);
        if (next(i) * orthant <= 0) next(i) = 0;
      }
      next_value = function(next, next_gradient) + penalty(next);
      if (next_value <= value + 1e-4 * pseudo.dot(next - theta)) {
        found = true;
        break;
      }
    }
    if (!found || !(next_value < value)) break;
    Pair pair{next - theta, next_gradient - gradient, 0};
    const double curvature = pair.step.dot(pair.change);
    if (curvature > 1e-12 * pair.change.squaredNorm()) {
      pair.scale = 1 / curvature;
      pairs.push_back(std::move(pair));
      if (pairs.size() > static_cast<std::size_t>(options.memory)) pairs.pop_front();
    }
    theta = next;
    gradient = next_gradient;
    value = next_value;
    values.push_back(value);
    if (values.size() > 5) {
      if (values.front() - value <= options.settled * std::max(1.0, std::abs(value))) break;
      values.pop_front();
    }
  }
  return value;
}

}  // namespace xchg::dag
