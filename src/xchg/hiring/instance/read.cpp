// Instances from JSON.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "xchg/core/file.hpp"
#include "xchg/core/utf8.hpp"
#include "xchg/hiring/instance/checks.hpp"
#include "xchg/hiring/instance/problems.hpp"

namespace xchg::hiring {
namespace {

using json::Reader;

class InstanceReader {
 public:
  InstanceReader(const std::string& source, Warnings* warnings) : problems_(source), warnings_(warnings) {}

  Instance read(const json::Value& document, const std::string& source) {
    Reader top(document, source);
    if (!top.is_object()) top.fail_found("an object with states, decisions, utility, agents and P");
    problems_.collect([&] {
      if (const auto name = top.optional("name")) instance_.name = name->text();
      if (const auto title = top.optional("title")) instance_.title = title->text();
    });
    problems_.collect([&] { instance_.states = names(top.at("states"), "state"); });
    problems_.collect([&] { instance_.decisions = names(top.at("decisions"), "decision"); });
    problems_.collect([&] { read_agents(top.at("agents")); });
    problems_.collect([&] { read_bound(top); });
    problems_.collect([&] {
      if (const auto flag = top.optional("state_depends_on_effort")) {
        instance_.state_depends_on_effort = flag->boolean();
      }
    });
    const bool sizes_known = problems_.empty();
    problems_.collect([&] {
      Reader utility = top.at("utility");
      if (sizes_known) read_utility(utility);
    });
    problems_.collect([&] {
      Reader law = top.at("P");
      if (sizes_known) read_law(law);
    });
    problems_.collect([&] { top.finish(); });
    problems_.throw_if_any();
    return std::move(instance_);
  }

 private:
  std::vector<std::string> names(const Reader& list, const std::string& what) {
    std::vector<std::string> result;
    std::set<std::string> seen;
    for (const Reader& entry : list.array()) {
      problems_.collect([&] {
        const std::string& name = entry.text();
        if (!seen.insert(name).second) {
          entry.fail(fmt::format("the {} {} comes twice", what, utf8::quoted(name)), "names that differ");
        }
        result.push_back(name);
      });
    }
    if (list.value().empty()) list.fail(fmt::format("there is no {}", what), "at least one");
    return result;
  }

  void read_agents(const Reader& list) {
    std::set<std::string> seen;
    for (Reader entry : list.array()) {
      problems_.collect([&] {
        Agent agent;
        Reader name = entry.at("name");
        agent.name = name.text();
        if (!seen.insert(agent.name).second) {
          name.fail("the agent " + utf8::quoted(agent.name) + " comes twice", "names that differ");
        }
        agent.efforts = names(entry.at("efforts"), "effort");
        agent.signals = names(entry.at("signals"), "signal");
        const Reader costs = entry.at("costs");
        for (const Reader& cost :
             numbers(costs, entry.at("efforts").value().size(), "costs, one for each effort")) {
          problems_.collect([&] { agent.costs.push_back(rational_at_least_0(cost)); });
        }
        entry.finish();
        instance_.agents.push_back(std::move(agent));
      });
    }
  }

  void read_bound(Reader& top) {
    const auto place = top.optional("payment_bound");
    if (!place) return;
    if (place->is_text() && place->value() == "inf") return;
    instance_.payment_bound = Bound(rational_at_least_0(*place));
  }

  // The elements of an array that must have `count` of them.
  std::vector<Reader> numbers(const Reader& list, std::size_t count, const std::string& expected) {
    std::vector<Reader> entries = list.array();
    if (entries.size() != count) {
      list.fail(fmt::format("there are {} values", entries.size()), fmt::format("{} {}", count, expected));
    }
    return entries;
  }

  void read_utility(const Reader& list) {
    for (const Reader& row : numbers(list, instance_.decisions.size(), "rows, one for each decision")) {
      auto& values = instance_.utility.emplace_back();
      problems_.collect([&] {
        for (const Reader& cell : numbers(row, instance_.states.size(), "values, one for each state")) {
          problems_.collect([&] { values.push_back(rational_at(cell)); });
        }
      });
    }
  }

  // Numbers >= 0 that sum to 1: exactly, or within 1e-9 where decimals are among them; then they are scaled.
  std::vector<Rational> distribution(const Reader& list, std::size_t count, const std::string& expected) {
    std::vector<Rational> values;
    bool decimals = false;
    const std::size_t problems = problems_.size();
    for (const Reader& cell : numbers(list, count, expected)) {
      problems_.collect([&] {
        values.push_back(rational_at_least_0(cell));
        decimals = decimals || is_decimal(cell);
      });
    }
    if (problems_.size() == problems) scale(list, values, decimals, "probabilities");
    return values;
  }

  static bool is_decimal(const Reader& cell) {
    return cell.is_text() &&
           cell.value().get_ref<const std::string&>().find_first_of(".eE") != std::string::npos;
  }

