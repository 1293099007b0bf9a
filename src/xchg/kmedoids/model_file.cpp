// The part of a result file that predict needs.
#include <fmt/format.h>

#include <cmath>

#include "xchg/core/csv.hpp"
#include "xchg/core/json.hpp"
#include "xchg/core/text.hpp"
#include "xchg/kmedoids/result_file.hpp"

namespace xchg::kmedoids {

using nlohmann::ordered_json;

namespace {

constexpr Index largest_index = std::numeric_limits<Index>::max();

bool has_levels(const Field& field) {
  return field.type == ColumnType::Ordinal || field.type == ColumnType::Nominal;
}

ordered_json column_json(const Field& field, bool gower) {
  ordered_json json{{"name", field.name}};
  if (!gower) return json;
  json["type"] = name(field.type);
  if (!std::isnan(field.range)) json["range"] = field.range;
  if (has_levels(field)) json["levels"] = field.levels;
  return json;
}

// The level of a code, a number, or null.
ordered_json cell_json(const Field& field, double value) {
  if (std::isnan(value)) return nullptr;
  if (has_levels(field)) return field.levels.at(static_cast<std::size_t>(value));
  return value;
}

ordered_json medoid_json(const Input& input, Index medoid) {
  const Comparison& comparison = *input.comparison;
  const auto row = static_cast<std::size_t>(medoid);
  if (comparison.metric == Metric::Levenshtein) return input.strings[row];
  ordered_json json = ordered_json::array();
  for (std::size_t c = 0; c < comparison.fields.size(); ++c) {
    json.push_back(comparison.metric == Metric::Gower
                       ? cell_json(comparison.fields[c], input.table[c].values[row])
                       : ordered_json(input.coordinates[row * comparison.fields.size() + c]));
  }
  return json;
}

Field read_field(json::Reader column, bool gower) {
  Field field{column.at("name").text()};
  if (!gower) return field;
  field.type = parse_column_type(column.at("type").text());
  if (const auto range = column.optional("range")) field.range = range->number(json::Range::at_least(0));
  if (!has_levels(field)) return field;
  for (const json::Reader& level : column.at("levels").array()) field.levels.push_back(level.text());
  return field;
}

Comparison read_comparison(json::Reader& model) {
  Comparison comparison;
  comparison.metric = parse_metric(model.at("metric").text());
  if (const auto p = model.optional("p")) comparison.p = p->number(json::Range::above(0));
  if (const auto window = model.optional("window")) comparison.window = window->integer(-1, largest_index);
  if (const auto normalised = model.optional("normalised")) comparison.normalised = normalised->boolean();
  for (const json::Reader& column : model.at("columns").array())
    comparison.fields.push_back(read_field(column, comparison.metric == Metric::Gower));
  return comparison;
}

double read_cell(const json::Reader& cell, const Field& field) {
  if (cell.value().is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!has_levels(field)) return cell.number();
  const auto found = std::find(field.levels.begin(), field.levels.end(), cell.text());
  if (found == field.levels.end()) cell.fail_found("a level of column '" + field.name + "'");
  return static_cast<double>(found - field.levels.begin());
}

void read_medoid(const json::Reader& medoid, const Comparison& comparison, RawRows& rows) {
  if (comparison.metric == Metric::Levenshtein) {
    rows.strings.push_back(medoid.text());
    return;
  }
  const std::vector<json::Reader> cells = medoid.array();
  if (cells.size() != comparison.fields.size()) {
    medoid.fail(fmt::format("the medoid has {} values", cells.size()),
                fmt::format("{}, one a column", comparison.fields.size()));
  }
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (comparison.metric == Metric::Gower) {
      rows.table[c].values.push_back(read_cell(cells[c], comparison.fields[c]));
    } else {
      rows.coordinates.push_back(cells[c].number());
    }
  }
}

}  // namespace

ordered_json model_json(const Input& input, const Result& result) {
  const Comparison& comparison = *input.comparison;
  ordered_json json{{"metric", name(comparison.metric)}};
  if (comparison.metric == Metric::Minkowski) json["p"] = comparison.p;
  if (comparison.metric == Metric::DTW) json["window"] = comparison.window;
  if (comparison.metric == Metric::Levenshtein) json["normalised"] = comparison.normalised;
  json["columns"] = ordered_json::array();
  for (const Field& field : comparison.fields)
    json["columns"].push_back(column_json(field, comparison.metric == Metric::Gower));
  json["medoids"] = ordered_json::array();
  for (const Index medoid : result.medoids) json["medoids"].push_back(medoid_json(input, medoid));
  return json;
}

Model read_model(const std::string& path) {
  const json::Value document = json::read(path);
  json::Reader file(document, path);
  auto part = file.optional("model");
  if (!part) {
    file.fail("the result has no model",
              "what cluster wrote for rows of data; a matrix of dissimilarities cannot be extended");
  }
  Model model;
  model.comparison = read_comparison(*part);
  if (model.comparison.metric == Metric::Gower) {
    for (const Field& field : model.comparison.fields)
      model.medoids.table.push_back({field.name, field.type, {}, field.range});
  }
  const std::vector<json::Reader> medoids = part->at("medoids").array();
  for (const json::Reader& medoid : medoids) read_medoid(medoid, model.comparison, model.medoids);
  for (json::Reader medoid : file.at("medoids").array()) {
    const auto id = medoid.optional("id");
    model.medoid_names.push_back(id ? id->text()
                                    : std::to_string(medoid.at("index").integer(0, largest_index)));
  }
  if (medoids.empty() || medoids.size() != model.medoid_names.size())
    file.fail(fmt::format("{} medoids, {} in the model", model.medoid_names.size(), medoids.size()),
              "as many");
  return model;
}

std::string labels_csv(const NewRows& rows, const Model& model, const Assignment& assignment) {
  csv::Writer writer;
  for (const char* name : {"object", "label", "medoid", "distance"}) writer.cell(std::string_view(name));
  writer.end_row();
  for (std::size_t o = 0; o < assignment.labels.size(); ++o) {
    writer.cell(rows.ids.empty() ? std::to_string(o) : rows.ids[o]);
    writer.cell(static_cast<double>(assignment.labels[o]));
    writer.cell(model.medoid_names[static_cast<std::size_t>(assignment.labels[o])]);
    writer.cell(assignment.distance_to_medoid[o]);
    writer.end_row();
  }
  return writer.text();
}

}  // namespace xchg::kmedoids
