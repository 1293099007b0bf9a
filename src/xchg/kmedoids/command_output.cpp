#include "xchg/kmedoids/command_output.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "xchg/core/report.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/text_table.hpp"
#include "xchg/kmedoids/pictures.hpp"
#include "xchg/kmedoids/pictures_bound.hpp"
#include "xchg/kmedoids/pictures_data.hpp"
#include "xchg/kmedoids/pictures_path.hpp"
#include "xchg/kmedoids/result_file.hpp"

namespace xchg::kmedoids {
namespace {

using command::Session;
using nlohmann::ordered_json;

std::string plural(std::int64_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

// "no single swap improves it", where that is what the end of the search says.
std::string end_of_search(const Result& result) {
  if (!result.converged) return "not converged";
  return ends_swap_optimal(result.method) ? "no single swap improves it" : "converged";
}

std::string summary_line(const Result& result) {
  const Statistics& statistics = result.statistics;
  const std::string search = fmt::format(" ({} in {}, {})\n", plural(statistics.swaps, "swap"),
                                         plural(statistics.rounds, "round"), end_of_search(result));
  const std::string total = "total deviation " + text::exact(result.total_deviation);
  switch (objective(result.method)) {
    case Objective::MedoidSilhouette:
      return total + fmt::format(", average medoid silhouette {:.6f}", result.average_medoid_silhouette) +
             search;
    case Objective::Silhouette:
      return total + fmt::format(", mean silhouette {:.6f}", result.mean_silhouette.value_or(0)) + search;
    case Objective::TotalDeviation:
      break;
  }
  return total + search;
}

// "gap 0.17 % (lower bound 39188.9)", or nothing where none was asked for.
std::string bound_line(const Result& result) {
  if (!result.lower_bound) return "";
  const std::string bound = text::brief(*result.lower_bound, 10);
  if (result.optimal) return fmt::format("gap 0, proven optimal (lower bound {})\n", bound);
  return fmt::format("gap {} % (lower bound {})\n", text::brief(100 * *result.gap, 3), bound);
}

std::string table_text(const Input& input, const Result& result,
                       const std::vector<ClusterSummary>& clusters) {
  text::Table table({{"cluster"},
                     {"size"},
                     {"medoid", text::Table::Align::Left},
                     {"mean distance"},
                     {"max distance"},
                     {"diameter"},
                     {"separation"},
                     {"silhouette"}});
  for (std::size_t slot = 0; slot < clusters.size(); ++slot) {
    const ClusterSummary& row = clusters[slot];
    table.add_row({std::to_string(slot), std::to_string(row.size), object_name(input, row.medoid),
                   text::brief(row.mean_distance, 5), text::brief(row.max_distance, 5),
                   text::brief(row.diameter, 5), text::brief(row.separation, 5),
                   fmt::format("{:.3f}", row.silhouette)});
  }
  return table.text() + summary_line(result) + bound_line(result);
}

bool has_mean_silhouettes(const RangeResult& range) {
  return !range.curve.empty() && range.curve.front().mean_silhouette.has_value();
}

std::string curve_text(const RangeResult& range) {
  std::vector<text::Table::Column> columns{{"k"}, {"medoid silhouette"}, {"total deviation"}, {""}};
  if (has_mean_silhouettes(range)) columns.insert(columns.begin() + 2, {"silhouette"});
  text::Table table(columns);
  for (const CurvePoint& point : range.curve) {
    std::vector<std::string> row{
        std::to_string(point.k), fmt::format("{:.4f}", point.average_medoid_silhouette),
        text::brief(point.total_deviation, 8), point.k == range.best_k ? "best" : ""};
    if (has_mean_silhouettes(range))
      row.insert(row.begin() + 2, fmt::format("{:.4f}", point.mean_silhouette.value_or(0)));
    table.add_row(row);
  }
  return table.text() + fmt::format("best k {} by {}{}\n\n", range.best_k, name(range.criterion),
                                    range.criterion == Objective::TotalDeviation ? " (elbow)" : "");
}

ordered_json curve_json(const RangeResult& range) {
  ordered_json curve = ordered_json::array();
  for (const CurvePoint& point : range.curve) {
    ordered_json entry{{"k", point.k},
                       {"total_deviation", point.total_deviation},
                       {"average_medoid_silhouette", point.average_medoid_silhouette}};
    if (point.mean_silhouette) entry["mean_silhouette"] = *point.mean_silhouette;
    entry["medoids"] = point.medoids;
    entry["converged"] = point.converged;
    curve.push_back(std::move(entry));
  }
  return {{"best_k", range.best_k}, {"criterion", name(range.criterion)}, {"curve", std::move(curve)}};
}

void write_page(const Input& input, const Clustering& clustering, const std::vector<double>& silhouettes,
                const std::string& path, Session& session) {
  const Result& result = clustering.result;
  report::Chapter chapter("kmedoids", "k-medoids of " + input.source);
  chapter.summary(fmt::format("{} objects, k = {}: total deviation **{}**, mean silhouette **{:.3f}**.",
                              input.data.size(), result.medoids.size(),
                              text::brief(result.total_deviation, 10), mean_silhouette(silhouettes)));
  if (clustering.range) {
    chapter.chart(silhouette_curve_picture("silhouette-over-k", *clustering.range));
    chapter.chart(deviation_curve_picture("deviation-over-k", *clustering.range));
  }
  chapter.chart(cluster_picture("clusters", input, result, session.common().seed));
  if (input.fields.size() > 2)
    chapter.chart(columns_picture("columns", input, result, session.common().seed));
  chapter.chart(silhouette_picture("silhouettes", input, result, silhouettes));
  chapter.chart(matrix_picture("matrix", input, result));
  if (objective(result.method) == Objective::TotalDeviation) {
    chapter.chart(descent_picture("descent", {{std::string(name(clustering.options.init)), &result}}));
  } else if (!result.statistics.objective_per_swap.empty()) {
    chapter.chart(climb_picture("climb", result));
  }
  if (!result.statistics.lower_bound_per_step.empty()) chapter.chart(bound_picture("bound", result));
  session.write_page(chapter, path);
}

// "Some objects coincide" is not an error, but the user should know when k asks for more than there is.
void warn_of_few_objects(const Input& input, const Result& result, Session& session) {
  std::int64_t at_zero = 0;
  for (std::size_t a = 0; a < result.medoids.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      if (input.data.at(result.medoids[a], result.medoids[b]) == 0) {
        ++at_zero;
        break;
      }
    }
  }
  if (at_zero > 0 && result.total_deviation == 0) {
    session.warn(fmt::format("only {} different objects for k = {}",
                             static_cast<std::int64_t>(result.medoids.size()) - at_zero,
                             result.medoids.size()));
  }
}

// FILE of --plot=FILE, or named after the input.
std::string page_path(const OutputArguments& output, const std::string& input_name) {
  if (output.plot != "-auto-") return output.plot;
  const std::string stem = input_name == "-" ? "stdin" : std::filesystem::path(input_name).stem().string();
  return stem + ".kmedoids.html";
}

std::vector<std::string> names_of(const auto& values) {
  std::vector<std::string> names;
  for (const auto value : values) names.emplace_back(name(value));
  return names;
}

}  // namespace

void add_output_options(CLI::App& verb, OutputArguments& output) {
  verb.add_option("--labels", output.labels, "Write object, label, medoid, distance as CSV")
      ->type_name("FILE");
  verb.add_flag("--plot{-auto-}", output.plot, "Write a page with pictures (--plot=FILE.html names it)");
  verb.add_flag("--verify", output.verify, "Recompute everything independently before anything is written");
}

void add_method_option(CLI::App& verb, std::string& method) {
  verb.add_option("--method", method, "Search")
      ->check(CLI::IsMember(names_of(methods())))
      ->capture_default_str();
}

void add_init_option(CLI::App& verb, std::string& init) {
  verb.add_option("--init", init, "Start; given: --medoids")
      ->check(CLI::IsMember(names_of(inits())))
      ->capture_default_str();
}

Options common_options(const Input& input, const Session& session) {
  Options options;
  options.weights = input.weights;
  options.seed = session.common().seed;
  options.threads = session.common().threads;
  options.isa = session.common().isa;
  options.memory_budget_bytes = session.common().memory_bytes;
  options.time_limit_seconds = session.common().time_limit_seconds;
  return options;
}

KRange parse_k_range(const std::string& text) {
  const command::Range range = command::parse_range(text);
  const auto whole = [](double value) { return value == std::floor(value) && std::abs(value) < 0x1p31; };
  if (range.count != 0 || !whole(range.low) || !whole(range.high))
    throw InputError("'" + text + "' is not a range of k", {}, "LO:HI, two whole numbers");
  return {static_cast<int>(range.low), static_cast<int>(range.high)};
}

ordered_json clustering_json(const Input& input, const Clustering& clustering, const Session& session) {
  const Result& result = clustering.result;
  ordered_json json = session.result_frame("kmedoids", clustering.options_json);
  if (clustering.range) json.update(curve_json(*clustering.range));
  json.update(result_json(input, result));
  session.add_run(json, {{"seconds", clustering.seconds},
                         {"seconds_init", result.statistics.seconds_init},
                         {"seconds_swap", result.statistics.seconds_swap},
                         {"seconds_bound", result.statistics.seconds_bound}});
  return json;
}

ExitCode write_clustering(const Input& input, const std::string& input_name, const Clustering& clustering,
                          const OutputArguments& output, Session& session) {
  const Result& result = clustering.result;
  warn_of_few_objects(input, result, session);
  if (clustering.range && !clustering.range->stopped_by.empty())
    session.warn("not all k were searched to their end: " + clustering.range->stopped_by);
  if (output.verify) {
    const Check check = verify(input.data, result, input.weights, session.progress());
    if (!check.right) throw NumericError("the result does not pass its check: " + check.problem);
    session.tell("verified: labels, total deviation and every single swap recomputed");
  }
  const ordered_json json = clustering_json(input, clustering, session);
  if (!output.labels.empty()) session.write(labels_csv(input, result), output.labels);
  if (!session.common().output.empty()) session.write_result(json, session.common().output);
  const bool to_standard_output = session.common().output == "-" || output.labels == "-";
  const bool table = !session.common().json && !to_standard_output;
  if (session.common().json && !to_standard_output) session.write_result(json, "-");
  if (!table && output.plot.empty()) return ExitCode::Success;
  const int threads = session.common().threads;
  const std::vector<double> silhouettes = silhouette(input.data, result.labels, threads);
  if (table) {
    const std::string curve = clustering.range ? curve_text(*clustering.range) : "";
    session.write(curve + table_text(input, result, summarize(input.data, result, silhouettes, threads)),
                  "-");
  }
  if (!output.plot.empty())
    write_page(input, clustering, silhouettes, page_path(output, input_name), session);
  return ExitCode::Success;
}

}  // namespace xchg::kmedoids
