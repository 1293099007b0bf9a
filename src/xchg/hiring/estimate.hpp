// Instances from data: what agents reported on tasks whose truth is known.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xchg/hiring/instance.hpp"
#include "xchg/hiring/mechanism.hpp"

namespace xchg::hiring {

// One report. Names are as in the file.
struct Report {
  std::string task, agent, effort, report, truth;
  std::size_t line = 0;  // of the file
};

// Reports of agents on tasks, one row for each task, agent and effort; several rows of the same count as
// their average.
struct Panel {
  std::string source;
  std::vector<Report> reports;
};

// Reads a panel: CSV with the columns task, agent, effort, report, truth in any order. Throws InputError with
// line and column for a missing cell, a task with two truths, a missing column, and what csv::read throws.
Panel read_panel(const std::filesystem::path& path);
// The same from text; `source` names it in messages.
Panel parse_panel(std::string_view csv, const std::string& source);

// Costs of efforts as people give them.
struct Costs {
  // The cost of one effort of one agent.
  struct Item {
    std::string agent, effort;
    Rational cost;
  };
  std::vector<Item> items;
  std::optional<Rational> per_label;  // effort is a number of labels, and each costs so much
};
// "vendor A:3=3/250,vendor A:5=1/50", or the name of a CSV file with the columns agent, effort, cost. Throws
// InputError.
Costs read_costs(const std::string& list_or_file);

// Options of estimate() and estimate_pools().
struct EstimateOptions {
  // States, decisions, utility, agents, efforts, signals, and costs unless given, with their order; without
  // it names come in order of appearance and the decisions are the states.
  std::optional<Instance> like;
  bool independent = false;  // signals independent given the state, whatever was observed together
  Rational alpha = 1;        // weight of the independent law among the tasks that show a whole profile, >= 0
  Costs costs;
};

// Prior and each agent's law of reports from counts (1/2 added to each), joint law of a profile from the
// tasks on which all agents have its efforts: (count + alpha * independent law) / (tasks + alpha), then
// scaled to the prior state by state, so that effort does not move nature. All exact. `warnings` (may be
// null) takes cells that are missing. Throws InputError for names that are not those of `like` (with the
// nearest), costs that are missing, a profile that no task shows unless independent or alpha > 0.
Instance estimate(const Panel& panel, const EstimateOptions& options, Warnings* warnings = nullptr);

// Labels of many workers on the same tasks, and truth; all 0 or 1.
struct Labels {
  std::string source;
  std::vector<std::vector<int>> by_task;  // [task][worker]
  std::vector<int> truth;                 // [task]
};
// Reads CSV with the columns task, worker, label, truth; every worker labels every task once. Throws
// InputError.
Labels read_labels(const std::filesystem::path& path);
// The same from text; `source` names it in messages.
Labels parse_labels(std::string_view csv, const std::string& source);

// The exact instance of `pools` vendors, vendor v owning workers v, v + pools, …: effort is a number of
// labels (0 or odd), bought of different workers of the vendor at random, the report their majority ("no" for
// 0). The task is the latent variable. Names are those of `like` where given. Throws InputError.
Instance estimate_pools(const Labels& labels, int pools, const std::vector<int>& efforts,
                        const EstimateOptions& options);

// How sure one row of incentive compatibility is, in the data that the instance was estimated from.
struct RowError {
  int agent = 0, effort = 0,
      other = 0;     // asked for effort; what is gained by obeying instead of `other` and the best reports
  double slack = 0;  // on the estimated law, weighted with how often the effort is asked for
  double standard_error = 0;  // of the mean over tasks
  std::size_t tasks = 0;      // that show all efforts which the row needs
};
// For each agent, recommended effort and other effort: what obeying earns more on the average task, and its
// standard error over tasks, reports of the deviation being the best ones on the estimated law.
std::vector<RowError> standard_errors(const Panel& panel, const Instance& instance,
                                      const Mechanism& mechanism);
// A line for each row whose slack is less than two standard errors, or for all of them together.
Warnings doubts(const Instance& instance, const std::vector<RowError>& rows);

}  // namespace xchg::hiring
