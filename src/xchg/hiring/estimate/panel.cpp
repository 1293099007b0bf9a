// Panels, labels and costs from CSV.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "xchg/core/csv.hpp"
#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"
#include "xchg/hiring/estimate.hpp"

namespace xchg::hiring {
namespace {

// The cell as a name; numbers are written as plainly as they can be.
std::string cell_text(const csv::Table& table, std::size_t column, std::size_t row) {
  const csv::Column& cells = table.columns[column];
  if (cells.is_missing(row)) {
    throw InputError(fmt::format("the {} is missing", cells.name),
                     {table.source, table.lines[row], column + 1}, "a value in every cell");
  }
  return cells.type == csv::Column::Type::Text ? cells.texts[row] : text::exact(cells.numbers[row]);
}

csv::Options with_header() {
  csv::Options options;
  options.header = csv::Header::Yes;
  options.missing = {};
  return options;
}

Panel panel_of(const csv::Table& table) {
  const std::size_t task = table.index("task"), agent = table.index("agent"), effort = table.index("effort"),
                    report = table.index("report"), truth = table.index("truth");
  Panel panel{.source = table.source, .reports = {}};
  std::map<std::string, std::string> truths;
  for (std::size_t row = 0; row < table.rows; ++row) {
    Report item{.task = cell_text(table, task, row),
                .agent = cell_text(table, agent, row),
                .effort = cell_text(table, effort, row),
                .report = cell_text(table, report, row),
                .truth = cell_text(table, truth, row),
                .line = table.lines[row]};
    const auto [known, fresh] = truths.emplace(item.task, item.truth);
    if (!fresh && known->second != item.truth) {
      throw InputError(fmt::format("task {} has the truth {} here and {} before", utf8::quoted(item.task),
                                   utf8::quoted(item.truth), utf8::quoted(known->second)),
                       {table.source, item.line, truth + 1}, "one truth for a task");
    }
    panel.reports.push_back(std::move(item));
  }
  return panel;
}

int bit_at(const csv::Table& table, std::size_t column, std::size_t row) {
  const std::string value = cell_text(table, column, row);
  if (value != "0" && value != "1") {
    throw InputError(fmt::format("the {} is {}", table.columns[column].name, utf8::quoted(value)),
                     {table.source, table.lines[row], column + 1}, "0 or 1");
  }
  return value == "1" ? 1 : 0;
}

// Numbers of names: in ascending order where all are whole numbers, else in order of appearance.
std::map<std::string, std::size_t> numbered(const csv::Table& table, std::size_t column) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (std::size_t row = 0; row < table.rows; ++row) {
    std::string name = cell_text(table, column, row);
    if (seen.insert(name).second) names.push_back(std::move(name));
  }
  if (table.columns[column].is_whole()) {
    std::sort(names.begin(), names.end(),
              [](const std::string& a, const std::string& b) { return std::stod(a) < std::stod(b); });
  }
  std::map<std::string, std::size_t> numbers;
  for (std::size_t k = 0; k < names.size(); ++k) numbers.emplace(names[k], k);
  return numbers;
}

Labels labels_of(const csv::Table& table) {
  const std::size_t task = table.index("task"), worker = table.index("worker"), label = table.index("label"),
                    truth = table.index("truth");
  const auto tasks = numbered(table, task), workers = numbered(table, worker);
  Labels labels{.source = table.source,
                .by_task = std::vector<std::vector<int>>(tasks.size(), std::vector<int>(workers.size(), -1)),
                .truth = std::vector<int>(tasks.size(), -1)};
  for (std::size_t row = 0; row < table.rows; ++row) {
    const std::size_t k = tasks.at(cell_text(table, task, row)),
                      w = workers.at(cell_text(table, worker, row));
    const int true_state = bit_at(table, truth, row);
    if (labels.truth[k] >= 0 && labels.truth[k] != true_state) {
      throw InputError("this task has another truth before", {table.source, table.lines[row], truth + 1},
                       "one truth for a task");
    }
    labels.truth[k] = true_state;
    if (labels.by_task[k][w] >= 0) {
      throw InputError("this worker has labelled this task before",
                       {table.source, table.lines[row], worker + 1}, "one label of a worker on a task");
    }
    labels.by_task[k][w] = bit_at(table, label, row);
  }
  for (const auto& [name, k] : tasks) {
    for (const auto& [other, w] : workers) {
      if (labels.by_task[k][w] < 0) {
        throw InputError(
            fmt::format("worker {} has not labelled task {}", utf8::quoted(other), utf8::quoted(name)),
            {table.source}, "every worker on every task");
      }
    }
  }
  return labels;
}

Rational cost_of(const std::string& value, const Where& where) {
  const auto cost = to_rational(value);
  if (!cost || *cost < 0) {
    throw InputError("the cost is " + utf8::quoted(value), where,
                     "an exact number >= 0 such as 3/250 or 0.012");
  }
  return *cost;
}

}  // namespace

Panel parse_panel(std::string_view csv, const std::string& source) {
  return panel_of(csv::parse(csv, with_header(), source));
}

Panel read_panel(const std::filesystem::path& path) { return panel_of(csv::read(path, with_header())); }

Labels parse_labels(std::string_view csv, const std::string& source) {
  return labels_of(csv::parse(csv, with_header(), source));
}

Labels read_labels(const std::filesystem::path& path) { return labels_of(csv::read(path, with_header())); }

Costs read_costs(const std::string& list_or_file) {
  Costs costs;
  if (list_or_file.find('=') == std::string::npos) {
    const csv::Table table = csv::read(list_or_file, with_header());
    const std::size_t agent = table.index("agent"), effort = table.index("effort"),
                      cost = table.index("cost");
    for (std::size_t row = 0; row < table.rows; ++row) {
      costs.items.push_back(
          {cell_text(table, agent, row), cell_text(table, effort, row),
           cost_of(cell_text(table, cost, row), {table.source, table.lines[row], cost + 1})});
    }
    return costs;
  }
  std::size_t from = 0;
  while (from <= list_or_file.size()) {
    const std::size_t comma = std::min(list_or_file.find(',', from), list_or_file.size());
    const std::string item = list_or_file.substr(from, comma - from);
    const std::size_t equals = item.rfind('='), colon = item.rfind(':', equals);
    if (equals == std::string::npos || colon == std::string::npos) {
      throw InputError("found " + utf8::quoted(item) + " among the costs", {}, "AGENT:EFFORT=COST,…");
    }
    costs.items.push_back({item.substr(0, colon), item.substr(colon + 1, equals - colon - 1),
                           cost_of(item.substr(equals + 1), {})});
    from = comma + 1;
  }
  return costs;
}

}  // namespace xchg::hiring
