#include "xchg/dag/pictures/pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"

namespace xchg::dag {
namespace {

constexpr std::size_t most_side = 128;  // of a heat map before it shows means of blocks
constexpr int most_lines = 8;           // runs drawn one by one

std::size_t at(int number) { return static_cast<std::size_t>(number); }

std::vector<std::string> in_order(const std::vector<std::string>& names, std::span<const int> order) {
  std::vector<std::string> result;
  for (const int node : order) result.push_back(names[at(node)]);
  return result;
}

// The steps of each run; without any, its start and end.
std::vector<chart::Series> lines_of(const Result& result, StepsOver over) {
  std::vector<chart::Series> lines;
  int run = -1;
  for (const Step& step : result.steps) {
    if (step.run != run) {
      run = step.run;
      lines.push_back({fmt::format("run {}", run + 1), {}, {}, {}, {}});
    }
    const double place =
        over == StepsOver::Seconds ? 1000 * step.seconds : static_cast<double>(lines.back().x.size());
    lines.back().x.push_back(place);
    lines.back().y.push_back(step.score);
  }
  if (lines.empty()) lines.push_back({"", {0, 1}, {result.score_start, result.score_order}, {}, {}});
  if (lines.size() == 1) lines[0].name.clear();
  return lines;
}

// Of many runs the one that ended lowest and some others.
void keep_some(std::vector<chart::Series>& lines) {
  if (lines.size() <= most_lines) return;
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.y.back() < b.y.back(); });
  lines.resize(most_lines);
}

}  // namespace

chart::Chart score_picture(const std::string& id, const Result& result, StepsOver over) {
  std::vector<chart::Series> lines = lines_of(result, over);
  const std::size_t runs = lines.size();
  keep_some(lines);
  double low = result.lower_bound.value_or(result.score_order), high = low;
  for (const auto& line : lines) {
    for (const double score : line.y) low = std::min(low, score), high = std::max(high, score);
  }
  chart::LineOptions options;
  options.x.title = over == StepsOver::Seconds ? "time" : "step";
  options.x.unit = over == StepsOver::Seconds ? "ms" : "";
  options.y = {.title = "score", .logarithmic = low > 0 && high > 5 * low};
  options.points = true;
  options.stepped = true;
  options.series_title = "search";
  std::string words =
      fmt::format("From {} to {}", text::brief(result.score_start, 6), text::brief(result.score_order, 6));
  if (result.lower_bound) {
    options.references.push_back({*result.lower_bound, "no order is below"});
    words += fmt::format("; no order has less than {}", text::brief(*result.lower_bound, 6));
  }
  const std::string some =
      runs > lines.size() ? fmt::format(" The {} best of {} runs.", lines.size(), runs) : "";
  return chart::line(
      {id, "Score during the search", "Lower is better; every step lowers it." + some, words + "."}, lines,
      options);
}

chart::Chart weights_picture(const std::string& id, const std::string& title,
                             const std::vector<std::string>& names, const Matrix& w,
                             std::span<const int> order) {
  const std::size_t d = order.size();
  if (w.rows != d || w.columns != d || names.size() != d) {
    throw InputError(fmt::format("weights of {} by {} in an order of {}", w.rows, w.columns, d));
  }
  std::vector<double> values;
  std::size_t edges = 0, backward = 0;
  for (std::size_t a = 0; a < d; ++a) {
    for (std::size_t b = 0; b < d; ++b) {
      values.push_back(w(at(order[a]), at(order[b])));
      edges += values.back() != 0;
      backward += values.back() != 0 && a > b;
    }
  }
  const std::vector<std::string> labels = in_order(names, order);
  chart::HeatMapOptions options;
  options.row_title = "from";
  options.column_title = "to";
  options.value_title = "weight";
  options.scale = chart::HeatMapOptions::Scale::Diverging;
  options.most_side = most_side;
  return chart::heat_map(
      {id, title, "Rows and columns in the order found: what follows it lies above the diagonal.",
       fmt::format("{} edges, {} of them against the order.", edges, backward)},
      {d, d, values, labels, labels}, options);
}

