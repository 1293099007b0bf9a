// Second moments of rows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/threads.hpp"
#include "xchg/core/utf8.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/data/gram_checks.hpp"
#include "xchg/dag/data/missing.hpp"
#include "xchg/dag/data/moments.hpp"
#include "xchg/dag/data/names.hpp"

namespace xchg::dag {
namespace {

void require_rows(const Data& data) {
  const std::size_t d = data.x.columns;
  if (data.names.size() != d || data.x.values.size() != data.x.rows * d) {
    throw InputError(fmt::format("{} names for {} columns", data.names.size(), d), {}, "one for each");
  }
  if (d == 0) throw InputError("there is no variable", {}, "at least one column");
  require_names(data.names, "table");
  if (data.x.rows < 2) {
    throw InputError(fmt::format("there {} {} row{}", data.x.rows == 1 ? "is" : "are", data.x.rows,
                                 data.x.rows == 1 ? "" : "s"),
                     {}, "at least 2 observations");
  }
  for (std::size_t i = 0; i < data.x.values.size(); ++i) {
    if (std::isinf(data.x.values[i])) {
      throw InputError(fmt::format("row {} has an infinite value in column {}", i / d + 1,
                                   utf8::quoted(data.names[i % d])),
                       {}, "finite numbers");
    }
  }
}

void require_complete(const Data& data) {
  const std::size_t d = data.x.columns;
  const auto found =
      std::find_if(data.x.values.begin(), data.x.values.end(), [](double v) { return std::isnan(v); });
  if (found == data.x.values.end()) return;
  const auto i = static_cast<std::size_t>(found - data.x.values.begin());
  throw InputError(
      fmt::format("row {} has no value in column {}", i / d + 1, utf8::quoted(data.names[i % d])), {},
      "complete rows, or missing values treated as pairwise or em");
}

// Rows without missing values.
Data complete_rows(const Data& data) {
  Data result = data;
  result.x.values.clear();
  result.regime.clear();
  for (std::size_t i = 0; i < data.x.rows; ++i) {
    const auto row = data.x.row(i);
    if (std::any_of(row.begin(), row.end(), [](double v) { return std::isnan(v); })) continue;
    result.x.values.insert(result.x.values.end(), row.begin(), row.end());
    if (!data.regime.empty()) result.regime.push_back(data.regime[i]);
  }
  result.x.rows = result.x.values.size() / data.x.columns;
  return result;
}

bool is_constant(const Matrix& x, std::size_t j) {
  double first = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < x.rows; ++i) {
    if (std::isnan(x(i, j))) continue;
    if (std::isnan(first)) first = x(i, j);
    if (x(i, j) != first) return false;
  }
  return true;
}

// Columns that vary have variances that are ordinary numbers.
void require_varying(const Gram::Part& part, const Matrix& x, const std::vector<std::string>& names,
                     bool centred) {
  std::vector<std::size_t> constant;
  for (std::size_t j = 0; j < names.size(); ++j) {
    const double variance = part.s(j, j);
    if (!std::isfinite(variance)) {
      throw InputError("the squares of column " + utf8::quoted(names[j]) + " overflow", {},
                       "values below 1e150 in size: larger units");
    }
    if ((centred || variance == 0) && is_constant(x, j)) {
      constant.push_back(j);
    } else if (variance < std::numeric_limits<double>::min()) {
      throw InputError("the squares of column " + utf8::quoted(names[j]) + " vanish", {},
                       "values above 1e-150 in size: smaller units");
    }
  }
  if (constant.empty()) return;
  throw InputError("constant: " + list_of(names, constant), {}, "columns that vary, or --drop-constant");
}

// Which regimes a node was a target in, as one bit a regime.
std::vector<std::set<int>> regimes_against(const Data& data, const GramOptions& options) {
  std::vector<std::set<int>> against(data.names.size());
  for (const auto& [regime, nodes] : options.targets) {
    const auto found = std::find(data.regimes.begin(), data.regimes.end(), regime);
    if (found == data.regimes.end()) {
      throw InputError("the targets name regime '" + regime + "', which no row has" +
                           text::suggestion(regime, data.regimes),
                       {}, "a value of the regime column (--regime)");
    }
    for (const std::string& node : nodes) {
      const auto column = std::find(data.names.begin(), data.names.end(), node);
      if (column == data.names.end()) {
        throw InputError("the targets name '" + node + "', which is no variable" +
                         text::suggestion(node, data.names));
      }
      against[static_cast<std::size_t>(column - data.names.begin())].insert(
          static_cast<int>(found - data.regimes.begin()));
    }
  }
  return against;
}

Gram::Part part_of_rows(const Data& data, const std::set<int>& left_out, const GramOptions& options,
                        int threads) {
  Matrix kept(0, data.x.columns);
  for (std::size_t i = 0; i < data.x.rows; ++i) {
    if (left_out.contains(data.regime[i])) continue;
    kept.values.insert(kept.values.end(), data.x.row(i).begin(), data.x.row(i).end());
  }
  kept.rows = kept.values.size() / kept.columns;
  const auto rows = static_cast<std::int64_t>(kept.rows);
  if (rows < 2) {
    throw InputError(fmt::format("only {} rows are left for a variable outside of its interventions", rows),
                     {}, "at least 2");
  }
  Gram::Part part = moments(kept.values, rows, data.x.columns, options.center, threads, Isa::Auto);
  require_varying(part, kept, data.names, options.center);
  return part;
}

void add_parts(Gram& result, const Data& data, const GramOptions& options, int threads) {
  const auto against = regimes_against(data, options);
  std::vector<std::set<int>> kinds;
  result.part_of.assign(data.names.size(), -1);
  for (std::size_t j = 0; j < against.size(); ++j) {
    if (against[j].empty()) continue;
    const auto found = std::find(kinds.begin(), kinds.end(), against[j]);
    result.part_of[j] = static_cast<int>(found - kinds.begin());
    if (found != kinds.end()) continue;
    kinds.push_back(against[j]);
    result.parts.push_back(part_of_rows(data, against[j], options, threads));
  }
}

void divide_by_deviations(Gram& gram) {
  Gram divided = standardized(gram);
  gram = std::move(divided);
}

}  // namespace

