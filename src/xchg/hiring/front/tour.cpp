// The chapter of hiring in the tour: labels of birds bought from three vendors, and learning whom to pay.
#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/error.hpp"
#include "xchg/core/report.hpp"
#include "xchg/core/text.hpp"
#include "xchg/hiring/design/ladder.hpp"
#include "xchg/hiring/front/mechanism_text.hpp"
#include "xchg/hiring/hiring.hpp"
#include "xchg/hiring/instance/names.hpp"
#include "xchg/hiring/pictures/pictures.hpp"

namespace xchg::hiring {
namespace {

using text::brief;

Result designed(const Instance& instance, const Options& options, report::Chapter& chapter) {
  Result result = design(instance, options, chapter.progress());
  const Check check = verify(instance, result.certificate, chapter.progress());
  if (!check.proven) throw NumericError("a mechanism does not pass its proof: " + check.findings.front());
  return result;
}

double total_pay(const Instance& instance, const Mechanism& mechanism) {
  double total = 0;
  for (const Rational& pay : expected_payments(instance, mechanism)) total += to_double(pay);
  return total;
}

Instance bird_instance(report::Chapter& chapter) {
  EstimateOptions options{.like = read_instance(chapter.data("hiring/instances/bluebirds3.json"))};
  options.costs.per_label = Rational(1, 250);
  return estimate_pools(read_labels(chapter.data("hiring/bluebirds.csv")), 3, {0, 1, 3, 5}, options);
}

// Long lines of a payment table continue below what is paid for.
std::string wrapped(const std::string& text) {
  constexpr std::size_t longest = 84;
  std::string result;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    std::string line = text.substr(from, end - from);
    if (line.size() > longest) {
      if (const std::size_t colon = line.find(": pay "); colon != std::string::npos) {
        line.replace(colon, 2, ":\n      ");
      }
    }
    result += line + "\n";
    from = end + 1;
  }
  return result;
}

chart::DataTable schedule(const Instance& instance, const Mechanism& mechanism) {
  chart::DataTable table;
  table.columns.push_back({"share", "how often", true});
  for (const Agent& agent : instance.agents)
    table.columns.push_back({agent.name, "labels from " + agent.name, true});
  for (const Entry& entry : mechanism.support) {
    std::vector<std::string> row{fmt::format("{:.2f} %", 100 * to_double(entry.probability))};
    for (const std::string& effort : effort_names(instance, entry.profile)) row.push_back(effort);
    table.rows.push_back(std::move(row));
  }
  return table;
}

// Value and pay of the best mechanism and of simpler ones, side by side.
chart::DataTable comparison(const Instance& instance, const Result& best, const Result& own, double nobody) {
  chart::DataTable table;
  table.columns = {{"mechanism", "mechanism", false},
                   {"value", "value of a picture", true},
                   {"pay", "paid on average", true}};
  const auto add = [&](const std::string& name, double value, const std::string& pay) {
    table.rows.push_back({name, brief(value, 6), pay});
  };
  add("fixed wage: nobody looks", nobody, "0");
  Model model(instance, {.payment_bound = Bound(1)});
  model.store_law();
  if (const auto scored = best_scored(model, Score::Quadratic, Progress::none())) {
    add("scaled quadratic score", scored->value, brief(model.value(scored->profile) - scored->value, 4));
  }
  add("best contract on own reports", own.value, brief(total_pay(instance, own.mechanism), 4));
  add("best mechanism", best.value, brief(total_pay(instance, best.mechanism), 4));
  if (best.ladder.first_best) add("if efforts could be seen", *best.ladder.first_best, "");
  return table;
}

void add_birds(report::Chapter& chapter) {
  const Instance birds = bird_instance(chapter);
  const Options options{.payment_bound = Bound(1)};
  const Result best = designed(birds, options, chapter);
  const Result own =
      designed(birds, {.payment_bound = Bound(1), .mechanism = Class::Own, .ladder = false}, chapter);
  const Result nobody = designed(birds, {.payment_bound = Bound(0), .ladder = false}, chapter);
  chapter.heading("Labels of birds: what to buy, how to pay");
  chapter.text(
      fmt::format("39 people labelled 108 pictures (4212 labels): is it an indigo bunting or another bird? "
                  "Three vendors own 13 of them "
                  "each. A label costs its vendor {}; a right decision is worth 1. Labels cannot be checked, "
                  "only the true bird is known "
                  "later: a vendor may invent his answer and keep the money. Which labels should be asked "
                  "for, and what should be paid "
                  "when, so that buying them honestly is worth a vendor's while?",
                  text(birds.agents[0].costs[1])));
  chapter.table("Who is asked for how many labels of a picture", schedule(birds, best.mechanism));
  chapter.text(
      fmt::format("Who is asked is drawn anew for each picture, and each vendor hears his own part alone. "
                  "What is paid (nothing "
                  "otherwise), with 1 as the largest payment:"));
  chapter.code(wrapped(payments_text(birds, best.mechanism)));
  for (std::size_t k = 0; k < best.mechanism.support.size(); ++k) {
    for (const std::size_t agent : paid_agents(birds, best.mechanism.support[k])) {
      chapter.chart(
          payment_picture(fmt::format("pay-{}-{}", k, agent), birds, best.mechanism.support[k], agent));
    }
  }
  chapter.text(
      fmt::format("This is worth {} a picture and costs {} on average. That it is incentive compatible, and "
                  "that no mechanism is worth more "
                  "than {} above it, was just proven in exact arithmetic.",
                  brief(best.value, 6), brief(total_pay(birds, best.mechanism), 4),
                  brief(std::max(0.0, to_double(best.upper_bound_exact - best.value_exact)), 2)));
  chapter.command(
      "./xchg hiring design data/hiring/instances/bluebirds3.json --bound 1 --certificate cert.json");
  chapter.table("What simpler pay leaves", comparison(birds, best, own, nobody.value));
  chapter.chart(ladder_picture("bird-ladder", best.ladder));
  const auto points = frontier(
      birds,
      {Bound(Rational(1, 50)), Bound(Rational(1, 20)), Bound(Rational(1, 5)), Bound(1), Bound(5), Bound(20)},
      {}, 0.2, 12, chapter.progress());
  const Result unbounded =
      design(birds, {.payment_bound = Bound::infinity(), .ladder = false}, chapter.progress());
  chapter.chart(frontier_picture("bird-frontier", points, unbounded.supremum));
  chapter.chart(sensitivity_picture("bird-costs",
                                    cost_sensitivity(birds, Rational(1, 10), options, chapter.progress()),
                                    best.value, Rational(1, 10)));
  chapter.key_figure("value of a picture", brief(best.value, 6),
                     fmt::format("proven optimal; {} if nobody looks", brief(nobody.value, 4)));
  chapter.key_figure("paid for it", brief(total_pay(birds, best.mechanism), 4),
                     "on average, all vendors together");
}

void add_estimated(report::Chapter& chapter) {
  EstimateOptions options{.like = read_instance(chapter.data("hiring/instances/bluebirds3.json"))};
  options.costs.per_label = Rational(1, 250);
  const Panel panel = read_panel(chapter.data("hiring/bluebirds_panel.csv"));
  const Instance estimated = estimate(panel, options);
  const Result plugged = design(estimated, {.payment_bound = Bound(1), .ladder = false}, chapter.progress());
  const Certificate against{.instance = fingerprint(*options.like),
                            .terms = {.payment_bound = Bound(1)},
                            .mechanism = plugged.mechanism};
  const Check truth = verify(*options.like, against, chapter.progress());
  const auto rows = standard_errors(panel, estimated, plugged.mechanism);
  chapter.heading("What estimates are worth");
  chapter.text(fmt::format(
      "Had one only the reports on these 108 pictures and not the laws behind them, the same program on "
      "estimated probabilities "
      "would promise {}. Under the true ones its mechanism is {}: somebody gains {} by disobeying. The "
      "warning for that "
      "comes before: {} of {} rows of incentive compatibility are within two standard errors of breaking.",
      brief(plugged.value, 6), truth.feasible ? "incentive compatible" : "not incentive compatible",
      brief(to_double(truth.violation), 3), doubts(estimated, rows).size(), rows.size()));
  chapter.command(
      "./xchg hiring estimate data/hiring/bluebirds_panel.csv --like data/hiring/instances/bluebirds3.json "
      "--cost-per-label "
      "1/250 -o inst.json");
}

void add_audit_example(report::Chapter& chapter) {
  const Instance audit = read_instance(chapter.data("hiring/instances/audit2.json"));
  const Result best = designed(audit, {}, chapter);
  const Rational c = audit.agents[0].costs[1], m = audit.payment_bound.amount();
  const Rational closed = Rational(4, 5) - 2 * c * m / (m - c);
  chapter.heading("Why chance helps");
  chapter.text(fmt::format(
      "Two agents who can find out the same thing. Usually one of them is asked to work, now and then both, "
      "and neither "
      "knows which: when both were asked and agree, both are paid. One salary is saved, and still nobody "
      "dares to rest. Worth {} "
      "= {} (the closed form 4/5 - 2cM/(M-c) gives {}); the best fixed contract is worth {}.",
      text(best.value_exact), brief(best.value, 6), text(closed), brief(best.ladder.det.value_or(0), 6)));
  chapter.code(payments_text(audit, best.mechanism));
  const Audit audited = xchg::hiring::audit(audit, best.mechanism, {}, chapter.progress());
  const Equilibrium& worst = audited.equilibria.front();
  chapter.text(fmt::format(
      "**What this does not promise**: that obeying is the only equilibrium. The auditor tried best "
      "responses from {} starts "
      "and found {} equilibria; in the worst the agents earn {} and {} and the principal is left with {} "
      "instead of {}. Both together "
      "could gain {} a round. Incentive compatibility speaks of one deviator while the others obey.",
      audited.starts, audited.equilibria.size(), brief(worst.utilities[0], 4), brief(worst.utilities[1], 4),
      brief(worst.principal, 4), brief(audited.value, 4),
      audited.coalitions.empty() ? "0" : brief(audited.coalitions.front().gain, 3)));
  chapter.command("./xchg hiring design data/hiring/instances/audit2.json --bound 1");
}

void add_learning(report::Chapter& chapter) {
  const Instance audit = read_instance(chapter.data("hiring/instances/audit2.json"));
  SimulateOptions options;
  options.seeds = 10;
  options.first_seed = 1000 + chapter.seed();
  options.methods = {"hire_online", "noslack", "fixed det"};
  options.threads = chapter.threads();
  const Simulation simulation = simulate(audit, options, chapter.progress());
  if (!simulation.complete) return;
  const Curve& ours = simulation.curves.front();
  chapter.heading("When nobody knows the agents");
  chapter.text(fmt::format(
      "The same two agents, whose skill and costs must be learnt by paying them, up to a billion rounds "
      "(counted, not played one by "
      "one). Agents best-respond to what is posted; what is lost against the best mechanism is the regret. "
      "Exploring about T to the "
      "2/3 rounds and then demanding a margin of safety (`hire_online`), it grows like T to the {} between "
      "{} and {} rounds "
      "(95 % interval {} to {}, {} seeds); from {} rounds on it beats the best fixed contract of somebody "
      "who knows everything. Without the "
      "margin (`noslack`) agents disobey in many runs. The slope depends on the window and on {} seeds; by "
      "itself it does not tell "
      "an exponent of 2/3 from 3/4.",
      brief(ours.slopes[0].slope, 3), brief(ours.slopes[0].low_rounds, 2),
      brief(ours.slopes[0].high_rounds, 2), brief(ours.slopes[0].low, 3), brief(ours.slopes[0].high, 3),
      options.seeds, ours.break_even ? brief(*ours.break_even, 2) : "more than 10^9", options.seeds));
  chapter.chart(regret_picture("regret", simulation));
  chapter.command(
      "./xchg hiring simulate data/hiring/instances/audit2.json --rounds 1e9 --method hire_online --seeds "
      "30");
}

}  // namespace

void add_chapter(report::Chapter& chapter) {
  chapter.title("hiring");
  add_birds(chapter);
  add_estimated(chapter);
  add_audit_example(chapter);
  add_learning(chapter);
  chapter.summary(
      "What to pay people who find things out, so that effort and honesty are worth it to them: the best "
      "payments, proven, and "
      "learnt when nobody knows the people.");
}

}  // namespace xchg::hiring
