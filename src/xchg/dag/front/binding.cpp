// The Python face of dag: arguments -> one call of the public API -> arrays.
#include "xchg/dag/front/binding.hpp"

namespace xchg::dag {
namespace {

namespace py = pybind11;

py::dict learn_rows(const Data& data, const py::dict& named, const py::object& progress) {
  const Options options = read_options(named, data.names);
  const GramOptions gram_options = read_gram_options(named);
  return result_dict(python::call_engine(
      progress, [&](Progress& watcher) { return learn(data, gram_options, options, watcher); }));
}

py::dict learn_moments(const Gram& gram, const py::dict& named, const py::object& progress) {
  const Options options = read_options(named, gram.names);
  return result_dict(
      python::call_engine(progress, [&](Progress& watcher) { return learn(gram, options, watcher); }));
}

double score_rows(const Data& data, const py::object& order, const py::dict& named) {
  const Options options = read_options(named, data.names);
  const GramOptions gram_options = read_gram_options(named);
  const std::vector<int> nodes = read_order(order, "order");
  return python::call_engine(py::none(),
                             [&](Progress&) { return score_order(data, gram_options, nodes, options); });
}

double score_moments(const Gram& gram, const py::object& order, const py::dict& named) {
  const Options options = read_options(named, gram.names);
  const std::vector<int> nodes = read_order(order, "order");
  return python::call_engine(py::none(), [&](Progress&) { return score_order(gram, nodes, options); });
}

std::vector<std::string> bound_broken_knowledge(const py::object& order, const std::string& knowledge,
                                                const std::vector<std::string>& names) {
  const std::vector<int> nodes = read_order(order, "order");
  return python::call_engine(py::none(), [&](Progress&) {
    return broken_knowledge(parse_knowledge(knowledge, names, "knowledge"), nodes, names);
  });
}

py::dict bound_neighbourhood(const Gram& gram, const py::object& order) {
  const std::vector<int> nodes = read_order(order, "order");
  const auto moves = python::call_engine(py::none(), [&](Progress&) { return neighbourhood(gram, nodes); });
  py::list kinds;
  std::vector<std::int64_t> from, to;
  std::vector<double> difference;
  for (const Delta& move : moves) {
    kinds.append(move.kind == Delta::Kind::Insert ? "insert" : "swap");
    from.push_back(move.from);
    to.push_back(move.to);
    difference.push_back(move.difference);
  }
  py::dict dict;
  dict["kind"] = kinds;
  dict["from_position"] = python::moved(std::move(from));
  dict["to_position"] = python::moved(std::move(to));
  dict["difference"] = python::moved(std::move(difference));
  return dict;
}

py::dict bound_compare(const py::object& truth, const py::object& estimate, bool classes) {
  const Matrix right = read_matrix(truth, "truth"), guess = read_matrix(estimate, "estimate");
  return metrics_dict(python::call_engine(py::none(), [&](Progress&) {
    return classes ? compare(cpdag(right), cpdag(guess), right.rows) : compare(right, guess);
  }));
}

py::dict bound_cpdag(const py::object& w) {
  const Matrix graph = read_matrix(w, "w");
  return cpdag_dict(python::call_engine(py::none(), [&](Progress&) { return cpdag(graph); }), graph.rows);
}

py::dict bound_simulate(const py::dict& dict, const py::object& progress) {
  const python::Arguments named(dict);
  SimulateOptions options;
  named.read_name("graph", options.graph, parse_graph_kind);
  named.read("degree", options.degree);
  named.read("nodes", options.nodes);
  named.read("rows", options.rows);
  named.read_name("noise", options.noise, parse_noise);
  named.read_name("mechanism", options.mechanism, parse_mechanism);
  named.read("weight_low", options.weight_low);
  named.read("weight_high", options.weight_high);
  named.read("noise_ratio", options.noise_ratio);
  named.read("seed", options.seed);
  Simulation made =
      python::call_engine(progress, [&](Progress& watcher) { return simulate(options, watcher); });
  py::dict result;
  result["X"] = matrix_array(std::move(made.data.x));
  result["names"] = made.data.names;
  result["truth"] = matrix_array(std::move(made.truth));
  result["order"] = python::moved(std::vector<std::int64_t>(made.order.begin(), made.order.end()));
  return result;
}

py::dict verdict_dict(const Verdict& verdict) {
  py::dict dict;
  dict["ok"] = verdict.ok;
  dict["checked"] = verdict.checked;
  dict["findings"] = verdict.findings;
  dict["unchecked"] = verdict.unchecked;
  return dict;
}

py::dict verify_rows(const Data& data, const py::dict& members, const py::dict& named,
                     const py::object& progress) {
  const Claim claim = read_claim_members(members);
  const GramOptions gram_options = read_gram_options(named);
  return verdict_dict(python::call_engine(
      progress, [&](Progress& watcher) { return verify(data, gram_options, claim, watcher); }));
}

py::dict verify_moments(const Gram& gram, const py::dict& members, const py::object& progress) {
  const Claim claim = read_claim_members(members);
  return verdict_dict(
      python::call_engine(progress, [&](Progress& watcher) { return verify(gram, claim, watcher); }));
}

}  // namespace

void bind(py::module_& module) {
  module.doc() = "Compiled part of xchg.dag.";
  using namespace py::literals;
  bind_data(module);
  module.attr("scores") = py::tuple(py::cast(score_names()));
  module.attr("methods") = py::tuple(py::cast(method_names()));
  module.def("learn_rows", &learn_rows, "data"_a, "options"_a, "progress"_a);
  module.def("learn_moments", &learn_moments, "gram"_a, "options"_a, "progress"_a);
  module.def("score_rows", &score_rows, "data"_a, "order"_a, "options"_a);
  module.def("score_moments", &score_moments, "gram"_a, "order"_a, "options"_a);
  module.def("broken_knowledge", &bound_broken_knowledge, "order"_a, "knowledge"_a, "names"_a);
  module.def("neighbourhood", &bound_neighbourhood, "gram"_a, "order"_a);
  module.def(
      "lower_bound", [](const Gram& gram) { return lower_bound(gram); }, "gram"_a);
  module.def("compare", &bound_compare, "truth"_a, "estimate"_a, "classes"_a);
  module.def("cpdag", &bound_cpdag, "w"_a);
  module.def("simulate", &bound_simulate, "options"_a, "progress"_a);
  module.def("verify_rows", &verify_rows, "data"_a, "claim"_a, "options"_a, "progress"_a);
  module.def("verify_moments", &verify_moments, "gram"_a, "claim"_a, "progress"_a);
}

}  // namespace xchg::dag
