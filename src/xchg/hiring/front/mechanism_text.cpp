#include "xchg/hiring/front/mechanism_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "xchg/core/text.hpp"
#include "xchg/core/text_table.hpp"
#include "xchg/hiring/front/conditions.hpp"

namespace xchg::hiring {
namespace {

constexpr std::size_t longest_fraction = 24;

// "worker says 0 and checker says 0 or 1 and the state is 0"; empty where nothing is asked for.
std::string condition_text(const Instance& instance, const Box& box) {
  std::string text;
  const auto add = [&](const std::string& subject, const std::vector<std::string>& names,
                       const std::vector<int>& set) {
    if (set.size() == names.size()) return;
    text += (text.empty() ? "" : " and ") + subject;
    for (std::size_t k = 0; k < set.size(); ++k) {
      text += (k > 0 ? " or " : " ") + names[static_cast<std::size_t>(set[k])];
    }
  };
  const std::size_t agents = instance.agents.size();
  for (std::size_t i = 0; i < agents; ++i) {
    add(instance.agents[i].name + " says", instance.agents[i].signals, box.sets[i]);
  }
  if (box.sets.size() > agents) add("the state is", instance.states, box.sets[agents]);
  return text;
}

Box cell_box(const Radix& signals, std::size_t s, int value) {
  Box box;
  for (std::size_t i = 0; i < signals.digits(); ++i) box.sets.push_back({signals.digit(s, i)});
  box.value = value;
  return box;
}

// Lines "if ...: pay A 1, B 1", those with the same condition as one.
std::vector<std::string> payment_lines(const Instance& instance, const Entry& entry) {
  const Radix signals = instance.signals();
  std::vector<Rational> amounts;
  std::vector<std::pair<Box, std::string>> lines;
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    std::vector<Box> boxes;
    for (const Payment& payment : entry.payments) {
      if (payment.agent != static_cast<int>(i) || payment.amount == 0) continue;
      const auto known = std::find(amounts.begin(), amounts.end(), payment.amount);
      const auto number = static_cast<int>(known - amounts.begin());
      if (known == amounts.end()) amounts.push_back(payment.amount);
      Box box = cell_box(signals, payment.reports, number);
      box.sets.push_back({payment.state});
      boxes.push_back(std::move(box));
    }
    for (Box& box : joined(std::move(boxes))) {
      const std::string pay = fmt::format("{} {}", instance.agents[i].name,
                                          amount_text(amounts[static_cast<std::size_t>(box.value)]));
      const auto same = std::find_if(lines.begin(), lines.end(),
                                     [&](const auto& line) { return line.first.sets == box.sets; });
      if (same == lines.end()) {
        lines.emplace_back(std::move(box), pay);
      } else {
        same->second += ", " + pay;
      }
    }
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.first.sets < b.first.sets; });
  std::vector<std::string> texts;
  for (const auto& [box, pay] : lines) {
    const std::string condition = condition_text(instance, box);
    texts.push_back((condition.empty() ? "always: pay " : "if " + condition + ": pay ") + pay);
  }
  if (texts.empty()) texts.emplace_back("nobody is paid");
  return texts;
}

// Report profiles that come with positive probability where everybody obeys.
// All of them where the law is not known.
std::vector<std::size_t> possible_reports(const Instance& instance, std::size_t b) {
  if (instance.law.table.empty() && instance.law.latent_prior.empty()) {
    std::vector<std::size_t> all(instance.signals().count());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
  }
  const std::vector<Rational> law = exact_law(instance, b);
  std::vector<std::size_t> possible;
  for (std::size_t cell = 0; cell < law.size(); ++cell) {
    const std::size_t s = cell / instance.states.size();
    if (law[cell] != 0 && (possible.empty() || possible.back() != s)) possible.push_back(s);
  }
  return possible;
}

// The first possible profile that agrees with s in most reports.
std::size_t nearest(const Radix& signals, const std::vector<std::size_t>& possible, std::size_t s) {
  std::size_t best = possible.front(), most = 0;  // most: agreeing reports
  for (const std::size_t other : possible) {
    std::size_t same = 0;
    for (std::size_t i = 0; i < signals.digits(); ++i)
      same += signals.digit(other, i) == signals.digit(s, i) ? 1 : 0;
    if (same <= most) continue;
    most = same;
    best = other;
  }
  return best;
}

