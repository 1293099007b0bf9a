#include "xchg/dag/learn/kkt.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "xchg/dag/order/walks.hpp"

namespace xchg::dag {
namespace {

// A gradient this small against the scale of its columns is rounding.
constexpr double negligible = 1e-8;
constexpr int most_rounds = 50;

using Dense = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// -S (I - W), for nodes with moments of their own from those.
Matrix least_squares_gradient(const Gram& gram, const Matrix& w) {
  const auto d = static_cast<Eigen::Index>(gram.nodes());
  Matrix gradient(gram.nodes(), gram.nodes());
  const Eigen::Map<const Dense> s(gram.s.values.data(), d, d), weights(w.values.data(), d, d);
  Eigen::Map<Dense> out(gradient.values.data(), d, d);
  out.noalias() = s * weights;
  out -= s;
  for (Eigen::Index j = 0; j < d; ++j) {
    if (gram.part_of.empty() || gram.part_of[static_cast<std::size_t>(j)] < 0) continue;
    const Matrix& own = gram.matrix_of(static_cast<int>(j));
    const Eigen::Map<const Dense> part(own.values.data(), d, d);
    out.col(j) = part * weights.col(j) - part.col(j);
  }
  return gradient;
}

// Of any score, node by node. Empty where there is none.
Matrix gradient_of(const Problem& problem, const std::vector<int>& order, const Matrix& w) {
  if (problem.options.score == Score::LeastSquares) return least_squares_gradient(problem.gram, w);
  const std::size_t d = problem.gram.nodes();
  Matrix gradient(d, d);
  std::vector<int> before;
  for (const int node : order) {
    const NodeFit fit = problem.score.fit(node, before);
    const std::vector<double> column = problem.score.gradient(node, before, fit);
    if (column.empty()) return {};
    for (std::size_t i = 0; i < d; ++i) gradient(i, static_cast<std::size_t>(node)) = column[i];
    before.insert(std::lower_bound(before.begin(), before.end(), node), node);
  }
  return gradient;
}

// Whether some pair that is not adjacent could be joined against the order.
bool has_zeros(const Matrix& w, const std::vector<int>& order) {
  for (std::size_t a = 0; a < order.size(); ++a) {
    for (std::size_t b = a + 1; b < order.size(); ++b) {
      if (w(static_cast<std::size_t>(order[a]), static_cast<std::size_t>(order[b])) == 0) return true;
    }
  }
  return false;
}

// What a gradient is measured by.
double gradient_scale(const Problem& problem, const Edge& edge) {
  const auto from = static_cast<std::size_t>(edge.from), to = static_cast<std::size_t>(edge.to);
  const double target = std::sqrt(problem.gram.s(to, to));
  // The polynomials of the additive score are those of standardised values.
  return problem.options.score == Score::Additive ? target : std::sqrt(problem.gram.s(from, from)) * target;
}

}  // namespace

std::optional<double> kkt_residual(const Problem& problem, const std::vector<int>& order, const Matrix& w,
                                   Edge* worst) {
  const Matrix gradient = gradient_of(problem, order, w);
  if (gradient.empty()) return std::nullopt;
  const Matrix walks = has_zeros(w, order) ? walk_weights(w, order, Acyclicity::LogDet) : Matrix();
  double residual = 0;
  for (std::size_t a = 0; a < order.size(); ++a) {
    for (std::size_t b = 0; b < order.size(); ++b) {
      const int i = order[a], j = order[b];
      const auto from = static_cast<std::size_t>(i), to = static_cast<std::size_t>(j);
      if (i == j || !problem.constraints.allowed(i, j) || problem.constraints.before(j, i)) continue;
      const bool closes_cycle = b < a && (walks.empty() || walks(to, from) != 0);
      if (!closes_cycle && std::abs(gradient(from, to)) > residual) {
        residual = std::abs(gradient(from, to));
        if (worst != nullptr) *worst = {i, j};
      }
    }
  }
  return residual;
}

void leave_non_kkt(OrderState& state, const Problem& problem, SearchClock& clock) {
  for (int round = 0; round < most_rounds && !clock.stop(); ++round) {
    Matrix w = state.weights();
    if (!has_zeros(w, state.order())) return;
    Edge worst;
    const auto residual = kkt_residual(problem, state.order(), w, &worst);
    if (!residual) return;
    const auto from = static_cast<std::size_t>(worst.from), to = static_cast<std::size_t>(worst.to);
    if (*residual <= negligible * gradient_scale(problem, worst)) return;
    w(from, to) = 1;
    auto order = topological_order(w);
    if (!order) return;  // only along the order: the regression's own residual
    if (!problem.constraints.free_order()) order = problem.constraints.repaired(*order);
    const std::vector<int> old = state.order();
    const double old_score = state.score();
    state.reset(*order);
    if (!(state.score() < old_score + improvement_bound(old_score))) {
      state.reset(old);
      return;
    }
    clock.step("kkt", 1, state.score());
    descend(state, problem.options, clock);
  }
}

}  // namespace xchg::dag
