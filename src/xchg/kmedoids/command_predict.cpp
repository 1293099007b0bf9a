// `xchg kmedoids predict`: new rows to the nearest medoids of a result.
#include <memory>

#include "xchg/kmedoids/command_data.hpp"
#include "xchg/kmedoids/predict.hpp"
#include "xchg/kmedoids/result_file.hpp"

namespace xchg::kmedoids {
namespace {

using command::Common;
using command::Session;
using nlohmann::ordered_json;

struct PredictArguments {
  DataArguments data;
  std::string model;
};

Assignment predict_rows(const Model& model, const NewRows& rows, const InputOptions& options) {
  const Comparison& comparison = model.comparison;
  const RawOptions raw{Matrix::Never, options.threads, options.memory_budget_bytes, rows.source, 0};
  if (comparison.metric == Metric::Gower) return predict(model.medoids.table, rows.rows.table, raw);
  if (comparison.metric == Metric::Levenshtein)
    return predict(model.medoids.strings, rows.rows.strings, comparison.normalised, raw);
  PointOptions points = comparison.point_options();
  points.isa = options.isa;
  points.source = rows.source;
  return predict(model.medoids.coordinates, rows.rows.coordinates,
                 static_cast<Index>(comparison.fields.size()), points);
}

ExitCode run_predict(const PredictArguments& arguments, Session& session) {
  const Model model = read_model(arguments.model);
  const InputOptions options = input_options(arguments.data, session);
  const NewRows rows = read_rows(arguments.data.input, model.comparison, options);
  session.tell(rows.note);
  const Assignment assignment = predict_rows(model, rows, options);
  if (session.common().json) {
    ordered_json json =
        session.result_frame("kmedoids", {{"input", arguments.data.input}, {"model", arguments.model}});
    json["labels"] = assignment.labels;
    json["distance_to_medoid"] = assignment.distance_to_medoid;
    session.write_result(json, session.common().output.empty() ? "-" : session.common().output);
  } else {
    session.write(labels_csv(rows, model, assignment),
                  session.common().output.empty() ? "-" : session.common().output);
  }
  return ExitCode::Success;
}

}  // namespace

void add_predict(CLI::App& engine, Session& session) {
  CLI::App* verb = engine.add_subcommand(
      "predict",
      "Assign new rows to the nearest medoids of a result: object, label, medoid, distance as CSV");
  auto arguments = std::make_shared<PredictArguments>();
  verb->add_option("input", arguments->data.input,
                   "Rows like those that were clustered: columns of the same names; - is standard input")
      ->required()
      ->type_name("FILE");
  verb->add_option("--model", arguments->model, "What cluster wrote with -o")
      ->required()
      ->type_name("RESULT.json");
  verb->add_option("--id", arguments->data.id_column, "Column with the objects' names")->type_name("COLUMN");
  verb->add_option("--header", arguments->data.header, "Whether the first line holds names")
      ->check(CLI::IsMember({"auto", "yes", "no"}))
      ->capture_default_str();
  session.add_common(*verb, {Common::Threads, Common::Json, Common::Output, Common::Isa});
  Session::add_examples(*verb, {"xchg kmedoids predict new.csv --model result.json"});
  session.on(verb, [arguments, &session] { return run_predict(*arguments, session); });
}

}  // namespace xchg::kmedoids
