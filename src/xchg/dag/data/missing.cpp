#include "xchg/dag/data/missing.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <cmath>
#include <map>

#include "xchg/core/error.hpp"
#include "xchg/core/utf8.hpp"

namespace xchg::dag {
namespace {

using Dense = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr int most_steps = 10000;
constexpr double converged = 1e-10;

// Rows that have the same values present.
struct Pattern {
  std::vector<Eigen::Index> present, absent;
  std::vector<std::size_t> rows;
};

std::vector<Pattern> patterns_of(const Data& data) {
  std::map<std::vector<bool>, Pattern> patterns;
  const std::size_t d = data.x.columns;
  for (std::size_t i = 0; i < data.x.rows; ++i) {
    std::vector<bool> present(d);
    for (std::size_t j = 0; j < d; ++j) present[j] = !std::isnan(data.x(i, j));
    Pattern& pattern = patterns[present];
    if (pattern.rows.empty()) {
      for (std::size_t j = 0; j < d; ++j) {
        (present[j] ? pattern.present : pattern.absent).push_back(static_cast<Eigen::Index>(j));
      }
    }
    pattern.rows.push_back(i);
  }
  std::vector<Pattern> list;
  for (auto& [key, pattern] : patterns) list.push_back(std::move(pattern));
  return list;
}

Vector present_values(const Data& data, const Pattern& pattern, std::size_t row) {
  Vector values(static_cast<Eigen::Index>(pattern.present.size()));
  for (Eigen::Index k = 0; k < values.size(); ++k) {
    values(k) = data.x(row, static_cast<std::size_t>(pattern.present[static_cast<std::size_t>(k)]));
  }
  return values;
}

// Means and variances of the present values of each column.
void first_guess(const Data& data, Vector& mean, Dense& s) {
  const std::size_t d = data.x.columns;
  mean.setZero();
  s.setZero();
  for (std::size_t j = 0; j < d; ++j) {
    double count = 0, sum = 0, squares = 0;
    for (std::size_t i = 0; i < data.x.rows; ++i) {
      if (std::isnan(data.x(i, j))) continue;
      ++count;
      sum += data.x(i, j);
    }
    if (count < 2) {
      throw InputError(fmt::format("column {} has {} values", utf8::quoted(data.names[j]), count), {},
                       "at least 2");
    }
    for (std::size_t i = 0; i < data.x.rows; ++i) {
      if (!std::isnan(data.x(i, j))) squares += (data.x(i, j) - sum / count) * (data.x(i, j) - sum / count);
    }
    const auto at = static_cast<Eigen::Index>(j);
    mean(at) = sum / count;
    s(at, at) = squares / count;
  }
}

// One step: what is expected of the absent values and of their products given the present ones.
void step(const Data& data, const std::vector<Pattern>& patterns, Vector& mean, Dense& s) {
  const auto d = mean.size();
  Vector sum = Vector::Zero(d);
  Dense products = Dense::Zero(d, d);
  for (const Pattern& pattern : patterns) {
    Dense regression;  // of the absent on the present
    if (!pattern.absent.empty() && !pattern.present.empty()) {
      regression = Dense(s(pattern.present, pattern.present))
                       .ldlt()
                       .solve(Dense(s(pattern.present, pattern.absent)))
                       .transpose();
    }
    Vector row(d);
    for (const std::size_t i : pattern.rows) {
      const Vector values = present_values(data, pattern, i);
      const Vector deviation = values - mean(pattern.present);
      row(pattern.present) = deviation;
      if (!pattern.absent.empty()) {
        row(pattern.absent) = pattern.present.empty()
                                  ? Vector::Zero(static_cast<Eigen::Index>(pattern.absent.size())).eval()
                                  : (regression * deviation).eval();
      }
      sum += row;
      products.selfadjointView<Eigen::Lower>().rankUpdate(row);
    }
    if (!pattern.absent.empty()) {
      Dense rest = s(pattern.absent, pattern.absent);
      if (!pattern.present.empty()) rest -= regression * Dense(s(pattern.present, pattern.absent));
      Dense lower = products.selfadjointView<Eigen::Lower>();
      lower(pattern.absent, pattern.absent) += static_cast<double>(pattern.rows.size()) * rest;
      products = lower;
    }
  }
  const auto n = static_cast<double>(data.x.rows);
  const Vector shift = sum / n;
  s = Dense(products.selfadjointView<Eigen::Lower>()) / n - shift * shift.transpose();
  mean += shift;
}

double largest_change(const Dense& a, const Dense& b, const Vector& mean_a, const Vector& mean_b) {
  double change = 0;
  for (Eigen::Index i = 0; i < a.rows(); ++i) {
    change = std::max(change, std::abs(mean_a(i) - mean_b(i)) / std::sqrt(b(i, i)));
    for (Eigen::Index j = 0; j <= i; ++j) {
      change = std::max(change, std::abs(a(i, j) - b(i, j)) / std::sqrt(b(i, i) * b(j, j)));
    }
  }
  return change;
}

Gram::Part part_of(const Vector& mean, const Dense& s, std::size_t rows) {
  const auto d = static_cast<std::size_t>(mean.size());
  Gram::Part part{Matrix(d, d), static_cast<std::int64_t>(rows), std::vector<double>(d, 0.0)};
  for (std::size_t i = 0; i < d; ++i) {
    const auto a = static_cast<Eigen::Index>(i);
    part.mean[i] = mean(a);
    for (std::size_t j = 0; j < d; ++j) {
      const auto b = static_cast<Eigen::Index>(j);
      part.s(i, j) = 0.5 * (s(a, b) + s(b, a));
    }
  }
  return part;
}

}  // namespace

Gram::Part pairwise_moments(const Data& data, bool center) {
  const std::size_t d = data.x.columns;
  Gram::Part part{Matrix(d, d), static_cast<std::int64_t>(data.x.rows), std::vector<double>(d, 0.0)};
  for (std::size_t a = 0; a < d; ++a) {
    for (std::size_t b = 0; b <= a; ++b) {
      std::int64_t count = 0;
      double sum_a = 0, sum_b = 0, products = 0;
      const auto both = [&](std::size_t i) { return !std::isnan(data.x(i, a)) && !std::isnan(data.x(i, b)); };
      for (std::size_t i = 0; i < data.x.rows; ++i) {
        if (!both(i)) continue;
        ++count;
        sum_a += data.x(i, a);
        sum_b += data.x(i, b);
      }
      if (count < 2) {
        throw InputError(fmt::format("columns {} and {} have {} rows in common", utf8::quoted(data.names[b]),
                                     utf8::quoted(data.names[a]), count),
                         {}, "at least 2, or --missing em");
      }
      const auto n = static_cast<double>(count);
      const double mean_a = center ? sum_a / n : 0, mean_b = center ? sum_b / n : 0;
      for (std::size_t i = 0; i < data.x.rows; ++i) {
        if (both(i)) products += (data.x(i, a) - mean_a) * (data.x(i, b) - mean_b);
      }
      part.s(a, b) = part.s(b, a) = products / n;
      if (a == b) part.mean[a] = mean_a;
      part.n = std::min(part.n, count);  // errors are not understated
    }
  }
  return part;
}

Gram::Part em_moments(const Data& data, bool center, Progress& progress) {
  const auto d = static_cast<Eigen::Index>(data.x.columns);
  Vector mean(d);
  Dense s(d, d);
  first_guess(data, mean, s);
  const std::vector<Pattern> patterns = patterns_of(data);
  progress.begin("missing values", 0, "steps");
  for (int count = 1;; ++count) {
    if (progress.cancelled()) throw CancelledError("cancelled while missing values were estimated");
    if (count > most_steps) {
      throw NumericError(fmt::format(
          "the estimate of second moments with missing values did not settle in {} steps", most_steps));
    }
    const Dense old = s;
    const Vector old_mean = mean;
    step(data, patterns, mean, s);
    progress.update(count);
    if (largest_change(s, old, mean, old_mean) <= converged) break;
  }
  if (!center) {
    s += mean * mean.transpose();
    mean.setZero();
  }
  return part_of(mean, s, data.x.rows);
}

Gram::Part em_steps(const Data& data, int steps) {
  Vector mean(static_cast<Eigen::Index>(data.x.columns));
  Dense s(mean.size(), mean.size());
  first_guess(data, mean, s);
  const std::vector<Pattern> patterns = patterns_of(data);
  for (int i = 0; i < steps; ++i) step(data, patterns, mean, s);
  return part_of(mean, s, data.x.rows);
}

double observed_log_likelihood(const Data& data, const Gram::Part& part) {
  const auto d = static_cast<Eigen::Index>(data.x.columns);
  Dense s(d, d);
  for (Eigen::Index i = 0; i < d; ++i) {
    for (Eigen::Index j = 0; j < d; ++j)
      s(i, j) = part.s(static_cast<std::size_t>(i), static_cast<std::size_t>(j));
  }
  const Vector mean = Eigen::Map<const Vector>(part.mean.data(), d);
  double sum = 0;
  for (const Pattern& pattern : patterns_of(data)) {
    if (pattern.present.empty()) continue;
    const Eigen::LLT<Dense> factor(Dense(s(pattern.present, pattern.present)));
    const Dense l = factor.matrixL();
    for (const std::size_t i : pattern.rows) {
      const Vector z =
          l.triangularView<Eigen::Lower>().solve(present_values(data, pattern, i) - mean(pattern.present));
      sum -= 0.5 * z.squaredNorm() + l.diagonal().array().log().sum();
    }
  }
  return sum;
}

}  // namespace xchg::dag
