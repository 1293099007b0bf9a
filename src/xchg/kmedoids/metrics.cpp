// Names of metrics and of types of columns.
#include <algorithm>
#include <array>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {
namespace {

constexpr std::array<std::string_view, 12> metric_names{
    "euclidean",   "sqeuclidean", "manhattan", "chebyshev", "minkowski", "cosine",
    "correlation", "jaccard",     "hamming",   "dtw",       "gower",     "levenshtein"};

constexpr std::array<std::string_view, 4> column_type_names{"numeric", "ordinal", "nominal", "asymmetric"};

}  // namespace

std::string_view name(Metric metric) { return metric_names.at(static_cast<std::size_t>(metric)); }

std::span<const Metric> metrics() {
  static constexpr auto all = [] {
    std::array<Metric, metric_names.size()> list{};
    for (std::size_t i = 0; i < list.size(); ++i) list[i] = static_cast<Metric>(i);
    return list;
  }();
  return all;
}

Metric parse_metric(const std::string& text) {
  const auto found = std::find(metric_names.begin(), metric_names.end(), text);
  if (found != metric_names.end()) return static_cast<Metric>(found - metric_names.begin());
  throw InputError("unknown metric '" + text + "'" +
                   text::suggestion(text, {metric_names.begin(), metric_names.end()}));
}

std::string_view name(ColumnType type) { return column_type_names.at(static_cast<std::size_t>(type)); }

ColumnType parse_column_type(const std::string& text) {
  const auto found = std::find(column_type_names.begin(), column_type_names.end(), text);
  if (found != column_type_names.end()) return static_cast<ColumnType>(found - column_type_names.begin());
  throw InputError("unknown type of column '" + text + "'", {}, "numeric, ordinal, nominal or asymmetric");
}

}  // namespace xchg::kmedoids
