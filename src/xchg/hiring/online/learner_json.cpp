// State files of learners.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "xchg/core/json.hpp"
#include "xchg/hiring/online/learner.hpp"

namespace xchg::hiring {
namespace {

constexpr std::int64_t most = 1'000'000'000'000'000;

// Tells settings apart that were mixed up: FNV-1a, 64 bits.
std::string setting_fingerprint(const Setting& setting) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : setting_json(setting)) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return fmt::format("{:016x}", hash);
}

json::Value totals_json(const Totals& totals) {
  return {{"rounds", totals.rounds}, {"value", totals.value}, {"obeyed", totals.obeyed}};
}

Totals totals_of(json::Reader place) {
  Totals totals;
  totals.rounds = place.at("rounds").integer(0, most);
  totals.value = place.at("value").number();
  totals.obeyed = place.at("obeyed").number();
  place.finish();
  return totals;
}

std::vector<json::Reader> sized(const json::Reader& place, std::size_t size) {
  std::vector<json::Reader> entries = place.array();
  if (entries.size() != size)
    place.fail(fmt::format("there are {} entries", entries.size()), fmt::format("{}", size));
  return entries;
}

std::vector<std::int64_t> integers(const json::Reader& place, std::size_t size) {
  std::vector<std::int64_t> values;
  for (const json::Reader& entry : sized(place, size)) values.push_back(entry.integer(0, most));
  return values;
}

json::Value options_json(const LearnOptions& o) {
  return {{"rounds", o.rounds},
          {"exploration", o.exploration},
          {"exponent", o.exponent},
          {"slack", o.slack},
          {"theory_slack", o.theory_slack},
          {"mixture", o.mixture},
          {"strict_start", o.strict_start},
          {"anytime", o.anytime},
          {"exploring_share", o.exploring_share},
          {"commitment", o.commitment == Commitment::Correlated ? "correlated" : "optimistic"},
          {"optimism", o.optimism}};
}

LearnOptions options_of(json::Reader place) {
  LearnOptions o;
  o.rounds = place.at("rounds").integer(1, most);
  o.exploration = place.at("exploration").number();
  o.exponent = place.at("exponent").number();
  o.slack = place.at("slack").number();
  o.theory_slack = place.at("theory_slack").boolean();
  o.mixture = place.at("mixture").boolean();
  o.strict_start = place.at("strict_start").boolean();
  o.anytime = place.at("anytime").boolean();
  o.exploring_share = place.at("exploring_share").number();
  o.commitment = place.at("commitment").choice({"correlated", "optimistic"}) == "correlated"
                     ? Commitment::Correlated
                     : Commitment::Optimistic;
  o.optimism = place.at("optimism").number();
  place.finish();
  return o;
}

std::vector<std::vector<Bisection>> costs_of(const json::Reader& place, const Setting& setting,
                                             const LearnOptions& options) {
  const double bound = to_double(setting.frame.payment_bound.amount()) + 1;
  const json::Range range =
      options.mixture ? json::Range::between(0, 1) : json::Range::between(-bound, bound);
  std::vector<std::vector<Bisection>> costs;
  std::size_t i = 0;
  for (const json::Reader& row : sized(place, setting.frame.agents.size())) {
    const Agent& agent = setting.frame.agents[i++];
    auto& list = costs.emplace_back();
    for (json::Reader entry : sized(row, agent.efforts.size())) {
      Bisection& b = list.emplace_back();
      b.low = entry.at("low").number(range);
      const json::Reader high = entry.at("high");
      b.high = high.number(range);
      if (b.high < b.low) high.fail("the end of a bisection is below its beginning", "low <= high");
      b.steps = static_cast<int>(entry.at("steps").integer(0, 1000));
      const json::Reader seen = entry.at("seen");
      if (!seen.array().empty()) b.seen = integers(seen, agent.signals.size() * setting.frame.states.size());
      entry.finish();
    }
  }
  return costs;
}

// The sum, or more than `limit` as soon as it is above; never overflows.
std::int64_t sum_of(const std::vector<std::int64_t>& values, std::int64_t limit) {
  std::int64_t sum = 0;
  for (const std::int64_t value : values) {
    sum += value;
    if (sum > limit) break;
  }
  return sum;
}

// Every round is in exactly one count.
void check_sums(const json::Reader& top, const LearnerData& data) {
  std::int64_t counted = data.search.rounds;
  for (std::size_t b = 0; b < data.counts.size() && counted <= data.rounds; ++b) {
    const std::int64_t rounds = sum_of(data.counts[b], data.rounds);
    if (data.explored[b] > rounds) {
      top.fail(fmt::format("profile {} has {} explored rounds and counts of {}", b, data.explored[b], rounds),
               "counts of all explored rounds");
    }
    counted += rounds + sum_of(data.fresh[b], data.rounds);
  }
  if (counted != data.rounds) {
    top.fail("the counts are not those of all rounds", fmt::format("a sum of {}", data.rounds));
  }
}

}  // namespace

std::string learner_json(const Setting& setting, const LearnerData& data) {
  json::Value costs = json::Value::array();
  for (const auto& agent : data.costs) {
    auto& list = costs.emplace_back(json::Value::array());
    for (const Bisection& b : agent) {
      list.push_back({{"low", b.low}, {"high", b.high}, {"steps", b.steps}, {"seen", b.seen}});
    }
  }
  return json::dump({{"setting", setting_fingerprint(setting)},
                     {"options", options_json(data.options)},
                     {"rounds", data.rounds},
                     {"requests", data.number},
                     {"epoch", data.epoch},
                     {"explored", data.explored},
                     {"counts", data.counts},
                     {"fresh", data.fresh},
                     {"costs", costs},
                     {"explore", totals_json(data.explore)},
                     {"search", totals_json(data.search)},
                     {"commit", totals_json(data.commit)}});
}

LearnerData parse_learner(const Setting& setting, std::string_view text, const std::string& source) {
  const json::Value document = json::parse(text, source);
  json::Reader top(document, source);
  if (!top.is_object()) top.fail_found("the state of a learner");
  const json::Reader of_setting = top.at("setting");
  if (of_setting.text() != setting_fingerprint(setting)) {
    of_setting.fail("this state was written under another setting",
                    "the same names, utility, bound and rules");
  }
  LearnerData data;
  data.options = options_of(top.at("options"));
  data.rounds = top.at("rounds").integer(0, data.options.rounds);
  data.number = top.at("requests").integer(0, most);
  data.epoch = static_cast<int>(top.at("epoch").integer(0, 60));
  const std::size_t profiles = setting.frame.efforts().count();
  const std::size_t cells = setting.frame.signals().count() * setting.frame.states.size();
  data.explored = integers(top.at("explored"), profiles);
  for (const json::Reader& row : sized(top.at("counts"), profiles))
    data.counts.push_back(integers(row, cells));
  for (const json::Reader& row : sized(top.at("fresh"), profiles)) data.fresh.push_back(integers(row, cells));
  data.costs = costs_of(top.at("costs"), setting, data.options);
  data.explore = totals_of(top.at("explore"));
  data.search = totals_of(top.at("search"));
  data.commit = totals_of(top.at("commit"));
  top.finish();
  check_sums(top, data);
  return data;
}

}  // namespace xchg::hiring