chart::Chart exchanges_picture(const std::string& id, const Gram& gram, const Result& result) {
  const std::size_t d = result.order.size();
  std::vector<double> percent(d * d, std::numeric_limits<double>::quiet_NaN());
  const double score = score_order(gram, result.order);
  const double least = 1e-4;  // per cent: all below looks the same
  std::size_t pairs = 0, near = 0, better = 0;
  for (const Delta& move : neighbourhood(gram, result.order)) {
    if (move.kind != Delta::Kind::Swap) continue;
    const double change = 100 * move.difference / score;
    ++pairs;
    near += std::abs(change) <= 0.1;
    better += change < -1e-10;
    percent[at(move.from) * d + at(move.to)] = percent[at(move.to) * d + at(move.from)] =
        std::max(change, least);
  }
  const std::vector<std::string> labels = in_order(result.names, result.order);
  chart::HeatMapOptions options;
  options.row_title = "first";
  options.column_title = "second";
  options.value_title = "cost of an exchange";
  options.value_unit = "% of the score";
  options.logarithmic = true;
  options.most_side = most_side;
  chart::Chart picture = chart::heat_map(
      {id, "Which nodes could change places", "Violet: the data hardly care which of the two comes first.",
       fmt::format("Of {} pairs, {} can be exchanged at a cost of at most 0.1 % of the score; {} exchanges "
                   "would lower it.",
                   pairs, near, better)},
      {d, d, percent, labels, labels}, options);
  picture.caption = "Violet: the data hardly care which of the two comes first.";  // the diagonal is no news
  return picture;
}

chart::Chart variance_picture(const std::string& id, const Gram& gram, const Result& result) {
  chart::Points points;
  std::size_t rising = 0;
  for (std::size_t k = 0; k < result.order.size(); ++k) {
    const std::size_t node = at(result.order[k]);
    points.x.push_back(static_cast<double>(k + 1));
    points.y.push_back(gram.s(node, node));
    points.id.push_back(result.names[node]);
    rising += k > 0 && points.y[k] >= points.y[k - 1];
  }
  const auto [low, high] = std::minmax_element(points.y.begin(), points.y.end());
  chart::PointOptions options;
  options.x.title = "position in the order";
  options.y = {.title = "variance", .logarithmic = *high > 20 * *low};
  options.most_names = 40;
  return chart::point(
      {id, "Variance by position",
       "Where variance only rises along the order, the units of measurement may have decided it.",
       fmt::format("Variances {} to {}; at {} of {} steps of the order it rises.", text::brief(*low, 4),
                   text::brief(*high, 4), rising, result.order.empty() ? 0 : result.order.size() - 1)},
      points, options);
}

chart::Chart frequency_picture(const std::string& id, const Result& result, std::size_t most) {
  if (result.frequency.empty()) throw InputError("there was no bootstrap", {}, "resamples");
  struct Entry {
    std::size_t from, to;
    double share;
    bool kept;
  };
  std::vector<Entry> entries;
  std::size_t kept = 0, stable = 0;
  for (std::size_t i = 0; i < result.names.size(); ++i) {
    for (std::size_t j = 0; j < result.names.size(); ++j) {
      const Entry entry{i, j, result.frequency(i, j), result.w(i, j) != 0};
      if (entry.share > 0 || entry.kept) entries.push_back(entry);
      kept += entry.kept;
      stable += entry.kept && entry.share >= stable_frequency;
    }
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.share > b.share; });
  const std::size_t all = entries.size();
  if (all > most) entries.resize(most);
  const double none = std::numeric_limits<double>::quiet_NaN();
  chart::Bars bars{{}, {"in the graph", "not in it"}, {{}, {}}};
  for (const Entry& entry : entries) {
    bars.categories.push_back(result.names[entry.from] + " → " + result.names[entry.to]);
    bars.values[0].push_back(entry.kept ? 100 * entry.share : none);
    bars.values[1].push_back(entry.kept ? none : 100 * entry.share);
  }
  chart::BarOptions options;
  options.category.title = "edge";
  options.value = {.title = "resamples with the edge", .unit = "%", .low = 0, .high = 100};
  options.horizontal = true;
  options.stacked = true;
  options.references.push_back({100 * stable_frequency, ""});
  options.group_title = "edge is";
  chart::Chart picture =
      chart::bar({id, "How often resamples find an edge",
                  all > most ? fmt::format("The {} most frequent of {} edges.", most, all) : "",
                  fmt::format("{} of the {} edges of the graph are in at least {:.0f} % of the {} resamples.",
                              stable, kept, 100 * stable_frequency, result.resamples)},
                 bars, options);
  picture.caption = all > most ? fmt::format("The {} most frequent of {} edges.", most, all) : "";
  return picture;
}

}  // namespace xchg::dag
