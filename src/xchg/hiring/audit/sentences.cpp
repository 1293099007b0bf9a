// An audit in words.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "xchg/core/text.hpp"
#include "xchg/hiring/audit.hpp"

namespace xchg::hiring {
namespace {

class Words {
 public:
  explicit Words(const Instance& instance) : instance_(instance), signals_(instance.signals()) {}

  const std::string& agent(int i) const { return at(i).name; }
  const std::string& effort(int i, int effort) const {
    return at(i).efforts[static_cast<std::size_t>(effort)];
  }
  std::string do_effort(int i, int number) const { return fmt::format("choose \"{}\"", effort(i, number)); }

  // Who hears which recommendation.
  std::string asked(int i, int number) const {
    return fmt::format("{}, asked for \"{}\"", agent(i), effort(i, number));
  }

  // 'tell the truth', 'answer "0"', 'answer "1" for "0"'.
  std::string answers(int i, const std::vector<int>& reports) const {
    std::vector<std::string> lies;
    int seen = 0, told = -1;
    bool constant = true;
    for (std::size_t z = 0; z < reports.size(); ++z) {
      const int r = reports[z];
      if (r < 0) continue;
      constant = constant && (seen == 0 || r == told);
      told = r;
      ++seen;
      if (r != static_cast<int>(z)) lies.push_back(quoted(i, r) + " for " + quoted(i, static_cast<int>(z)));
    }
    if (seen > 1 && constant) return "always answer " + quoted(i, told);
    if (seen == 1) return "answer " + quoted(i, told);
    if (lies.empty()) return "tell the truth";
    return fmt::format("answer {}", fmt::join(lies, ", "));
  }

  std::string plan(int i, int number, const std::vector<int>& reports) const {
    return do_effort(i, number) + " and " + answers(i, reports);
  }

  std::string efforts(std::size_t profile) const {
    std::vector<std::string> parts;
    const std::vector<int> tuple = instance_.efforts().tuple(profile);
    for (std::size_t i = 0; i < tuple.size(); ++i) parts.push_back(effort(static_cast<int>(i), tuple[i]));
    return fmt::format("({})", fmt::join(parts, ", "));
  }
  std::string reports(std::size_t s) const {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < signals_.digits(); ++i)
      parts.push_back(at(static_cast<int>(i)).signals[static_cast<std::size_t>(signals_.digit(s, i))]);
    return fmt::format("({})", fmt::join(parts, ", "));
  }
  const std::string& state(int t) const { return instance_.states[static_cast<std::size_t>(t)]; }

 private:
  const Agent& at(int i) const { return instance_.agents[static_cast<std::size_t>(i)]; }
  std::string quoted(int i, int signal) const {
    return fmt::format("\"{}\"", at(i).signals[static_cast<std::size_t>(signal)]);
  }

