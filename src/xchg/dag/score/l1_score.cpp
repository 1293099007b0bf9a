// Least squares with an L1 penalty, node by node: coordinate descent on second moments, and where that is
// slow an active-set method.
#include <algorithm>
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/dag/score/linear_score.hpp"
#include "xchg/dag/score/regression.hpp"

namespace xchg::dag {
namespace {

constexpr double gap_tolerance = 1e-12;  // of max(1, S_jj)
constexpr int descent_rounds = 10;       // of coordinate descent, before the active-set method
constexpr double rounding = 1e-12;       // of sqrt(S_kk S_jj): what a derivative may be off by

double soft(double value, double threshold) {
  if (value > threshold) return value - threshold;
  if (value < -threshold) return value + threshold;
  return 0;
}

// 1/2 S_jj - b^T w + 1/2 w^T A w + lambda |w|_1 over the parents of one node.
class Lasso {
 public:
  Lasso(const Gram& gram, int node, const std::vector<int>& parents, double lambda)
      : s_(gram.matrix_of(node)), parents_(parents), lambda_(lambda), node_(static_cast<std::size_t>(node)) {
    own_ = s_(node_, node_);
    for (const int parent : parents_) b_.push_back(s_(static_cast<std::size_t>(parent), node_));
    w_.assign(parents_.size(), 0.0);
    rest_ = b_;
  }

  void begin_at(std::span<const double> weights) {
    for (std::size_t k = 0; k < weights.size(); ++k) change(k, weights[k]);
  }

  // Passes over the weights that are not 0 until they settle, then over all.
  void solve() {
    const double tolerance = gap_tolerance * std::max(1.0, own_);
    for (int round = 0; round < descent_rounds; ++round) {
      for (std::size_t k = 0; k < w_.size(); ++k) update(k);
      if (gap() <= tolerance) return;
      const double settled = 1e-3 * tolerance;
      for (int inner = 0; inner < 5 && pass_over_active() > settled; ++inner) {
      }
    }
    exchange(tolerance);
  }

  double value() const {
    double quadratic = own_, absolute = 0;
    for (std::size_t k = 0; k < w_.size(); ++k) {
      quadratic -= w_[k] * (b_[k] + rest_[k]);
      absolute += std::abs(w_[k]);
    }
    return 0.5 * quadratic + lambda_ * absolute;
  }
  const std::vector<double>& weights() const { return w_; }

 private:
  double entry(std::size_t i, std::size_t k) const {
    return s_(static_cast<std::size_t>(parents_[i]), static_cast<std::size_t>(parents_[k]));
  }

  // rest = b - A w is kept.
  void change(std::size_t k, double value) {
    const double difference = value - w_[k];
    if (difference == 0) return;
    w_[k] = value;
    for (std::size_t i = 0; i < rest_.size(); ++i) rest_[i] -= entry(i, k) * difference;
  }

  // Returns by how much the objective fell, about.
  double update(std::size_t k) {
    const double a = entry(k, k);
    const double next = soft(rest_[k] + a * w_[k], lambda_) / a;
    const double difference = next - w_[k];
    change(k, next);
    return a * difference * difference;
  }

  double pass_over_active() {
    double fall = 0;
    for (std::size_t k = 0; k < w_.size(); ++k) {
      if (w_[k] != 0) fall += update(k);
    }
    return fall;
  }

  // Solves exactly for the weights that are not 0 with their signs, as far as no sign changes; the weight
  // whose sign would leaves, the one whose derivative is too large enters. The value falls each time, so this
  // ends.
  void exchange(double tolerance) {
    std::vector<double> signs(w_.size());
    for (std::size_t k = 0; k < w_.size(); ++k) signs[k] = w_[k] == 0 ? 0 : std::copysign(1.0, w_[k]);
    const std::size_t most_steps = 100 + 20 * w_.size();
    for (std::size_t step = 0; step < most_steps; ++step) {
      if (!move_to_solution(signs)) continue;
      if (gap() <= tolerance) return;
      const std::size_t entering = most_violated(signs);
      if (entering == w_.size()) return;
      signs[entering] = std::copysign(1.0, rest_[entering]);
    }
    throw NumericError("the L1 regression did not settle: columns depend on each other");
  }

  // False when a weight met 0 on the way, where it stays.
  bool move_to_solution(std::vector<double>& signs) {
    std::vector<std::size_t> active;
    for (std::size_t k = 0; k < w_.size(); ++k) {
      if (signs[k] != 0) active.push_back(k);
    }
    const std::vector<double> goal = solution(active, signs);
    double share = 1;
    std::size_t leaving = w_.size();
    for (std::size_t a = 0; a < active.size(); ++a) {
      const double w = w_[active[a]];
      if (goal[a] * signs[active[a]] > 0) continue;
      const double met = w == goal[a] ? 0 : w / (w - goal[a]);
      if (leaving == w_.size() || met < share) {
        share = met;
        leaving = active[a];
      }
    }
    for (std::size_t a = 0; a < active.size(); ++a) w_[active[a]] += share * (goal[a] - w_[active[a]]);
    if (leaving != w_.size()) w_[leaving] = signs[leaving] = 0;
    rest_ = b_;
    for (const std::size_t k : active) {
      for (std::size_t i = 0; i < rest_.size(); ++i) rest_[i] -= entry(i, k) * w_[k];
    }
    return leaving == w_.size();
  }

