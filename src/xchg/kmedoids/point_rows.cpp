#include "xchg/kmedoids/point_rows.hpp"

#include <algorithm>
#include <cmath>

#include "xchg/kmedoids/dispatch.hpp"
#include "xchg/kmedoids/places.hpp"

namespace xchg::kmedoids {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

void check_coordinates(std::span<const double> coordinates, Index n, Index d, const PointOptions& options) {
  if (n < 1 || d < 1 || coordinates.size() != static_cast<std::size_t>(n) * static_cast<std::size_t>(d)) {
    throw InputError(fmt::format("{} coordinates for {} points of {} dimensions", coordinates.size(), n, d),
                     {options.source}, "n * d values, n and d at least 1");
  }
  for (std::size_t at = 0; at < coordinates.size(); ++at) {
    if (std::isfinite(coordinates[at])) continue;
    const auto i = static_cast<Index>(at) / d, j = static_cast<Index>(at) % d;
    throw InputError(
        fmt::format("the value in {} is {}", element(i, j),
                    std::isnan(coordinates[at]) ? "missing (not a number)" : text::exact(coordinates[at])),
        place(options.source, options.first_line, i, j), "a finite number");
  }
}

void check_parameters(const PointOptions& options) {
  if (options.metric == Metric::Gower || options.metric == Metric::Levenshtein) {
    throw InputError(fmt::format("{} is no distance between points", name(options.metric)), {},
                     "a table of columns for gower, a list of strings for levenshtein");
  }
  if (options.metric == Metric::Minkowski && !(options.p > 0))
    throw InputError(fmt::format("p of minkowski is {}", text::exact(options.p)), {}, "a number > 0");
  if (options.metric == Metric::DTW && options.window < -1)
    throw InputError(fmt::format("the window of dtw is {}", options.window), {}, "0 or more, or -1 for none");
}

void check_binary(const PreparedPoints& points, const PointOptions& options) {
  for (std::size_t at = 0; at < points.rows.size(); ++at) {
    if (points.rows[at] == 0 || points.rows[at] == 1) continue;
    const auto i = static_cast<Index>(at) / points.d, j = static_cast<Index>(at) % points.d;
    throw InputError(fmt::format("the value in {} is {}", element(i, j), text::exact(points.rows[at])),
                     place(options.source, options.first_line, i, j), "0 or 1 for jaccard");
  }
}

// Divides by the largest absolute value, so that no square overflows or vanishes, and then by the length.
// False for a zero vector.
bool normalize(std::span<double> row) {
  double largest = 0, sum = 0;
  for (const double value : row) largest = std::max(largest, std::abs(value));
  if (largest == 0) return false;
  for (double& value : row) {
    value /= largest;
    sum += value * value;
  }
  const double length = std::sqrt(sum);
  for (double& value : row) value /= length;
  return true;
}

void to_directions(PreparedPoints& points, const PointOptions& options) {
  for (Index i = 0; i < points.n; ++i) {
    if (normalize(std::span(points.rows)
                      .subspan(static_cast<std::size_t>(i * points.d), static_cast<std::size_t>(points.d)))) {
      continue;
    }
    throw InputError(fmt::format("row {} is a zero vector, which has no direction", i + 1),
                     place(options.source, options.first_line, i, 0), "a value other than 0 for cosine");
  }
}

// Subtracts the mean; false for a row of equal values, which becomes zeros.
bool center(std::span<double> row) {
  const auto [least, greatest] = std::minmax_element(row.begin(), row.end());
  if (*least == *greatest) {
    std::fill(row.begin(), row.end(), 0.0);
    return false;
  }
  const double largest = std::max(std::abs(*least), std::abs(*greatest));
  double sum = 0;
  for (double& value : row) {
    value /= largest;
    sum += value;
  }
  const double mean = sum / static_cast<double>(row.size());
  for (double& value : row) value -= mean;
  return true;
}

// Rows of length d + 1. The last coordinate is 1 for rows of equal values and 0 for all others: at a right
// angle to those, as if uncorrelated.
void to_deviations(PreparedPoints& points) {
  const auto d = static_cast<std::size_t>(points.d);
  std::vector<double> rows;
  rows.reserve(points.rows.size() + static_cast<std::size_t>(points.n));
  for (std::size_t i = 0; i < static_cast<std::size_t>(points.n); ++i) {
    const std::span<double> row = std::span(points.rows).subspan(i * d, d);
    const bool varies = center(row) && normalize(row);
    rows.insert(rows.end(), row.begin(), row.end());
    rows.push_back(varies ? 0 : 1);
  }
  points.rows = std::move(rows);
  ++points.d;
}

// Whether a distance between such points could pass the range of double.
bool could_overflow(const PreparedPoints& points, const PointOptions& options) {
  double largest = 0;
  for (const double value : points.rows) largest = std::max(largest, std::abs(value));
  double bound = 2 * largest;
  if (options.metric == Metric::Euclidean || options.metric == Metric::SquaredEuclidean) bound *= bound;
  if (options.metric == Metric::Minkowski) bound *= std::max(1.0, bound);  // p = 2 is Euclidean
  const double terms = 2 * static_cast<double>(points.d);  // twice as many steps in an alignment
  if (options.metric == Metric::Minkowski && options.p < 1) bound *= std::pow(terms, 1 / options.p);
  return !(bound * terms < infinity);
}

std::vector<double> in_blocks(const std::vector<double>& rows, Index n, Index d) {
  std::vector<double> blocks(static_cast<std::size_t>((n + point_lanes - 1) / point_lanes * point_lanes * d));
  for (Index o = 0; o < n; ++o) {
    double* block = blocks.data() + o / point_lanes * point_lanes * d + o % point_lanes;
    for (Index j = 0; j < d; ++j) block[j * point_lanes] = rows[static_cast<std::size_t>(o * d + j)];
  }
  return blocks;
}

// Minkowski with p = 1, 2 or infinity has kernels of its own.
Metric kernel_metric(const PointOptions& options) {
  if (options.metric != Metric::Minkowski) return options.metric;
  if (options.p == 1) return Metric::Manhattan;
  if (options.p == 2) return Metric::Euclidean;
  return std::isinf(options.p) ? Metric::Chebyshev : Metric::Minkowski;
}

}  // namespace