Gram gram(const Data& data, const GramOptions& options, Progress& progress) {
  require_rows(data);
  const int threads = resolve_threads(options.threads);
  const bool interventions = !options.targets.empty();
  const bool special = options.missing == Missing::Pairwise || options.missing == Missing::Em;
  const bool incomplete = special && std::any_of(data.x.values.begin(), data.x.values.end(),
                                                 [](double v) { return std::isnan(v); });
  if (incomplete && interventions) {
    throw InputError("missing values and interventions together", {}, "--missing listwise");
  }
  if (options.missing == Missing::Error) require_complete(data);
  if (interventions && data.regime.size() != data.x.rows) {
    throw InputError("there are targets, but no column says which regime a row has", {}, "--regime COLUMN");
  }
  const Data* rows = &data;
  Data kept;
  if (options.missing == Missing::Listwise) {
    kept = complete_rows(data);
    require_rows(kept);
    rows = &kept;
  }
  Gram result;
  Gram::Part whole = !incomplete ? moments(rows->x.values, static_cast<std::int64_t>(rows->x.rows),
                                           rows->x.columns, options.center, threads, Isa::Auto)
                     : options.missing == Missing::Pairwise ? pairwise_moments(data, options.center)
                                                            : em_moments(data, options.center, progress);
  require_varying(whole, rows->x, data.names, options.center);
  if (incomplete && options.missing == Missing::Pairwise) {
    require_semidefinite(whole.s, "second moments by pairs",
                         "fewer missing values, or --missing em, which always gives a possible matrix");
  }
  result.s = std::move(whole.s);
  result.n = whole.n;
  result.mean = std::move(whole.mean);
  result.names = data.names;
  result.centred = options.center;
  if (interventions) add_parts(result, *rows, options, threads);
  if (options.standardize) divide_by_deviations(result);
  return result;
}

}  // namespace xchg::dag
