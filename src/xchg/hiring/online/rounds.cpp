// Real rounds from a table.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "xchg/core/csv.hpp"
#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/hiring/online.hpp"

namespace xchg::hiring {
namespace {

class RoundsReader {
 public:
  RoundsReader(const csv::Table& table, const Instance& frame, const Request& request)
      : table_(table),
        frame_(frame),
        request_(request),
        profile_(table.index("profile")),
        state_(table.index("state")) {
    round_ = table.index("round");
    for (std::size_t i = 0; i < frame.agents.size(); ++i)
      reports_.push_back(table.index(fmt::format("report_{}", i + 1)));
  }

  Feedback read() {
    if (static_cast<std::int64_t>(table_.rows) > request_.rounds) {
      throw InputError(fmt::format("there are {} rounds", table_.rows), {table_.source, 0, 0, {}},
                       fmt::format("at most {}, as asked for", request_.rounds));
    }
    Feedback feedback;
    feedback.rounds = static_cast<std::int64_t>(table_.rows);
    feedback.chose_alternative = choice();
    const Mechanism& played = feedback.chose_alternative ? request_.alternative : request_.mechanism;
    const Radix signals = frame_.signals();
    feedback.counts.assign(played.support.size(),
                           std::vector<std::int64_t>(signals.count() * frame_.states.size()));
    std::set<std::string> seen;
    for (std::size_t row = 0; row < table_.rows; ++row) {
      if (!seen.insert(cell(round_, row)).second)
        fail(row, round_, "round " + cell(round_, row) + " comes twice", "each once");
      std::size_t reports = 0;
      for (std::size_t i = 0; i < reports_.size(); ++i) {
        reports += signals.stride(i) * number(row, reports_[i], frame_.agents[i].signals, "signal");
      }
      ++feedback.counts[entry(row, played)]
                       [reports * frame_.states.size() + number(row, state_, frame_.states, "state")];
    }
    return feedback;
  }

 private:
  // As a text; a column of numbers has names that are numbers.
  std::string cell(std::size_t column, std::size_t row) const {
    const csv::Column& c = table_.columns[column];
    if (c.is_missing(row)) return {};
    return c.type == csv::Column::Type::Text ? c.texts[row] : text::exact(c.numbers[row]);
  }

  [[noreturn]] void fail(std::size_t row, std::size_t column, const std::string& problem,
                         const std::string& expected) const {
    throw InputError(problem, {table_.source, table_.lines[row], column + 1, {}}, expected);
  }

  // A name as it would come back from a column of numbers.
  static std::string as_number(const std::string& name) {
    double value = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), value);
    return error == std::errc() && end == name.data() + name.size() ? text::exact(value) : name;
  }

  std::size_t number(std::size_t row, std::size_t column, const std::vector<std::string>& names,
                     const char* what) const {
    const std::string name = cell(column, row);
    for (std::size_t k = 0; k < names.size(); ++k) {
      if (names[k] == name) return k;
    }
    if (table_.columns[column].type == csv::Column::Type::Number) {
      for (std::size_t k = 0; k < names.size(); ++k) {
        if (as_number(names[k]) == name) return k;
      }
    }
    fail(row, column, fmt::format("there is no {} \"{}\"{}", what, name, text::suggestion(name, names)),
         "a known one");
  }

  std::size_t entry(std::size_t row, const Mechanism& played) const {
    const Radix efforts = frame_.efforts();
    std::vector<std::string> names;
    for (const Entry& e : played.support) {
      std::string name;
      for (std::size_t i = 0; i < efforts.digits(); ++i) {
        if (i > 0) name += "|";
        name += frame_.agents[i].efforts[static_cast<std::size_t>(efforts.digit(e.profile, i))];
      }
      names.push_back(std::move(name));
    }
    return number(row, profile_, names, "recommended profile");
  }

  bool choice() const {
    const auto column = std::find_if(table_.columns.begin(), table_.columns.end(),
                                     [](const csv::Column& c) { return c.name == "menu_choice"; });
    std::optional<bool> alternative;
    for (std::size_t row = 0; row < table_.rows && column != table_.columns.end(); ++row) {
      const auto k = static_cast<std::size_t>(column - table_.columns.begin());
      const std::string chosen = cell(k, row);
      if (chosen.empty()) continue;
      if (request_.chooser < 0) fail(row, k, "there was no menu", "an empty cell");
      if (chosen != "mechanism" && chosen != "alternative") {
        fail(row, k, "the choice is \"" + chosen + "\"", "mechanism or alternative");
      }
      if (alternative && *alternative != (chosen == "alternative"))
        fail(row, k, "there are two choices", "one choice");
      alternative = chosen == "alternative";
    }
    if (request_.chooser >= 0 && !alternative) {
      throw InputError("the choice from the menu is missing", {table_.source, 0, 0, {}},
                       "mechanism or alternative in column menu_choice");
    }
    return alternative.value_or(false);
  }

  const csv::Table& table_;
  const Instance& frame_;
  const Request& request_;
  std::size_t profile_, state_, round_ = 0;
  std::vector<std::size_t> reports_;
};

}  // namespace

Feedback parse_rounds(std::string_view csv, const Setting& setting, const Request& request,
                      const std::string& source) {
  if (request.phase == Phase::Done) throw InputError("nothing was asked for: all rounds are played");
  const csv::Table table = csv::parse(csv, {.header = csv::Header::Yes, .missing = {}}, source);
  return RoundsReader(table, setting.frame, request).read();
}

}  // namespace xchg::hiring