PreparedPoints prepare_points(std::span<const double> coordinates, Index n, Index d,
                              const PointOptions& options) {
  check_parameters(options);
  check_coordinates(coordinates, n, d, options);
  PreparedPoints points{n, d, {coordinates.begin(), coordinates.end()}, false};
  if (options.metric == Metric::Jaccard) check_binary(points, options);
  if (options.metric == Metric::Cosine) to_directions(points, options);
  if (options.metric == Metric::Correlation) to_deviations(points);
  points.may_overflow = could_overflow(points, options);
  return points;
}

PointRows::PointRows(std::span<const double> coordinates, Index n, Index d, const PointOptions& options)
    : points_(prepare_points(coordinates, n, d, options)),
      blocks_(in_blocks(points_.rows, points_.n, points_.d)),
      row_(XCHG_KERNEL(resolve_isa(options.isa), point_row, kernel_metric(options))),
      p_(options.p),
      window_(options.window < 0 ? points_.d : std::min(options.window, points_.d)),
      dtw_(options.metric == Metric::DTW) {}

PointRowCall PointRows::call() const {
  PointRowCall call;
  call.blocks = blocks_.data();
  call.d = points_.d;
  call.end = points_.n;
  call.p = p_;
  call.window = window_;
  return call;
}

void PointRows::run(PointRowCall call) const {
  std::vector<double> scratch(dtw_ ? dtw_scratch(call.d) : 0);
  call.scratch = scratch.data();
  row_(call);
  if (!points_.may_overflow) return;
  for (std::size_t c = 0; c < static_cast<std::size_t>(call.candidates); ++c) {
    if (!std::all_of(call.outs[c], call.outs[c] + (call.end - call.begin),
                     [](double value) { return std::isfinite(value); }))
      throw NumericError("a distance between two points is over the range of double; scale the data");
  }
}

void PointRows::fill(Index candidate, Index begin, Index end, double* out) const {
  PointRowCall call = this->call();
  call.centers[0] = points_.rows.data() + candidate * points_.d;
  call.begin = begin;
  call.end = end;
  call.outs[0] = out;
  run(call);
}

void PointRows::fill_several(std::span<const Index> candidates, Index n, double* const* outs) const {
  for (std::size_t first = 0; first < candidates.size(); first += most_candidates) {
    PointRowCall call = this->call();
    const std::size_t count = std::min<std::size_t>(most_candidates, candidates.size() - first);
    for (std::size_t c = 0; c < count; ++c) {
      call.centers[c] = points_.rows.data() + candidates[first + c] * points_.d;
      call.outs[c] = outs[first + c];
    }
    call.candidates = static_cast<int>(count);
    call.end = n;
    run(call);
  }
}

double PointRows::at(Index object, Index candidate) const {
  double distance = 0;
  fill(candidate, object, object + 1, &distance);
  return distance;
}

}  // namespace xchg::kmedoids