  const Instance& instance_;
  Radix signals_;
};

std::string number(double value) { return text::brief(value, 4); }

// Doubles that stand for exact numbers are 0 only where those are.
std::string gain(double value) {
  if (value == 0) return "gains and loses nothing by it";
  return (value > 0 ? "gains " : "loses ") + number(std::abs(value)) + " by it";
}

void add_recommendation(const Words& words, const Recommendation& of, std::vector<std::string>& lines) {
  const std::string who = words.asked(of.agent, of.effort);
  if (of.alternatives.empty()) {
    lines.push_back(who + ": there is nothing else to do");
    return;
  }
  const Temptation& best = of.alternatives.front();
  std::string line = fmt::format("{}: best alternative is to {}; {}", who,
                                 words.plan(of.agent, best.effort, best.reports), gain(best.gain));
  if (of.alternatives.size() > 1) {
    const Temptation& second = of.alternatives[1];
    line += fmt::format("; the next is to {} ({})", words.plan(of.agent, second.effort, second.reports),
                        gain(second.gain));
  }
  lines.push_back(std::move(line));
  if (!best.driver) return;
  const Driver& driver = *best.driver;
  lines.push_back(fmt::format(
      "  the payment that this changes most is {} for {} when {} are asked, {} reported and the state is {}: "
      "paid with probability {} instead of {}",
      number(driver.amount), words.agent(of.agent), words.efforts(driver.profile),
      words.reports(driver.reports), words.state(driver.state), number(driver.deviating),
      number(driver.honest)));
}

std::string costs_borne(const std::optional<double>& error) {
  if (!error) return "costs may be off by any share";
  if (*error == 0) return "no error of costs is borne: somebody would as soon choose another effort";
  return fmt::format("each cost may be off by {} %", number(*error * 100));
}

std::string laws_borne(const std::optional<double>& error) {
  if (!error) return "probabilities may be off by any amount";
  if (*error == 0) return "no error of probabilities is sure to be borne: somebody is indifferent";
  return fmt::format(
      "probabilities of each profile may be off by {} (sum of absolute differences), if not more",
      number(*error));
}

void add_costs_off(const Words& words, const CostsOff& off, std::vector<std::string>& lines) {
  const std::string factor = fmt::format("costs times {}: ", number(off.factor));
  if (!off.recommendation || off.gain <= 0) {
    lines.push_back(factor + "nobody gains by another plan");
    return;
  }
  const Recommendation& who = *off.recommendation;
  const Temptation& plan = who.alternatives.front();
  lines.push_back(fmt::format("{}{}: to {} gains {}", factor, words.asked(who.agent, who.effort),
                              words.plan(who.agent, plan.effort, plan.reports), number(plan.gain)));
}

void add_coalition(const Words& words, const Coalition& coalition, std::vector<std::string>& lines) {
  std::vector<std::string> names;
  for (const int i : coalition.members) names.push_back(words.agent(i));
  const std::string who = fmt::format("{}", fmt::join(names, " and "));
  if (coalition.plans.empty()) {
    lines.push_back(fmt::format("together {} gain nothing", who));
    return;
  }
  lines.push_back(fmt::format("together {} gain {} a round", who, number(coalition.gain)));
  for (const JointPlan& plan : coalition.plans) {
    std::vector<std::string> asked, done;
    for (std::size_t k = 0; k < coalition.members.size(); ++k) {
      asked.push_back(words.effort(coalition.members[k], plan.recommended[k]));
      done.push_back(words.effort(coalition.members[k], plan.efforts[k]));
    }
    lines.push_back(fmt::format("  asked for ({}) they choose ({}), which gains {}", fmt::join(asked, ", "),
                                fmt::join(done, ", "), number(plan.gain)));
  }
}

void add_equilibrium(const Words& words, const Audit& audit, const Equilibrium& equilibrium,
                     std::vector<std::string>& lines) {
  if (equilibrium.honest) {
    lines.push_back(fmt::format("honesty is an equilibrium, reached from {} of {} starts", equilibrium.found,
                                audit.starts));
    return;
  }
  lines.push_back(fmt::format(
      "another equilibrium, reached from {} of {} starts, leaves the principal {}: {} {} than honesty",
      equilibrium.found, audit.starts, number(equilibrium.principal),
      number(std::abs(audit.value - equilibrium.principal)),
      equilibrium.principal > audit.value ? "more" : "less"));
  for (std::size_t i = 0; i < equilibrium.reactions.size(); ++i) {
    for (std::size_t e = 0; e < equilibrium.reactions[i].size(); ++e) {
      const Reaction& reaction = equilibrium.reactions[i][e];
      const int agent = static_cast<int>(i);
      if (!reaction.asked) continue;
      lines.push_back(fmt::format("  {}: to {}", words.asked(agent, static_cast<int>(e)),
                                  words.plan(agent, reaction.effort, reaction.reports)));
    }
  }
}

}  // namespace

std::vector<std::string> audit_sentences(const Instance& instance, const Audit& audit) {
  const Words words(instance);
  std::vector<std::string> lines;
  lines.push_back(audit.incentive_compatible
                      ? "no agent gains by disobeying or lying while the others are honest"
                      : fmt::format("not incentive compatible: an agent gains {} on average",
                                    number(to_double(*audit.violation))));
  for (const Recommendation& of : audit.recommendations) add_recommendation(words, of, lines);
  if (audit.incentive_compatible) {
    lines.push_back(costs_borne(audit.cost_error));
    lines.push_back(laws_borne(audit.law_error));
  }
  for (const CostsOff& off : audit.costs_off) add_costs_off(words, off, lines);
  for (const Coalition& coalition : audit.coalitions) add_coalition(words, coalition, lines);
  for (const Equilibrium& equilibrium : audit.equilibria) add_equilibrium(words, audit, equilibrium, lines);
  if (audit.unsettled > 0) {
    lines.push_back(
        fmt::format("from {} of {} starts best responses did not settle", audit.unsettled, audit.starts));
  }
  return lines;
}

}  // namespace xchg::hiring
