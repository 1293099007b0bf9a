#include "xchg/hiring/front/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/text.hpp"
#include "xchg/hiring/front/mechanism_text.hpp"
#include "xchg/hiring/pictures/pictures.hpp"

namespace xchg::hiring {
namespace {

// Pictures of payment tables beyond these say less than the lines.
constexpr std::size_t most_payment_pictures = 12;
constexpr std::size_t most_report_profiles = 64;

void add_payments(const Instance& instance, const Mechanism& mechanism, report::Chapter& chapter) {
  if (instance.signals().count() > most_report_profiles) return;
  std::size_t drawn = 0;
  for (std::size_t k = 0; k < mechanism.support.size(); ++k) {
    for (const std::size_t agent : paid_agents(instance, mechanism.support[k])) {
      if (drawn++ == most_payment_pictures) return;
      chapter.chart(
          payment_picture(fmt::format("pay-{}-{}", k, agent), instance, mechanism.support[k], agent));
    }
  }
}

void add_equilibria(const Instance& instance, const Audit& found, report::Chapter& chapter) {
  const auto bad = std::find_if(found.equilibria.begin(), found.equilibria.end(),
                                [](const Equilibrium& other) { return !other.honest; });
  std::string text =
      "Incentive compatible means that one agent who disobeys or lies while **all others obey** gains "
      "nothing.";
  if (bad != found.equilibria.end()) {
    text += fmt::format(
        " There are other equilibria: in the worst that was found (from {} starts) the principal is left "
        "with {} instead of {}.",
        found.starts, text::brief(bad->principal, 6), text::brief(found.value, 6));
  } else {
    text +=
        fmt::format(" From {} starts no other equilibrium was found, which is no proof that there is none.",
                    found.starts);
  }
  for (const Coalition& coalition : found.coalitions) {
    if (coalition.gain <= 1e-9) continue;
    std::vector<std::string> names;
    for (const int member : coalition.members)
      names.push_back(instance.agents[static_cast<std::size_t>(member)].name);
    text += fmt::format(" Together, {} gain {} a round.", fmt::join(names, " and "),
                        text::brief(coalition.gain, 3));
    break;
  }
  chapter.text(text);
}

}  // namespace

report::Chapter mechanism_chapter(const Instance& instance, const Result& result, Progress& progress) {
  report::Chapter chapter("hiring", instance.title.empty() ? instance.name : instance.title);
  chapter.summary("Whom to ask how often, and what to pay for which reports.");
  chapter.key_figure(
      "value", amount_text(result.value_exact),
      result.attained ? "of a round, after payments" : "close to a supremum that no mechanism attains");
  Rational spent;
  for (const Rational& pay : expected_payments(instance, result.mechanism)) spent += pay;
  chapter.key_figure(
      "paid on average", text::brief(to_double(spent), 6),
      fmt::format("at most {} to one agent", text::brief(to_double(result.largest_payment), 6)));
  chapter.key_figure("no mechanism is worth more than", text::brief(result.upper_bound, 8),
                     "proven in exact arithmetic");
  chapter.heading("Who works when");
  chapter.code(schedule_text(instance, result.mechanism));
  chapter.heading("What is paid and decided");
  chapter.text("Nothing is paid otherwise. Each agent hears his own part of what is asked alone.");
  chapter.code(payments_text(instance, result.mechanism));
  add_payments(instance, result.mechanism, chapter);
  chapter.heading("What could go wrong");
  AuditOptions options;
  options.random_starts = 20;
  const Audit found = audit(instance, result.mechanism, options, progress);
  if (!found.recommendations.empty()) chapter.chart(deviation_picture("plans", instance, found));
  add_equilibria(instance, found, chapter);
  if (result.ladder.corr) {
    chapter.heading("What simplicity costs");
    chapter.chart(ladder_picture("ladder", result.ladder));
  }
  return chapter;
}

}  // namespace xchg::hiring