// Reports that nobody gives who obeys are taken for the nearest that somebody gives, which makes fewer lines.
std::vector<std::string> decision_lines(const Instance& instance, const Entry& entry) {
  const Radix signals = instance.signals();
  const std::vector<std::size_t> possible = possible_reports(instance, entry.profile);
  std::vector<Box> boxes;
  for (std::size_t s = 0; s < entry.decision.size(); ++s) {
    boxes.push_back(cell_box(signals, s, entry.decision[nearest(signals, possible, s)]));
  }
  std::vector<std::string> texts;
  for (const Box& box : joined(std::move(boxes))) {
    const std::string condition = condition_text(instance, box);
    const std::string& decision = instance.decisions[static_cast<std::size_t>(box.value)];
    texts.push_back((condition.empty() ? "always" : "if " + condition) + ": decide " + decision);
  }
  return texts;
}

}  // namespace

std::string amount_text(const Rational& value) {
  const std::string exact = text(value);
  const std::string decimal = text::brief(to_double(value), 9);
  if (exact == decimal || exact.size() > longest_fraction) return decimal;
  return fmt::format("{} ({})", decimal, exact);
}

std::string profile_text(const Instance& instance, std::size_t b) {
  const Radix efforts = instance.efforts();
  std::string text;
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    text += (i > 0 ? ", " : "") + instance.agents[i].efforts[static_cast<std::size_t>(efforts.digit(b, i))];
  }
  return text.empty() ? "nobody" : text;
}

std::string schedule_text(const Instance& instance, const Mechanism& mechanism) {
  std::vector<text::Table::Column> columns;
  for (const Agent& agent : instance.agents) columns.push_back({agent.name, text::Table::Align::Left});
  columns.push_back({"probability", text::Table::Align::Left});
  for (const Agent& agent : instance.agents) columns.push_back({"pay of " + agent.name});
  text::Table table(columns);
  const Radix efforts = instance.efforts();
  for (Entry entry : mechanism.support) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < instance.agents.size(); ++i) {
      cells.push_back(instance.agents[i].efforts[static_cast<std::size_t>(efforts.digit(entry.profile, i))]);
    }
    cells.push_back(amount_text(entry.probability));
    entry.probability = 1;
    for (const Rational& pay : expected_payments(instance, {{entry}}))
      cells.push_back(text::brief(to_double(pay), 6));
    table.add_row(std::move(cells));
  }
  return table.text();
}

std::string payments_text(const Instance& instance, const Mechanism& mechanism, std::size_t most_lines) {
  std::string out;
  std::size_t lines = 0, hidden = 0;
  const auto add = [&](const std::vector<std::string>& texts) {
    for (const std::string& line : texts) {
      if (++lines > most_lines) {
        ++hidden;
      } else {
        out += "  " + line + "\n";
      }
    }
  };
  const Radix efforts = instance.efforts();
  for (const Entry& entry : mechanism.support) {
    std::string asked;
    for (std::size_t i = 0; i < instance.agents.size(); ++i) {
      asked +=
          fmt::format("{}{}: {}", i > 0 ? ", " : "", instance.agents[i].name,
                      instance.agents[i].efforts[static_cast<std::size_t>(efforts.digit(entry.profile, i))]);
    }
    if (lines < most_lines) out += fmt::format("asked for {}\n", asked.empty() ? "nothing" : asked);
    add(payment_lines(instance, entry));
    add(decision_lines(instance, entry));
  }
  if (hidden > 0)
    out += fmt::format("… and {} more lines (all payments are in -o FILE and --json)\n", hidden);
  return out;
}

std::string ladder_text(const Ladder& ladder) {
  text::Table table({{"mechanism", text::Table::Align::Left, 70}, {"value"}, {"price of simplicity"}});
  const auto add = [&](const char* name, const std::optional<double>& value) {
    if (!value) return;
    const bool compared = ladder.corr && *value <= *ladder.corr;
    table.add_row({name, text::brief(*value, 9), compared ? text::brief(*ladder.corr - *value, 6) : ""});
  };
  add("scaled quadratic scoring rule", ladder.quadratic);
  add("scaled logarithmic scoring rule", ladder.logarithmic);
  add("scaled spherical scoring rule", ladder.spherical);
  add("own: fixed efforts, pay by own report and state", ladder.own);
  add("det: fixed efforts, pay by all reports and state", ladder.det);
  add("product: efforts drawn independently", ladder.product);
  add("corr: efforts drawn together", ladder.corr);
  add("first best: efforts seen and paid at cost", ladder.first_best);
  return table.text();
}

}  // namespace xchg::hiring
