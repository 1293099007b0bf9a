#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "xchg/dag/order/remaining_bound.hpp"

namespace xchg::dag {
namespace {

Eigen::MatrixXd sub_matrix(const Matrix& s, const std::vector<int>& nodes) {
  const auto size = static_cast<Eigen::Index>(nodes.size());
  Eigen::MatrixXd out(size, size);
  for (Eigen::Index i = 0; i < size; ++i) {
    for (Eigen::Index k = 0; k < size; ++k) {
      out(i, k) = s(static_cast<std::size_t>(nodes[static_cast<std::size_t>(i)]),
                    static_cast<std::size_t>(nodes[static_cast<std::size_t>(k)]));
    }
  }
  return out;
}

// What is known of each node's variance, also when one more node is known to be on one side of it.
class PairLimits {
 public:
  PairLimits(const Matrix& s, const Precedence& precedence)
      : least(s.rows), most(s.rows), least_without_(s.rows, s.rows), most_with_(s.rows, s.rows) {
    for (std::size_t j = 0; j < s.rows; ++j) {
      fill_least(s, precedence, j);
      fill_most(s, precedence, j);
    }
  }

  // rho_j, and where `other` does not precede it.
  double least_without(std::size_t j, std::size_t other) const { return least_without_(j, other); }
  // v_j where `other` does precede it.
  double most_with(std::size_t j, std::size_t other) const { return most_with_(j, other); }

  std::vector<double> least, most;

 private:
  // With K the inverse of S of j and all that may precede it: rho_j = 1 / K_jj, and without i
  // 1 / (K_jj - K_ij^2 / K_ii).
  void fill_least(const Matrix& s, const Precedence& precedence, std::size_t j) {
    std::vector<int> nodes = precedence.possible_before(j);
    nodes.push_back(static_cast<int>(j));
    const auto size = static_cast<Eigen::Index>(nodes.size());
    const Eigen::MatrixXd k = sub_matrix(s, nodes).llt().solve(Eigen::MatrixXd::Identity(size, size));
    const Eigen::Index last = size - 1;
    least[j] = 1 / k(last, last);
    for (std::size_t i = 0; i < s.rows; ++i) least_without_(j, i) = least[j];
    for (Eigen::Index i = 0; i < last; ++i) {
      const double rest = k(last, last) - k(i, last) * k(i, last) / k(i, i);
      least_without_(j, static_cast<std::size_t>(nodes[static_cast<std::size_t>(i)])) = 1 / rest;
    }
  }

  // The Schur complement A of the others given all that must precede j: v_j = A_jj, with i A_jj - A_ij^2 /
  // A_ii.
  void fill_most(const Matrix& s, const Precedence& precedence, std::size_t j) {
    std::vector<int> nodes = precedence.forced_before(j);
    const auto forced = static_cast<Eigen::Index>(nodes.size());
    for (std::size_t i = 0; i < s.rows; ++i) {
      if (!precedence.before(i, j)) nodes.push_back(static_cast<int>(i));
    }
    const Eigen::MatrixXd part = sub_matrix(s, nodes);
    const Eigen::Index free = part.rows() - forced;
    Eigen::MatrixXd a = part.bottomRightCorner(free, free);
    if (forced > 0) {
      const Eigen::MatrixXd cross = part.topRightCorner(forced, free);
      a -= cross.transpose() * part.topLeftCorner(forced, forced).llt().solve(cross);
    }
    const auto node = [&](Eigen::Index i) {
      return static_cast<std::size_t>(nodes[static_cast<std::size_t>(forced + i)]);
    };
    Eigen::Index at = 0;
    while (node(at) != j) ++at;
    most[j] = a(at, at);
    for (std::size_t i = 0; i < s.rows; ++i) most_with_(j, i) = most[j];
    for (Eigen::Index i = 0; i < free; ++i) {
      if (i != at) most_with_(j, node(i)) = a(at, at) - a(i, at) * a(i, at) / a(i, i);
    }
  }

