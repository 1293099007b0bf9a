#include "xchg/hiring/pictures/pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/text.hpp"
#include "xchg/hiring/instance/names.hpp"

namespace xchg::hiring {

using text::brief;

std::vector<std::size_t> paid_agents(const Instance& instance, const Entry& entry) {
  std::vector<std::size_t> paid;
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    if (std::any_of(entry.payments.begin(), entry.payments.end(),
                    [&](const Payment& payment) { return static_cast<std::size_t>(payment.agent) == i; })) {
      paid.push_back(i);
    }
  }
  return paid;
}

chart::Chart payment_picture(const std::string& id, const Instance& instance, const Entry& entry,
                             std::size_t agent) {
  const std::size_t rows = instance.signals().count(), states = instance.states.size();
  std::vector<double> values(rows * states);
  double largest = 0;
  std::size_t count = 0;
  for (const Payment& payment : entry.payments) {
    if (static_cast<std::size_t>(payment.agent) != agent) continue;
    const double amount = to_double(payment.amount);
    values[payment.reports * states + static_cast<std::size_t>(payment.state)] = amount;
    largest = std::max(largest, amount);
    ++count;
  }
  std::vector<std::string> labels;
  for (std::size_t s = 0; s < rows; ++s)
    labels.push_back(fmt::format("{}", fmt::join(signal_names(instance, s), ", ")));
  std::string names, asked;
  const auto efforts = effort_names(instance, entry.profile);
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    names += (i > 0 ? ", " : "") + instance.agents[i].name;
    asked += (i > 0 ? ", " : "") + instance.agents[i].name + ": " + efforts[i];
  }
  const std::string& name = instance.agents[agent].name;
  return chart::heat_map(
      {.id = id,
       .title = fmt::format("What {} is paid when asked {}", name, asked),
       .caption = fmt::format(
           "Each row is what {} report, in this order; each column the state that came out.", names),
       .text_equivalent = fmt::format("{} is paid in {} of {} outcomes, at most {}.", name, count,
                                      values.size(), brief(largest, 4))},
      {.rows = rows,
       .columns = states,
       .values = values,
       .row_labels = labels,
       .column_labels = instance.states},
      {.row_title = "reports", .column_title = "state", .value_title = "payment"});
}

chart::Chart ladder_picture(const std::string& id, const Ladder& ladder) {
  chart::Bars bars;
  bars.groups = {"value"};
  bars.values.emplace_back();
  const auto add = [&](const char* name, const std::optional<double>& value) {
    if (!value) return;
    bars.categories.emplace_back(name);
    bars.values[0].push_back(*value);
  };
  add("logarithmic score", ladder.logarithmic);
  add("quadratic score", ladder.quadratic);
  add("spherical score", ladder.spherical);
  add("own reports", ladder.own);
  add("all reports", ladder.det);
  add("independent draws", ladder.product);
  add("best mechanism", ladder.corr);
  add("efforts seen", ladder.first_best);
  const double best = ladder.corr.value_or(0), own = ladder.own.value_or(best);
  return chart::bar(
      {.id = id,
       .title = "What simplicity costs",
       .caption = "Expected value of a round after payments. The scores and the two fixed contracts always "
                  "ask for the same efforts; "
                  "the last bar would need efforts that can be seen.",
       .text_equivalent = fmt::format("The best mechanism is worth {}, the best contract on own reports {}.",
                                      brief(best, 6), brief(own, 6))},
      bars,
      {.category = {.title = "mechanisms"},
       .value = {.title = "value of a round", .unit = "utility"},
       .horizontal = true});
}

chart::Chart frontier_picture(const std::string& id, const std::vector<FrontierPoint>& points,
                              double supremum) {
  chart::Series series{.name = "best mechanism"};
  for (const FrontierPoint& point : points) {
    if (point.payment_bound.infinite()) continue;
    series.x.push_back(to_double(point.payment_bound.amount()));
    series.y.push_back(point.value);
  }
  return chart::line(
      {.id = id,
       .title = "What larger payments buy",
       .caption = "Value of a round against the largest payment to one agent that is allowed.",
       .text_equivalent = fmt::format(
           "The value rises from {} at a largest payment of {} to {} at {}; no payments bring more "
           "than {}.",
           brief(series.y.front(), 6), brief(series.x.front(), 4), brief(series.y.back(), 6),
           brief(series.x.back(), 4), brief(supremum, 6))},
      {series},
      {.x = {.title = "largest payment", .unit = "utility", .logarithmic = true},
       .y = {.title = "value of a round", .unit = "utility"},
       .points = true,
       .references = {{supremum, "supremum"}}});
}