  // A_SS w = b_S - lambda signs_S.
  std::vector<double> solution(const std::vector<std::size_t>& active,
                               const std::vector<double>& signs) const {
    const std::size_t count = active.size(), size = count + 1;
    std::vector<double> u(size * size);
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t k = i; k < count; ++k) u[i * size + k] = entry(active[i], active[k]);
      u[i * size + count] = b_[active[i]] - lambda_ * signs[active[i]];
    }
    if (factorise(u, size, count, 1e-15) < count) {
      throw NumericError("the L1 regression has no unique solution: columns depend on each other");
    }
    std::vector<double> w(count);
    for (std::size_t i = count; i-- > 0;) {
      double sum = u[i * size + count];
      for (std::size_t k = i + 1; k < count; ++k) sum -= u[i * size + k] * w[k];
      w[i] = sum / u[i * size + i];
    }
    return w;
  }

  std::size_t most_violated(const std::vector<double>& signs) const {
    std::size_t worst = w_.size();
    double most = 0;
    for (std::size_t k = 0; k < w_.size(); ++k) {
      const double excess = std::abs(rest_[k]) - lambda_ - rounding * std::sqrt(entry(k, k) * own_);
      if (signs[k] == 0 && excess > most) {
        most = excess;
        worst = k;
      }
    }
    return worst;
  }

  // Primal minus dual: the residual, scaled until |X^T r / n| <= lambda everywhere, is a dual point.
  double gap() const {
    double largest = 0, quadratic = own_, fit = own_, absolute = 0;
    for (std::size_t k = 0; k < w_.size(); ++k) {
      largest = std::max(largest, std::abs(rest_[k]));
      quadratic -= w_[k] * (b_[k] + rest_[k]);
      fit -= w_[k] * b_[k];
      absolute += std::abs(w_[k]);
    }
    // With residual e = x_j - X w: e'e/n = quadratic, e'x_j/n = fit.
    const double scale = largest > lambda_ ? lambda_ / largest : 1;
    return 0.5 * quadratic * (1 + scale * scale) - scale * fit + lambda_ * absolute;
  }

  const Matrix& s_;
  const std::vector<int>& parents_;
  double lambda_, own_ = 0;
  std::size_t node_;
  std::vector<double> b_, w_, rest_;
};

class L1Score final : public NodeScore {
 public:
  L1Score(const Gram& gram, const Constraints& constraints, double lambda)
      : gram_(gram), constraints_(constraints), lambda_(lambda) {}

  int nodes() const override { return static_cast<int>(gram_.nodes()); }

  NodeFit fit(int node, std::span<const int> predecessors, const NodeFit* warm,
              std::span<const int> warm_predecessors) const override {
    const std::vector<int> parents = allowed_predecessors(constraints_, node, predecessors);
    Lasso lasso(gram_, node, parents, lambda_);
    if (warm != nullptr && warm->weights.size() == warm_predecessors.size()) {
      std::vector<double> start(parents.size());
      for (std::size_t k = 0; k < parents.size(); ++k) {
        const auto found = std::lower_bound(warm_predecessors.begin(), warm_predecessors.end(), parents[k]);
        if (found == warm_predecessors.end() || *found != parents[k]) continue;
        start[k] = warm->weights[static_cast<std::size_t>(found - warm_predecessors.begin())];
      }
      lasso.begin_at(start);
    }
    lasso.solve();
    return {lasso.value(), spread(predecessors, parents, lasso.weights()), {}, false};
  }

  std::vector<double> gradient(int node, std::span<const int> predecessors,
                               const NodeFit& fit) const override {
    std::vector<double> result = least_squares_gradient(gram_, node, predecessors, fit.weights);
    std::vector<double> w(result.size());
    for (std::size_t k = 0; k < predecessors.size(); ++k)
      w[static_cast<std::size_t>(predecessors[k])] = fit.weights[k];
    for (std::size_t i = 0; i < result.size(); ++i) {
      result[i] = w[i] == 0 ? soft(result[i], lambda_) : result[i] + std::copysign(lambda_, w[i]);
    }
    result[static_cast<std::size_t>(node)] = 0;
    return result;
  }

 private:
  const Gram& gram_;
  const Constraints& constraints_;
  double lambda_;
};

}  // namespace

std::unique_ptr<NodeScore> make_l1_score(const Gram& gram, const Constraints& constraints, double lambda) {
  return std::make_unique<L1Score>(gram, constraints, lambda);
}

}  // namespace xchg::dag