  Matrix least_without_, most_with_;
};

VarianceLimits limits_of(const PairLimits& pairs) {
  VarianceLimits limits;
  for (std::size_t j = 0; j < pairs.least.size(); ++j) {
    limits.add(pairs.least[j], std::log(pairs.least[j]), pairs.most[j]);
  }
  return limits;
}

}  // namespace

Precedence::Precedence(const Constraints& constraints)
    : nodes_(constraints.nodes()), before_(nodes_ * nodes_) {
  for (std::size_t a = 0; a < nodes_; ++a) {
    for (std::size_t b = 0; b < nodes_; ++b) {
      before_[a * nodes_ + b] = constraints.before(static_cast<int>(a), static_cast<int>(b)) ? 1 : 0;
    }
  }
}

void Precedence::add(std::size_t a, std::size_t b) {
  for (std::size_t first = 0; first < nodes_; ++first) {
    if (first != a && !before(first, a)) continue;
    for (std::size_t second = 0; second < nodes_; ++second) {
      if (second == b || before(b, second)) before_[first * nodes_ + second] = 1;
    }
  }
}

std::vector<int> Precedence::forced_before(std::size_t node) const {
  std::vector<int> nodes;
  for (std::size_t i = 0; i < nodes_; ++i) {
    if (before(i, node)) nodes.push_back(static_cast<int>(i));
  }
  return nodes;
}

std::vector<int> Precedence::possible_before(std::size_t node) const {
  std::vector<int> nodes;
  for (std::size_t i = 0; i < nodes_; ++i) {
    if (i != node && !before(node, i)) nodes.push_back(static_cast<int>(i));
  }
  return nodes;
}

void VarianceLimits::clear() {
  least.clear();
  log_least.clear();
  most.clear();
}

void VarianceLimits::add(double low, double log_low, double high) {
  least.push_back(low);
  log_least.push_back(log_low);
  most.push_back(high);
}

double least_half_sum(const VarianceLimits& limits, double log_det, double enough) {
  const std::size_t size = limits.least.size();
  if (size == 0) return 0;
  // Where the limits bind was found at the last lambda; the others share what is left of the product.
  double log_lambda = log_det / static_cast<double>(size), best = 0;
  for (int round = 0; round < 6 && 0.5 * best < enough; ++round) {
    const double lambda = std::exp(log_lambda);
    double sum = 0, log_bound = 0;
    int free = 0;
    for (std::size_t k = 0; k < size; ++k) {
      if (limits.least[k] >= lambda) {
        sum += limits.least[k];
        log_bound += limits.log_least[k];
      } else if (limits.most[k] <= lambda) {
        sum += limits.most[k];
        log_bound += std::log(limits.most[k]);
      } else {
        ++free;
      }
    }
    best = std::max(best, sum + free * lambda + lambda * (log_det - log_bound - free * log_lambda));
    if (free == 0) break;
    const double next = (log_det - log_bound) / free;
    if (std::abs(next - log_lambda) < 1e-12) break;
    log_lambda = next;
  }
  return 0.5 * best;
}

std::vector<double> imply_precedence(const Matrix& s, double score, Precedence& precedence) {
  const std::size_t d = s.rows;
  const double log_det = log_determinant(s);
  for (bool changed = true; changed;) {
    changed = false;
    const PairLimits pairs(s, precedence);
    VarianceLimits limits = limits_of(pairs);
    for (std::size_t k = 0; k < d; ++k) {
      for (std::size_t j = 0; j < d; ++j) {
        if (j == k || precedence.before(k, j) || precedence.before(j, k)) continue;
        // Suppose k before j: j is none of what k is regressed on, and k one of j's.
        limits.least[k] = pairs.least_without(k, j);
        limits.log_least[k] = std::log(limits.least[k]);
        limits.most[j] = pairs.most_with(j, k);
        if (least_half_sum(limits, log_det, score) >= score) {
          precedence.add(j, k);
          changed = true;
        }
        limits.least[k] = pairs.least[k];
        limits.log_least[k] = std::log(pairs.least[k]);
        limits.most[j] = pairs.most[j];
      }
    }
    if (!changed) return pairs.least;
  }
  return {};
}

double log_determinant(const Matrix& s) {
  std::vector<int> nodes;
  for (std::size_t j = 0; j < s.rows; ++j) nodes.push_back(static_cast<int>(j));
  return 2 * Eigen::MatrixXd(sub_matrix(s, nodes).llt().matrixL()).diagonal().array().log().sum();
}

}  // namespace xchg::dag