chart::Chart regret_picture(const std::string& id, const Simulation& simulation) {
  std::vector<chart::Series> series;
  for (const Curve& curve : simulation.curves) {
    chart::Series line{.name = curve.method};
    for (const CurvePoint& point : curve.points) {
      line.x.push_back(static_cast<double>(point.rounds));
      line.y.push_back(point.mean);
      line.low.push_back(point.low);
      line.high.push_back(point.high);
    }
    series.push_back(std::move(line));
  }
  const Curve& first = simulation.curves.front();
  chart::Series explored{.name = first.method + ": exploration"};
  for (const CurvePoint& point : first.points) {
    explored.x.push_back(static_cast<double>(point.rounds));
    explored.y.push_back(point.exploration);
  }
  series.push_back(std::move(explored));
  std::string words =
      fmt::format("With {} the loss is {} in {} rounds", first.method, brief(first.points.back().mean, 3),
                  brief(static_cast<double>(first.points.back().rounds), 3));
  if (!first.slopes.empty()) {
    words += fmt::format("; between {} and {} rounds its regret grows like T to the {}",
                         brief(first.slopes[0].low_rounds, 3), brief(first.slopes[0].high_rounds, 3),
                         brief(first.slopes[0].slope, 3));
  }
  return chart::line(
      {.id = id,
       .title = "Regret of learning by doing",
       .caption =
           "Mean over seeds of what is lost against the best mechanism, with 95 % intervals; both axes "
           "logarithmic. Lower is better.",
       .text_equivalent = words + "."},
      series,
      {.x = {.title = "rounds", .logarithmic = true},
       .y = {.title = "regret", .unit = "utility", .logarithmic = true},
       .points = true,
       .series_title = "method"});
}

chart::Chart deviation_picture(const std::string& id, const Instance& instance, const Audit& audit) {
  constexpr std::size_t most_bars = 40;
  chart::Bars bars;
  bars.groups = {"gain"};
  bars.values.emplace_back();
  double most = -1e300;
  std::string who;
  for (const Recommendation& heard : audit.recommendations) {
    const Agent& agent = instance.agents[static_cast<std::size_t>(heard.agent)];
    const std::string& effort = agent.efforts[static_cast<std::size_t>(heard.effort)];
    const std::string asked = fmt::format("{} ({})", agent.name, effort);
    for (const Temptation& plan : heard.alternatives) {
      const std::string does =
          plan.effort == heard.effort ? "lies" : agent.efforts[static_cast<std::size_t>(plan.effort)];
      if (plan.gain > most) {
        most = plan.gain;
        who = asked + ": " + does;
      }
      if (bars.categories.size() == most_bars) continue;
      bars.categories.push_back(asked + ": " + does);
      bars.values[0].push_back(plan.gain);
    }
  }
  return chart::bar(
      {.id = id,
       .title = "What disobedience brings",
       .caption = "Expected gain of one agent by the best plan with each other effort, and by the best lie, "
                  "given what he is asked for (in brackets); the others obey. Nothing may be above 0.",
       .text_equivalent = fmt::format("The most tempting: {}; it brings {}.", who, brief(most, 3))},
      bars,
      {.category = {.title = "plan"}, .value = {.title = "gain", .unit = "utility"}, .horizontal = true});
}

std::vector<Sensitivity> cost_sensitivity(const Instance& instance, const Rational& share,
                                          const Options& options, Progress& progress) {
  Options plain = options;
  plain.ladder = false;
  plain.exact = false;
  const auto value = [&](std::size_t agent, const Rational& factor) {
    Instance changed = instance;
    for (Rational& cost : changed.agents[agent].costs) cost *= factor;
    return design(changed, plain, progress).value;
  };
  std::vector<Sensitivity> rows;
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    rows.push_back({.what = "costs of " + instance.agents[i].name,
                    .lower = value(i, 1 - share),
                    .higher = value(i, 1 + share)});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Sensitivity& a, const Sensitivity& b) {
    return std::abs(a.lower - a.higher) > std::abs(b.lower - b.higher);
  });
  return rows;
}

chart::Chart sensitivity_picture(const std::string& id, const std::vector<Sensitivity>& rows, double value,
                                 const Rational& share) {
  chart::Bars bars;
  const std::string percent = brief(100 * to_double(share), 3);
  bars.groups = {percent + " % less", percent + " % more"};
  bars.values.resize(2);
  double largest = 0;
  std::string what;
  for (const Sensitivity& row : rows) {
    bars.categories.push_back(row.what);
    bars.values[0].push_back(row.lower - value);
    bars.values[1].push_back(row.higher - value);
    const double change = std::max(std::abs(row.lower - value), std::abs(row.higher - value));
    if (change < largest) continue;
    largest = change;
    what = row.what;
  }
  return chart::bar(
      {.id = id,
       .title = "What the optimum depends on",
       .caption = fmt::format("Change of the best value when one agent's costs are {} % less or more and the "
                              "mechanism is designed anew.",
                              percent),
       .text_equivalent = fmt::format("The largest change is {}, by {}.", brief(largest, 3), what)},
      bars,
      {.category = {.title = "what changes"},
       .value = {.title = "change of the value", .unit = "utility"},
       .horizontal = true,
       .group_title = "changed by"});
}

}  // namespace xchg::hiring