  void scale(const Reader& place, std::vector<Rational>& values, bool decimals, const std::string& what) {
    Rational sum;
    for (const Rational& value : values) sum += value;
    if (sum == 1) return;
    const Rational off = sum > 1 ? Rational(sum - 1) : Rational(1 - sum);
    if (!decimals || off > Rational(1, 1'000'000'000)) {
      place.fail(fmt::format("{} sum to {}", what, sum_text(sum)),
                 decimals ? "a sum of 1 (decimals: within 1e-9)" : "a sum of exactly 1");
    }
    for (Rational& value : values) value /= sum;
    if (warnings_ != nullptr) {
      warnings_->push_back(
          fmt::format("{}: {} sum to {}; scaled to sum to 1", place.pointer(), what, sum_text(sum)));
    }
  }

  static std::string sum_text(const Rational& sum) {
    const std::string exact = text(sum);
    return exact.size() <= 60 ? exact : fmt::format("{:.15g}", to_double(sum));
  }

  void read_law(Reader law) {
    const std::string form = law.at("form").choice({"independent", "latent", "joint"});
    if (form == "joint") {
      instance_.law.form = Form::Joint;
      read_joint(law);
    } else {
      instance_.law.form = form == "latent" ? Form::Latent : Form::Independent;
      read_factors(law);
    }
    law.finish();
  }

  void read_factors(Reader& law) {
    const std::size_t states = instance_.states.size();
    Law& to = instance_.law;
    if (to.form == Form::Independent) {
      problems_.collect([&] {
        to.latent_prior = distribution(law.at("prior"), states, "probabilities, one for each state");
      });
      to.state_given_latent.assign(states, std::vector<Rational>(states));
      for (std::size_t t = 0; t < states; ++t) to.state_given_latent[t][t] = 1;
    } else {
      problems_.collect([&] {
        const Reader prior = law.at("latent_prior");
        if (prior.array().empty()) prior.fail("there is no latent value", "at least one");
        to.latent_prior = distribution(prior, prior.array().size(), "probabilities");
      });
      problems_.collect([&] {
        const Reader given = law.at("state_given_latent");
        for (const Reader& row :
             numbers(given, law.at("latent_prior").value().size(), "rows, one for each latent value")) {
          problems_.collect([&] {
            to.state_given_latent.push_back(distribution(row, states, "probabilities, one for each state"));
          });
        }
      });
    }
    problems_.collect([&] { read_signals(law.at("signal"), latents_of(law)); });
  }

  std::size_t latents_of(Reader& law) const {
    return instance_.law.form == Form::Latent ? law.at("latent_prior").value().size()
                                              : instance_.states.size();
  }

  void read_signals(const Reader& list, std::size_t latents) {
    const std::string of_latent = instance_.law.form == Form::Latent ? "latent value" : "state";
    instance_.law.signal.resize(instance_.agents.size());
    std::size_t i = 0;
    for (const Reader& of_agent : numbers(list, instance_.agents.size(), "tables, one for each agent")) {
      const Agent& agent = instance_.agents[i];
      auto& to = instance_.law.signal[i++];
      problems_.collect([&] {
        for (const Reader& of_effort :
             numbers(of_agent, agent.efforts.size(), "tables, one for each effort")) {
          auto& table = to.emplace_back();
          problems_.collect([&] {
            for (const Reader& row : numbers(of_effort, latents, "rows, one for each " + of_latent)) {
              problems_.collect([&] {
                table.push_back(
                    distribution(row, agent.signals.size(), "probabilities, one for each signal"));
              });
            }
          });
        }
      });
    }
  }

  void read_joint(Reader& law) {
    const Reader list = law.at("table");
    const std::size_t states = instance_.states.size(), signals = instance_.signals().count();
    for (const Reader& of_profile :
         numbers(list, instance_.efforts().count(), "tables, one for each effort profile")) {
      problems_.collect([&] {
        std::vector<Rational> values;
        bool decimals = false;
        const std::size_t problems = problems_.size();
        for (const Reader& row : numbers(of_profile, signals, "rows, one for each signal profile")) {
          for (const Reader& cell : numbers(row, states, "probabilities, one for each state")) {
            problems_.collect([&] {
              values.push_back(rational_at_least_0(cell));
              decimals = decimals || is_decimal(cell);
            });
          }
        }
        if (problems_.size() == problems)
          scale(of_profile, values, decimals, "the probabilities of this effort profile");
        instance_.law.table.push_back(std::move(values));
      });
    }
  }

  Problems problems_;
  Warnings* warnings_;
  Instance instance_;
};

}  // namespace

Instance parse_instance(std::string_view json, const std::string& source, Warnings* warnings) {
  const json::Value document = json::parse(json, source, json::Numbers::Text);
  Instance instance = InstanceReader(source, warnings).read(document, source);
  check_state_marginals(instance, source);
  if (warnings != nullptr) {
    const Warnings more = warnings_about(instance);
    warnings->insert(warnings->end(), more.begin(), more.end());
  }
  return instance;
}

Instance read_instance(const std::filesystem::path& path, Warnings* warnings) {
  return parse_instance(file::read(path), path == "-" ? "standard input" : path.string(), warnings);
}

}  // namespace xchg::hiring
