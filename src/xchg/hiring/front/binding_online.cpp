// Learning in Python: the caller plays the rounds, or a simulator does.
#include <nlohmann/json.hpp>

#include "xchg/core/json.hpp"
#include "xchg/core/python/support.hpp"
#include "xchg/hiring/front/binding.hpp"
#include "xchg/hiring/front/result_json.hpp"

namespace xchg::hiring {
namespace {

namespace py = pybind11;

LearnOptions read_learn_options(const py::dict& dict) {
  const python::Arguments named(dict);
  LearnOptions options;
  named.read("rounds", options.rounds);
  named.read("exploration", options.exploration);
  named.read("exponent", options.exponent);
  named.read("slack", options.slack);
  named.read("theory_slack", options.theory_slack);
  named.read("mixture", options.mixture);
  named.read("anytime", options.anytime);
  return options;
}

// A learner with what it knows beforehand.
struct Session {
  Setting setting;
  Learner learner;
};

Session begin(const Instance& instance, const py::dict& named) {
  Setting setting = setting_of(instance);
  const LearnOptions options = read_learn_options(named);
  return {setting, Learner(setting, options)};
}

void observe(Session& session, const py::object& counts, bool chose_alternative) {
  const python::ArrayArgument array(counts, "counts");
  array.require_dimensions(3, "(entries of the mechanism, signal profiles, states)");
  const auto values = array.values<std::int64_t>();
  const std::size_t cells = array.size(1) * array.size(2);
  Feedback feedback;
  feedback.chose_alternative = chose_alternative;
  for (std::size_t entry = 0; entry < array.size(0); ++entry) {
    const auto row = values.subspan(entry * cells, cells);
    feedback.counts.emplace_back(row.begin(), row.end());
    for (const std::int64_t count : row) feedback.rounds += count;
  }
  session.learner.observe(feedback);
}

void play_with_simulator(Session& session, const Instance& instance, std::uint64_t seed,
                         const py::object& progress) {
  Simulator simulator(instance, session.setting, seed);
  (void)python::call_engine(progress,
                            [&](Progress& watcher) { return learn(simulator, session.learner, watcher); });
}

std::string bound_simulate(const Instance& instance, const py::dict& dict, const py::object& progress) {
  const python::Arguments named(dict);
  SimulateOptions options;
  options.learn = read_learn_options({});
  named.read("rounds", options.rounds);
  named.read("seeds", options.seeds);
  named.read("first_seed", options.first_seed);
  named.read("methods", options.methods);
  named.read("exploration", options.learn.exploration);
  named.read("slack", options.learn.slack);
  named.read("threads", options.threads);
  return json::dump(simulation_json(python::call_engine(
      progress, [&](Progress& watcher) { return simulate(instance, options, watcher); })));
}

}  // namespace

void bind_online(py::module_& module) {
  using namespace py::literals;
  const py::metaclass plain_type(reinterpret_cast<PyObject*>(&PyType_Type));  // what the typed stub says
  py::class_<Session>(module, "Learner", plain_type)
      .def(py::init(&begin), "instance"_a, "options"_a)
      .def("request",
           [](Session& session) {
             const Request& request = session.learner.request();
             return json::dump(request_json(session.setting, request, session.learner.result()));
           })
      .def("observe", &observe, "counts"_a, "chose_alternative"_a)
      .def("play", &play_with_simulator, "instance"_a, "seed"_a, "progress"_a);
  module.def("simulate", &bound_simulate, "instance"_a, "options"_a, "progress"_a);
}

}  // namespace xchg::hiring
