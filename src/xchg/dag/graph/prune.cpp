#include "xchg/dag/graph/prune.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/dag/graph.hpp"
#include "xchg/dag/log_gamma.hpp"

namespace xchg::dag {
namespace {

using Dense = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr double usual_threshold = 0.3;
constexpr double mlp_threshold = 0.5;

bool is_linear(Score score) {
  return score == Score::LeastSquares || score == Score::L1 || score == Score::Ridge || score == Score::Bic;
}

bool is_count(Score score) { return score == Score::Logistic || score == Score::Poisson; }

// A node regressed on parents by plain least squares, with standard errors.
struct Fit {
  Vector w, se;
  double residual = 0;
};

Fit regression(const Gram& gram, int node, const std::vector<int>& parents) {
  const Matrix& s = gram.matrix_of(node);
  const auto j = static_cast<std::size_t>(node);
  const auto count = static_cast<Eigen::Index>(parents.size());
  Dense moments(count, count);
  Vector right(count);
  for (Eigen::Index a = 0; a < count; ++a) {
    const auto row = static_cast<std::size_t>(parents[static_cast<std::size_t>(a)]);
    right(a) = s(row, j);
    for (Eigen::Index b = 0; b < count; ++b)
      moments(a, b) = s(row, static_cast<std::size_t>(parents[static_cast<std::size_t>(b)]));
  }
  Fit fit;
  if (count == 0) {
    fit.residual = s(j, j);
    return fit;
  }
  const Eigen::LLT<Dense> factor(moments);
  if (factor.info() != Eigen::Success) {
    throw InputError("the columns that '" + gram.names[j] + "' is regressed on depend on each other", {},
                     "independent columns, or --score ridge or l1");
  }
  const Dense inverse = factor.matrixL().solve(Dense::Identity(count, count));
  const Vector half = factor.matrixL().solve(right);
  fit.w = inverse.transpose() * half;
  fit.residual = std::max(0.0, s(j, j) - half.squaredNorm());
  const auto n = static_cast<double>(gram.rows_of(node));
  const double freedom = n - 1 - static_cast<double>(count);
  const double variance = freedom > 0 ? fit.residual * n / freedom : std::numeric_limits<double>::quiet_NaN();
  fit.se = (variance / n * inverse.colwise().squaredNorm().transpose()).cwiseSqrt();
  return fit;
}

// Those of the parents that do not depend on the ones before them in the list (pivot > 1e-12 S_jj). Penalised
// scores take dependent columns; plain regressions do not.
std::vector<int> independent(const Gram& gram, int node, const std::vector<int>& parents) {
  constexpr double least_pivot = 1e-12;
  const Matrix& s = gram.matrix_of(node);
  const auto count = static_cast<Eigen::Index>(parents.size());
  Dense l = Dense::Zero(count, count);
  std::vector<int> chosen;
  for (const int parent : parents) {
    const auto j = static_cast<std::size_t>(parent);
    const auto row = static_cast<Eigen::Index>(chosen.size());
    for (Eigen::Index k = 0; k < row; ++k) {
      const auto other = static_cast<std::size_t>(chosen[static_cast<std::size_t>(k)]);
      l(row, k) = (s(j, other) - l.row(row).head(k).dot(l.row(k).head(k))) / l(k, k);
    }
    const double pivot = s(j, j) - l.row(row).head(row).squaredNorm();
    if (pivot <= least_pivot * s(j, j)) continue;
    l(row, row) = std::sqrt(pivot);
    chosen.push_back(parent);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

class Pruning {
 public:
  Pruning(Result& result, const Gram& gram, const NodeScore& score, const Constraints& constraints,
          const Options& options)
      : result_(result),
        gram_(gram),
        score_(score),
        constraints_(constraints),
        options_(options),
        d_(gram.nodes()) {}

  void run() {
    method_ = options_.prune;
    if (options_.default_prune) {
      method_ =
          is_linear(options_.score) && options_.method != Method::Topo ? Prune::TTest : Prune::Threshold;
    }
    if (!is_linear(options_.score) && method_ != Prune::Threshold && method_ != Prune::None) {
      throw InputError(
          "edges of the score " + std::string(name(options_.score)) + " are pruned by a threshold only", {},
          "--prune threshold or none");
    }
    if (is_linear(options_.score)) standard_errors();
    keep_ = Matrix(d_, d_);
    // Bic and penalties have chosen parents of their own.
    const bool penalised =
        options_.score == Score::L1 || (is_count(options_.score) && options_.score_options.l1);
    const bool chosen = options_.default_prune && (options_.score == Score::Bic || penalised);
    if (chosen || method_ == Prune::None) {
      keep_all();
    } else if (method_ == Prune::Threshold) {
      keep_strong();
    } else if (method_ == Prune::TTest) {
      keep_significant();
    } else if (method_ == Prune::Bic) {
      keep_by_bic();
    } else {
      keep_by_l1();
    }
    for (const Edge& edge : constraints_.required_edges())
      keep_(static_cast<std::size_t>(edge.from), static_cast<std::size_t>(edge.to)) = 1;
    refit();
  }

 private:
  // Parents for a plain regression: all of them, or where the score takes dependent columns an independent
  // set that has the required ones.
  std::vector<int> regressable(int node, std::vector<int> parents) const {
    if (options_.score != Score::Ridge && options_.score != Score::L1) return parents;
    std::stable_partition(parents.begin(), parents.end(),
                          [&](int parent) { return constraints_.required(parent, node); });
    return independent(gram_, node, parents);
  }

  // Those before the node, in the order, that may be its parents.
  std::vector<int> predecessors(std::size_t position) const {
    std::vector<int> list;
    for (std::size_t k = 0; k < position; ++k) {
      if (constraints_.allowed(result_.order[k], result_.order[position])) list.push_back(result_.order[k]);
    }
    std::sort(list.begin(), list.end());
    return regressable(result_.order[position], list);
  }

  // Of every position the regression on those before it.
  const std::vector<Fit>& order_fits() {
    if (!fits_.empty()) return fits_;
    const bool closed = options_.score == Score::LeastSquares && gram_.parts.empty();
    if (closed && !constraints_.any_restricted() && constraints_.free_order()) {
      fits_ = closed_fits();
      return fits_;
    }
    for (std::size_t k = 0; k < d_; ++k) {
      fits_.push_back(regression(gram_, result_.order[k], predecessors(k)));
    }
    return fits_;
  }

  // All at once from M = L^-1 of the order: r_k = 1/M_kk^2, W(i, k) = -M_ki / M_kk, and the inverse of the
  // moments of the first k nodes has the diagonal sum over t < k of M_ti^2.
  std::vector<Fit> closed_fits() const {
    const auto d = static_cast<Eigen::Index>(d_);
    const Eigen::VectorXi order = Eigen::Map<const Eigen::VectorXi>(result_.order.data(), d);
    const Eigen::Map<const Dense> s(gram_.s.values.data(), d, d);  // symmetric, so that rows are columns
    const Eigen::LLT<Dense> factor(Dense(s(order, order)));
    if (factor.info() != Eigen::Success) {
      throw NumericError("the Gram matrix is not positive definite in double precision");
    }
    const Dense m = factor.matrixL().solve(Dense::Identity(d, d));
    Vector inverse = Vector::Zero(d);
    std::vector<Fit> fits(d_);
    for (Eigen::Index k = 0; k < d; ++k) {
      // Predecessors are asked for by ascending number.
      std::vector<Eigen::Index> places(static_cast<std::size_t>(k));
      std::iota(places.begin(), places.end(), Eigen::Index{0});
      std::sort(places.begin(), places.end(),
                [&](Eigen::Index x, Eigen::Index y) { return order(x) < order(y); });
      Fit& fit = fits[static_cast<std::size_t>(k)];
      fit.residual = 1 / (m(k, k) * m(k, k));
      const auto n = static_cast<double>(gram_.n);
      const double freedom = n - 1 - static_cast<double>(k);
      const double variance = freedom > 0 ? fit.residual / freedom : std::numeric_limits<double>::quiet_NaN();
      fit.w = -m.row(k)(places).transpose() / m(k, k);
      fit.se = (variance * inverse(places)).cwiseSqrt();
      inverse.head(k + 1) += m.row(k).head(k + 1).cwiseAbs2().transpose();
    }
    return fits;
  }

  void standard_errors() {
    if (options_.score == Score::Ridge || options_.score == Score::L1) return;  // none that are simple
    if (options_.score == Score::Bic) return;  // those of the chosen parents follow
    result_.se_order = Matrix(d_, d_);
    for (std::size_t k = 0; k < d_; ++k) {
      const std::vector<int> before = predecessors(k);
      const Fit& fit = order_fits()[k];
      for (std::size_t a = 0; a < before.size(); ++a) {
        result_.se_order(static_cast<std::size_t>(before[a]), static_cast<std::size_t>(result_.order[k])) =
            fit.se(static_cast<Eigen::Index>(a));
      }
    }
  }

  void keep_all() { keep_ = adjacency(result_.w_order); }

  void keep_strong() {
    const double usual = options_.score == Score::Mlp ? mlp_threshold : usual_threshold;
    const double threshold = options_.threshold > 0 ? options_.threshold : usual;
    for (std::size_t i = 0; i < d_ * d_; ++i)
      keep_.values[i] = std::abs(result_.w_order.values[i]) >= threshold;
  }

  // Holm's step-down test of all coefficients of the order.
  void keep_significant() {
    struct Test {
      double p;
      std::size_t i, j;
    };
    std::vector<Test> tests;
    for (std::size_t k = 0; k < d_; ++k) {
      const auto j = static_cast<std::size_t>(result_.order[k]);
      const std::vector<int> before = predecessors(k);
      const Fit& fit = order_fits()[k];
      const double freedom =
          static_cast<double>(gram_.rows_of(result_.order[k])) - 1 - static_cast<double>(before.size());
      for (std::size_t a = 0; a < before.size(); ++a) {
        const auto at = static_cast<Eigen::Index>(a);
        const double p = freedom > 0 ? t_test_p(std::abs(fit.w(at)) / fit.se(at), freedom) : 1;
        tests.push_back({p, static_cast<std::size_t>(before[a]), j});
      }
    }
    std::sort(tests.begin(), tests.end(), [](const Test& a, const Test& b) {
      return std::tuple(a.p, a.i, a.j) < std::tuple(b.p, b.i, b.j);
    });
    for (std::size_t rank = 0; rank < tests.size(); ++rank) {
      if (tests[rank].p > options_.alpha / static_cast<double>(tests.size() - rank)) break;
      keep_(tests[rank].i, tests[rank].j) = 1;
    }
  }

  // Backward elimination: the parent whose loss raises n log r + |Pa| log n least, while that falls.
  void keep_by_bic() {
    for (std::size_t k = 0; k < d_; ++k) {
      const int node = result_.order[k];
      const auto n = static_cast<double>(gram_.rows_of(node));
      std::vector<int> parents = predecessors(k);
      while (!parents.empty()) {
        const Fit fit = regression(gram_, node, parents);
        double least = std::numeric_limits<double>::infinity();
        std::size_t weakest = parents.size();
        for (std::size_t a = 0; a < parents.size(); ++a) {
          if (constraints_.required(parents[a], node)) continue;
          const auto at = static_cast<Eigen::Index>(a);
          // Without it the residual variance grows by w^2 / (S_PP^-1)_aa, and se^2 is that inverse up to a
          // factor.
          const double factor = fit.residual / (n - 1 - static_cast<double>(parents.size()));
          const double growth = fit.w(at) * fit.w(at) * factor / (fit.se(at) * fit.se(at));
          if (growth < least) {
            least = growth;
            weakest = a;
          }
        }
        if (weakest == parents.size() || n * std::log1p(least / fit.residual) >= std::log(n)) break;
        parents.erase(parents.begin() + static_cast<std::ptrdiff_t>(weakest));
      }
      for (const int parent : parents)
        keep_(static_cast<std::size_t>(parent), static_cast<std::size_t>(node)) = 1;
    }
  }

  // The support of an L1 regression on standardised columns; Adaptive: with penalties divided by |w| of the
  // regression.
  void keep_by_l1() {
    Gram scaled = standardized(gram_);
    for (std::size_t k = 0; k < d_; ++k) {
      const int node = result_.order[k];
      const auto j = static_cast<std::size_t>(node);
      const std::vector<int> before = predecessors(k);
      Gram weighted = scaled;
      if (method_ == Prune::Adaptive && !before.empty()) {
        const Fit fit = regression(scaled, node, before);
        std::vector<double> size(d_, 1.0);
        for (std::size_t a = 0; a < before.size(); ++a) {
          size[static_cast<std::size_t>(before[a])] =
              std::max(std::abs(fit.w(static_cast<Eigen::Index>(a))), 1e-150);
        }
        size[j] = 1;
        for (Matrix* s : matrices(weighted)) {
          for (std::size_t a = 0; a < d_; ++a) {
            for (std::size_t b = 0; b < d_; ++b) (*s)(a, b) *= size[a] * size[b];
          }
        }
      }
      const auto lasso =
          make_node_score(weighted, nullptr, constraints_, Score::L1, options_.score_options, options_.seed);
      const NodeFit fit = lasso->fit(node, before);
      for (std::size_t a = 0; a < before.size(); ++a)
        keep_(static_cast<std::size_t>(before[a]), j) = fit.weights[a] != 0;
    }
  }

  static std::vector<Matrix*> matrices(Gram& gram) {
    std::vector<Matrix*> list{&gram.s};
    for (Gram::Part& part : gram.parts) list.push_back(&part.s);
    return list;
  }

  // The score of the options on the kept parents alone. Linear scores get least-squares weights: penalties
  // have done their work.
  void refit() {
    result_.w = Matrix(d_, d_);
    if (is_linear(options_.score)) result_.se = Matrix(d_, d_);
    double sum = 0;
    for (std::size_t j = 0; j < d_; ++j) {
      std::vector<int> parents;
      for (std::size_t i = 0; i < d_; ++i) {
        if (keep_(i, j) != 0) parents.push_back(static_cast<int>(i));
      }
      parents = regressable(static_cast<int>(j), parents);
      sum += is_linear(options_.score) ? refit_linear(j, parents) : refit_score(j, parents);
    }
    result_.score_graph = sum;
  }

  double refit_linear(std::size_t j, const std::vector<int>& parents) {
    const Fit fit = regression(gram_, static_cast<int>(j), parents);
    double absolute = 0, squares = 0;
    for (std::size_t a = 0; a < parents.size(); ++a) {
      const auto i = static_cast<std::size_t>(parents[a]);
      const double w = fit.w(static_cast<Eigen::Index>(a));
      result_.w(i, j) = w;
      result_.se(i, j) = fit.se(static_cast<Eigen::Index>(a));
      absolute += std::abs(w);
      squares += w * w;
    }
    const auto n = static_cast<double>(gram_.rows_of(static_cast<int>(j)));
    const ScoreOptions& score = options_.score_options;
    if (options_.score == Score::Bic)
      return n * std::log(fit.residual) + static_cast<double>(parents.size()) * std::log(n);
    if (options_.score == Score::L1) return 0.5 * fit.residual + score.lambda1 * absolute;
    if (options_.score == Score::Ridge) return 0.5 * fit.residual + 0.5 * score.lambda2 * squares;
    return 0.5 * fit.residual;
  }

  double refit_score(std::size_t j, const std::vector<int>& parents) {
    const NodeFit fit = score_.fit(static_cast<int>(j), parents);
    for (std::size_t a = 0; a < parents.size(); ++a)
      result_.w(static_cast<std::size_t>(parents[a]), j) = fit.weights[a];
    return fit.cost;
  }

  Result& result_;
  const Gram& gram_;
  const NodeScore& score_;
  const Constraints& constraints_;
  const Options& options_;
  std::size_t d_;
  Prune method_ = Prune::TTest;
  Matrix keep_;
  std::vector<Fit> fits_;  // see order_fits()
};

// The continued fraction of the incomplete beta function (modified Lentz).
double beta_fraction(double a, double b, double x) {
  constexpr double tiny = 1e-300;
  double c = 1, d = 1 - (a + b) * x / (a + 1);
  d = 1 / (std::abs(d) < tiny ? tiny : d);
  double value = d;
  for (int m = 1; m < 10000; ++m) {
    for (const bool even : {true, false}) {
      const double term = even ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                               : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 + term * d;
      c = 1 + term / c;
      d = 1 / (std::abs(d) < tiny ? tiny : d);
      if (std::abs(c) < tiny) c = tiny;
      value *= d * c;
    }
    if (std::abs(d * c - 1) < 1e-15) break;
  }
  return value;
}

// log(Gamma(a + 1/2) / Gamma(a)); of large numbers by its series, where the difference would lose digits.
double log_gamma_step(double a) {
  if (a < 100) return log_gamma(a + 0.5) - log_gamma(a);
  return 0.5 * std::log(a) - 1 / (8 * a) + 1 / (192 * a * a * a);
}

// I_x(a, 1/2) for y = 1 - x.
double incomplete_beta(double a, double x, double y) {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const double power = y < 0.5 ? std::log1p(-y) : std::log(x);
  const double front =
      std::exp(log_gamma_step(a) - 0.5 * std::log(std::numbers::pi) + a * power + 0.5 * std::log(y));
  return x < (a + 1) / (a + 2.5) ? front * beta_fraction(a, 0.5, x) / a
                                 : 1 - front * beta_fraction(0.5, a, y) / 0.5;
}

}  // namespace

double t_test_p(double t, double freedom) {
  if (std::isnan(t)) return 1;
  if (std::isinf(t)) return 0;
  return incomplete_beta(freedom / 2, freedom / (freedom + t * t), t * t / (freedom + t * t));
}

void prune(Result& result, const Gram& gram, const Data* /*data*/, const NodeScore& score,
           const Constraints& constraints, const Options& options) {
  Pruning(result, gram, score, constraints, options).run();
}

}  // namespace xchg::dag
