#include "xchg/dag/order/open_nodes.hpp"

#include <Eigen/Cholesky>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"

namespace xchg::dag {
namespace {

using Dense = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

// The others that may be parents of `node`, in the order.
std::vector<int> allowed_in_order(std::span<const int> order, int node, const Constraints& constraints) {
  std::vector<int> allowed;
  for (const int other : order) {
    if (other != node && constraints.allowed(other, node)) allowed.push_back(other);
  }
  return allowed;
}

Dense cholesky(const Matrix& s, const std::vector<int>& nodes) {
  const auto count = static_cast<Eigen::Index>(nodes.size());
  Dense part(count, count);
  for (Eigen::Index i = 0; i < count; ++i) {
    for (Eigen::Index j = 0; j < count; ++j) {
      part(i, j) = s(static_cast<std::size_t>(nodes[static_cast<std::size_t>(i)]),
                     static_cast<std::size_t>(nodes[static_cast<std::size_t>(j)]));
    }
  }
  const Eigen::LLT<Dense> factor(part);
  if (factor.info() != Eigen::Success) {
    throw NumericError(
        "the moments of a node with forbidden parents or interventions are not positive definite");
  }
  return factor.matrixL();
}

Vector column_of(const Matrix& s, const std::vector<int>& nodes, int node) {
  Vector column(static_cast<Eigen::Index>(nodes.size()));
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    column(static_cast<Eigen::Index>(i)) =
        s(static_cast<std::size_t>(nodes[i]), static_cast<std::size_t>(node));
  }
  return column;
}

}  // namespace

OpenNodes::OpenNodes(const Gram& gram, const Constraints& constraints)
    : gram_(gram), constraints_(constraints), open_(gram.nodes(), -1) {
  for (int node = 0; node < static_cast<int>(gram.nodes()); ++node) {
    const bool own = !gram.part_of.empty() && gram.part_of[static_cast<std::size_t>(node)] >= 0;
    if (!own && !constraints.restricted(node)) continue;
    open_[static_cast<std::size_t>(node)] = static_cast<int>(tables_.size());
    tables_.emplace_back().node = node;
  }
}

void OpenNodes::update(std::span<const int> order, int threads) {
  parallel_for(threads, static_cast<std::int64_t>(tables_.size()), 1,
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t i = begin; i < end; ++i) fill(tables_[static_cast<std::size_t>(i)], order);
               });
}

void OpenNodes::fill(Table& table, std::span<const int> order) const {
  const std::size_t d = order.size();
  const Matrix& s = gram_.matrix_of(table.node);
  const std::vector<int> allowed = allowed_in_order(order, table.node, constraints_);
  const Dense l = cholesky(s, allowed);
  const Vector line = l.triangularView<Eigen::Lower>().solve(column_of(s, allowed, table.node));
  const double own = s(static_cast<std::size_t>(table.node), static_cast<std::size_t>(table.node));

  table.prefix.assign(d, own);
  table.place.assign(d, -1);
  table.later.assign(d, -1);
  double rest = own;
  Eigen::Index taken = 0, before = 0;
  std::size_t others = 0;
  bool passed = false;
  for (const int other : order) {
    if (other == table.node) {
      table.position = others;
      before = taken;
      passed = true;
      continue;
    }
    if (constraints_.allowed(other, table.node)) {
      auto& index = passed ? table.later : table.place;
      index[static_cast<std::size_t>(other)] = static_cast<int>(passed ? taken - before : taken);
      rest -= line(taken) * line(taken);
      ++taken;
    }
    table.prefix[++others] = rest;
  }
  const Eigen::Index after = taken - before;

  // L of the predecessors is the leading block; the rows below it hold L_A^-1 S_Av for the later nodes v.
  const Dense inverse =
      l.topLeftCorner(before, before).triangularView<Eigen::Lower>().solve(Dense::Identity(before, before));
  const Dense below = l.bottomLeftCorner(after, before);
  const Vector weight = inverse.transpose() * line.head(before);
  const Vector precision = inverse.colwise().squaredNorm();
  const Dense coefficient = below * inverse;
  table.weight.assign(weight.data(), weight.data() + before);
  table.precision.assign(precision.data(), precision.data() + before);
  table.covariance.resize(static_cast<std::size_t>(after));
  table.conditional.resize(static_cast<std::size_t>(after));
  table.coefficient.resize(static_cast<std::size_t>(after * before));
  for (Eigen::Index v = 0; v < after; ++v) {
    const auto node = static_cast<std::size_t>(allowed[static_cast<std::size_t>(before + v)]);
    const auto at = static_cast<std::size_t>(v);
    table.covariance[at] =
        s(static_cast<std::size_t>(table.node), node) - below.row(v).dot(line.head(before));
    table.conditional[at] = l.row(before + v).segment(before, v + 1).squaredNorm();
    for (Eigen::Index u = 0; u < before; ++u) {
      table.coefficient[at * static_cast<std::size_t>(before) + static_cast<std::size_t>(u)] =
          coefficient(v, u);
    }
  }
}

double OpenNodes::variance(std::size_t index) const { return tables_[index].prefix[tables_[index].position]; }

double OpenNodes::variance_with(std::size_t index, int v) const {
  const Table& table = tables_[index];
  const int at = table.later[static_cast<std::size_t>(v)];
  if (at < 0) return variance(index);
  const double covariance = table.covariance[static_cast<std::size_t>(at)];
  return variance(index) - covariance * covariance / table.conditional[static_cast<std::size_t>(at)];
}

double OpenNodes::variance_without(std::size_t index, int u) const {
  const Table& table = tables_[index];
  const int at = table.place[static_cast<std::size_t>(u)];
  if (at < 0) return variance(index);
  const double weight = table.weight[static_cast<std::size_t>(at)];
  return variance(index) + weight * weight / table.precision[static_cast<std::size_t>(at)];
}

double OpenNodes::variance_exchanged(std::size_t index, int u, int v) const {
  const Table& table = tables_[index];
  const int leaving = table.place[static_cast<std::size_t>(u)];
  const int joining = table.later[static_cast<std::size_t>(v)];
  if (leaving < 0) return variance_with(index, v);
  if (joining < 0) return variance_without(index, u);
  const auto a = static_cast<std::size_t>(leaving), b = static_cast<std::size_t>(joining);
  const double precision = table.precision[a];
  const double own = table.weight[a];
  const double other = table.coefficient[b * table.weight.size() + a];
  const double covariance = table.covariance[b] + own * other / precision;
  const double conditional = table.conditional[b] + other * other / precision;
  return variance(index) + own * own / precision - covariance * covariance / conditional;
}

void OpenNodes::weights(std::size_t index, std::span<double> column) const {
  const Table& table = tables_[index];
  for (std::size_t i = 0; i < column.size(); ++i) {
    column[i] = table.place[i] < 0 ? 0 : table.weight[static_cast<std::size_t>(table.place[i])];
  }
}

double OpenNodes::half_sum(std::span<const int> order) const {
  double sum = 0;
  for (const Table& table : tables_) {
    const Matrix& s = gram_.matrix_of(table.node);
    std::vector<int> parents;
    for (const int other : order) {
      if (other == table.node) break;
      if (constraints_.allowed(other, table.node)) parents.push_back(other);
    }
    const Dense l = cholesky(s, parents);
    const Vector line = l.triangularView<Eigen::Lower>().solve(column_of(s, parents, table.node));
    sum += 0.5 * (s(static_cast<std::size_t>(table.node), static_cast<std::size_t>(table.node)) -
                  line.squaredNorm());
  }
  return sum;
}

}  // namespace xchg::dag
