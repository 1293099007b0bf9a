// The Python face of hiring: arguments -> one call of the public API -> JSON texts and arrays, which the
// package turns into its own classes.
#include "xchg/hiring/front/binding.hpp"

#include <nlohmann/json.hpp>

#include "xchg/core/json.hpp"
#include "xchg/core/python/support.hpp"
#include "xchg/hiring/front/choices.hpp"
#include "xchg/hiring/front/result_json.hpp"

namespace xchg::hiring {
namespace {

namespace py = pybind11;
using python::Arguments;

template <class Value>
Value one_of(const std::map<std::string, Value>& values, const std::string& name, const char* what) {
  const auto found = values.find(name);
  if (found != values.end()) return found->second;
  std::string known;
  for (const auto& [other, value] : values) known += (known.empty() ? "" : ", ") + other;
  throw InputError(std::string(what) + " is '" + name + "'", {}, "one of " + known);
}

Rational read_exact(const Arguments& named, const char* name) {
  std::string text = "0";
  named.read(name, text);
  return exact_argument(name, text);
}

std::optional<Rational> read_optional(const Arguments& named, const char* name) {
  if (named.object(name).is_none()) return {};
  return read_exact(named, name);
}

Options read_options(const py::dict& dict) {
  const Arguments named(dict);
  Options options;
  std::string bound, mechanism = "corr", method = "automatic";
  named.read("payment_bound", bound);
  if (!bound.empty()) options.payment_bound = bound_argument("payment_bound", bound);
  std::vector<std::string> outside;
  named.read("outside", outside);
  for (const std::string& text : outside) options.outside.push_back(exact_argument("outside", text));
  options.slack = read_exact(named, "slack");
  options.cost_error = read_exact(named, "cost_error");
  options.expected_budget = read_optional(named, "expected_budget");
  options.sure_budget = read_optional(named, "sure_budget");
  named.read("mechanism", mechanism);
  named.read("method", method);
  options.mechanism = one_of(classes, mechanism, "mechanism");
  options.method = one_of(methods, method, "method");
  named.read("epsilon", options.epsilon);
  named.read("exact", options.exact);
  named.read("ladder", options.ladder);
  named.read("memory_bytes", options.memory_bytes);
  named.read("time_limit_seconds", options.time_limit_seconds);
  return options;
}

py::tuple bound_design(const Instance& instance, const py::dict& named, const py::object& progress) {
  const Options options = read_options(named);
  const Result result =
      python::call_engine(progress, [&](Progress& watcher) { return design(instance, options, watcher); });
  return py::make_tuple(json::dump(result_json(instance, result)),
                        certificate_json(instance, result.certificate));
}

std::string bound_verify(const Instance& instance, const std::string& certificate,
                         const py::object& progress) {
  const Certificate claim = parse_certificate(certificate, instance, "certificate");
  return json::dump(check_json(
      python::call_engine(progress, [&](Progress& watcher) { return verify(instance, claim, watcher); })));
}

std::string bound_audit(const Instance& instance, const std::string& text, const py::dict& dict,
                        const py::object& progress) {
  const Arguments named(dict);
  const Mechanism mechanism = parse_mechanism(text, instance, "mechanism");
  AuditOptions options;
  std::vector<std::string> factors;
  named.read("cost_factors", factors);
  for (const std::string& factor : factors)
    options.cost_factors.push_back(exact_argument("cost_factors", factor));
  named.read("coalitions", options.coalitions);
  named.read("equilibria", options.equilibria);
  named.read("random_starts", options.random_starts);
  named.read("seed", options.seed);
  return json::dump(audit_json(instance, python::call_engine(progress, [&](Progress& watcher) {
                                 return audit(instance, mechanism, options, watcher);
                               })));
}

std::string bound_frontier(const Instance& instance, const std::vector<std::string>& texts,
                           const py::dict& named, double refine, std::size_t most,
                           const py::object& progress) {
  const Options options = read_options(named);
  std::vector<Bound> bounds;
  for (const std::string& text : texts) bounds.push_back(bound_argument("bounds", text));
  return json::dump(frontier_json(instance, python::call_engine(progress, [&](Progress& watcher) {
                                    return frontier(instance, bounds, options, refine, most, watcher);
                                  })));
}

// (agents, effort profiles, signal profiles, states); payments for profiles that are not recommended are 0.
py::array_t<double> payment_array(const Instance& instance, const std::string& text) {
  const Mechanism mechanism = parse_mechanism(text, instance, "mechanism");
  const std::size_t n = instance.agents.size(), profiles = instance.efforts().count(),
                    signals = instance.signals().count(), states = instance.states.size();
  std::vector<double> values(n * profiles * signals * states);
  for (const Entry& entry : mechanism.support) {
    for (const Payment& payment : entry.payments) {
      const std::size_t row = static_cast<std::size_t>(payment.agent) * profiles + entry.profile;
      values[(row * signals + payment.reports) * states + static_cast<std::size_t>(payment.state)] =
          to_double(payment.amount);
    }
  }
  return python::moved(std::move(values),
                       {static_cast<py::ssize_t>(n), static_cast<py::ssize_t>(profiles),
                        static_cast<py::ssize_t>(signals), static_cast<py::ssize_t>(states)});
}

EstimateOptions read_estimate_options(const py::object& like, const py::dict& dict) {
  const Arguments named(dict);
  EstimateOptions options;
  if (!like.is_none()) options.like = like.cast<Instance>();
  named.read("independent", options.independent);
  options.alpha = read_exact(named, "alpha");
  std::string costs;
  named.read("costs", costs);
  if (!costs.empty()) options.costs = read_costs(costs);
  if (const auto per_label = read_optional(named, "cost_per_label")) options.costs.per_label = *per_label;
  return options;
}

py::tuple bound_estimate(const std::string& path, const py::object& like, const py::dict& named) {
  const EstimateOptions options = read_estimate_options(like, named);
  Warnings warnings;
  Instance instance = estimate(read_panel(path), options, &warnings);
  return py::make_tuple(std::move(instance), warnings);
}

Instance bound_estimate_pools(const std::string& path, int pools, const std::vector<int>& efforts,
                              const py::object& like, const py::dict& named) {
  return estimate_pools(read_labels(path), pools, efforts, read_estimate_options(like, named));
}

void bind_instance(py::module_& module) {
  using namespace py::literals;
  const py::metaclass plain_type(reinterpret_cast<PyObject*>(&PyType_Type));  // what the typed stub says
  py::class_<Instance>(module, "Instance", plain_type)
      .def_static(
          "parse", [](const std::string& text) { return parse_instance(text, "instance"); }, "text"_a)
      .def_static(
          "read", [](const std::string& path) { return read_instance(path); }, "path"_a)
      .def("json", [](const Instance& instance) { return instance_json(instance); })
      .def(
          "merged",
          [](const Instance& instance, std::vector<int> members) {
            return merge_agents(instance, std::move(members));
          },
          "members"_a)
      .def_property_readonly("fingerprint", [](const Instance& instance) { return fingerprint(instance); });
}

}  // namespace

Rational exact_argument(const std::string& name, const std::string& text) {
  const auto value = to_rational(text);
  if (!value) throw InputError(name + " is '" + text + "'", {}, "an exact number such as \"1/3\" or 0.05");
  return *value;
}

Bound bound_argument(const std::string& name, const std::string& text) {
  return text == "inf" ? Bound::infinity() : Bound(exact_argument(name, text));
}

void bind(py::module_& module) {
  module.doc() = "Compiled part of xchg.hiring.";
  using namespace py::literals;
  bind_instance(module);
  module.def("generate", &generate, "agents"_a, "efforts"_a, "signals"_a, "states"_a, "seed"_a);
  module.def("design", &bound_design, "instance"_a, "options"_a, "progress"_a);
  module.def("verify", &bound_verify, "instance"_a, "certificate"_a, "progress"_a);
  module.def("audit", &bound_audit, "instance"_a, "mechanism"_a, "options"_a, "progress"_a);
  module.def("frontier", &bound_frontier, "instance"_a, "bounds"_a, "options"_a, "refine"_a, "most"_a,
             "progress"_a);
  module.def("payments", &payment_array, "instance"_a, "mechanism"_a);
  module.def("estimate", &bound_estimate, "path"_a, "like"_a, "options"_a);
  module.def("estimate_pools", &bound_estimate_pools, "path"_a, "pools"_a, "efforts"_a, "like"_a,
             "options"_a);
  bind_online(module);
}

}  // namespace xchg::hiring
