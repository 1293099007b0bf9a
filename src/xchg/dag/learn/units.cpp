#include "xchg/dag/learn/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/error.hpp"

namespace xchg::dag {
namespace {

constexpr int usual_exponent = 200;  // products of four second moments stay in range
constexpr double least_ratio = 1e-200;

// Such scores are computed from the rows, in their units.
bool is_of_rows(Score score) {
  return score == Score::Logistic || score == Score::Poisson || score == Score::Additive ||
         score == Score::Mlp;
}

void multiply(Matrix& s, double factor) {
  for (double& value : s.values) value *= factor;
}

}  // namespace

Units::Units(const Gram& gram, const Options& options) : original_(gram), original_options_(options) {
  if (is_of_rows(options.score)) return;
  double largest = 0, least = std::numeric_limits<double>::infinity();
  std::size_t least_node = 0;
  for (std::size_t j = 0; j < gram.nodes(); ++j) {
    largest = std::max(largest, gram.s(j, j));
    if (gram.s(j, j) < least) {
      least = gram.s(j, j);
      least_node = j;
    }
  }
  if (least < largest * least_ratio) {
    throw InputError(fmt::format("the second moments of the columns lie between {} ({}) and {}", least,
                                 gram.names[least_node], largest),
                     {}, "units in which they are less far apart");
  }
  const int exponent = std::ilogb(largest);
  const int low = std::ilogb(least);
  if (std::abs(exponent) <= usual_exponent && std::abs(low) <= usual_exponent) return;
  factor_ = std::ldexp(1.0, -2 * ((exponent + low) / 4));
  if (factor_ == 1) return;
  scaled_ = gram;
  scaled_options_ = options;
  multiply(scaled_.s, factor_);
  for (Gram::Part& part : scaled_.parts) multiply(part.s, factor_);
  scaled_options_.score_options.lambda1 *= factor_;
  scaled_options_.score_options.lambda2 *= factor_;
}

void Units::restore(Result& result) const {
  if (factor_ == 1) return;
  double scale = 1 / factor_, shift = 0;
  if (original_options_.score == Score::Bic) {
    scale = 1;
    for (std::size_t j = 0; j < original_.nodes(); ++j) {
      shift -= static_cast<double>(original_.rows_of(static_cast<int>(j))) * std::log(factor_);
    }
  }
  const auto back = [&](double& value) { value = value * scale + shift; };
  back(result.score_order);
  back(result.score_graph);
  back(result.score_start);
  if (result.lower_bound) back(*result.lower_bound);
  if (result.kkt_residual) *result.kkt_residual /= factor_;
  for (Step& step : result.steps) back(step.score);
}

}  // namespace xchg::dag
