#include "xchg/dag/identifiability.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "xchg/core/error.hpp"

namespace xchg::dag {
namespace {

constexpr double tie = 1e-9;  // values so near to each other, relatively, count as equal

// (d) rows of bits: j is in row i when a walk of the current length goes from i to j.
class Reach {
 public:
  explicit Reach(std::size_t nodes) : words_((nodes + 63) / 64), bits_(nodes * words_) {}

  void add(std::size_t from, std::size_t to) {
    bits_[from * words_ + to / 64] |= std::uint64_t{1} << to % 64;
  }
  void add_all(std::size_t from, const Reach& other, std::size_t row) {
    for (std::size_t w = 0; w < words_; ++w) bits_[from * words_ + w] |= other.bits_[row * words_ + w];
  }
  bool none() const {
    return std::all_of(bits_.begin(), bits_.end(), [](std::uint64_t word) { return word == 0; });
  }
  template <class Function>
  void for_each(std::size_t from, Function&& function) const {
    for (std::size_t w = 0; w < words_; ++w) {
      for (std::uint64_t left = bits_[from * words_ + w]; left != 0; left &= left - 1)
        function(64 * w + static_cast<std::size_t>(std::countr_zero(left)));
    }
  }

 private:
  std::size_t words_;
  std::vector<std::uint64_t> bits_;
};

// 1 where the value rises, 1/2 where it stays.
double rise(double from, double to) {
  if (std::abs(to - from) <= tie * std::max(std::abs(from), std::abs(to))) return 0.5;
  return to > from ? 1 : 0;
}

// (d) where each node stands in the order.
std::vector<std::size_t> positions(std::span<const int> order) {
  const std::size_t d = order.size();
  std::vector<std::size_t> result(d, d);
  for (std::size_t k = 0; k < d; ++k) {
    const int node = order[k];
    if (node < 0 || static_cast<std::size_t>(node) >= d || result[static_cast<std::size_t>(node)] != d)
      throw InputError("an order does not name each node once", {}, fmt::format("0 to {}, each once", d - 1));
    result[static_cast<std::size_t>(node)] = k;
  }
  return result;
}

}  // namespace

double sortability(const Matrix& truth, std::span<const double> values) {
  const std::size_t d = values.size();
  if (truth.rows != d || truth.columns != d) {
    throw InputError(fmt::format("the true graph is {} x {}", truth.rows, truth.columns), {},
                     fmt::format("{} x {}, one row and column a variable", d, d));
  }
  Reach walks(d);
  std::vector<std::vector<std::size_t>> children(d);
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) {
      if (truth(i, j) == 0) continue;
      children[i].push_back(j);
      walks.add(i, j);
    }
  }
  double rising = 0;
  std::int64_t pairs = 0;
  for (std::size_t length = 1; length < d && !walks.none(); ++length) {
    Reach longer(d);
    for (std::size_t i = 0; i < d; ++i) {
      walks.for_each(i, [&](std::size_t j) {
        rising += rise(values[i], values[j]);
        ++pairs;
      });
      for (const std::size_t child : children[i]) longer.add_all(i, walks, child);
    }
    walks = std::move(longer);
  }
  return pairs == 0 ? 0.5 : rising / static_cast<double>(pairs);
}

double varsortability(const Matrix& truth, const Gram& gram) {
  std::vector<double> variances;
  for (std::size_t j = 0; j < gram.nodes(); ++j) variances.push_back(gram.s(j, j));
  return sortability(truth, variances);
}

double r2_sortability(const Matrix& truth, const Gram& gram) {
  return sortability(truth, explained_shares(gram));
}

// 1 / (C^-1)_jj with the eigenvectors of the correlation matrix C. A variable in a direction of no variance
// depends on the others exactly: all of it is explained.
std::vector<double> explained_shares(const Gram& gram) {
  constexpr double dependent = 1e-13;  // eigenvalues, and squared parts of eigenvectors, that are rounding
  const auto d = static_cast<Eigen::Index>(gram.nodes());
  Eigen::MatrixXd correlation(d, d);
  for (Eigen::Index i = 0; i < d; ++i) {
    for (Eigen::Index j = 0; j < d; ++j) {
      const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
      correlation(i, j) = gram.s(a, b) / std::sqrt(gram.s(a, a)) / std::sqrt(gram.s(b, b));
    }
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(correlation);
  std::vector<double> shares;
  for (Eigen::Index j = 0; j < d; ++j) {
    double inverse = 0;
    bool exact = false;
    for (Eigen::Index k = 0; k < d; ++k) {
      const double value = solver.eigenvalues()(k), part = solver.eigenvectors()(j, k);
      if (value > dependent * static_cast<double>(d)) {
        inverse += part * part / value;
      } else {
        exact = exact || part * part > dependent;
      }
    }
    shares.push_back(exact ? 1 : std::clamp(1 - 1 / inverse, 0.0, 1.0));
  }
  return shares;
}

double kendall_distance(std::span<const int> a, std::span<const int> b) {
  const std::vector<std::size_t> first = positions(a), second = positions(b);
  const std::size_t d = first.size();
  if (second.size() != d) throw InputError("the orders are of different nodes", {}, "each node once in both");
  if (d < 2) return 0;
  std::int64_t discordant = 0;
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = i + 1; j < d; ++j)
      discordant += (first[i] < first[j]) == (second[i] < second[j]) ? 0 : 1;
  }
  return static_cast<double>(discordant) / (static_cast<double>(d) * static_cast<double>(d - 1) / 2);
}

std::vector<int> variance_order(const Gram& gram) {
  std::vector<int> order(gram.nodes());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b);
    return gram.s(i, i) < gram.s(j, j);
  });
  return order;
}

}  // namespace xchg::dag
