// Instances and mechanisms in files: there and back, merged agents, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"
#include "xchg/hiring/design.hpp"
#include "xchg/hiring/design/random_instances.hpp"

namespace xchg::hiring {
namespace {

using testing::HasSubstr;

Instance named(const std::string& name) {
  return read_instance(XCHG_TEST_DATA "/hiring/instances/" + name + ".json");
}

TEST(Instance, SurvivesItsFileExactly) {
  Random random(5);
  for (int round = 0; round < 40; ++round) {
    const Instance instance = random_instance(random, round % 2 == 0);
    const std::string text = instance_json(instance);
    const Instance again = parse_instance(text, "test");
    EXPECT_EQ(instance_json(again), text);
    EXPECT_EQ(fingerprint(again), fingerprint(instance));
  }
  for (const char* name : {"audit2", "weather3", "finley", "bluebirds3"}) {
    const Instance instance = named(name);
    EXPECT_EQ(fingerprint(parse_instance(instance_json(instance), "test")), fingerprint(instance));
  }
}

TEST(Instance, GeneratedOnesAreTheSameInEveryLanguage) {
  // Computed by the generator of bench/highs.py.
  const Instance instance = generate(2, 2, 2, 2, 1);
  EXPECT_EQ(instance.law.latent_prior,
            (std::vector<Rational>{Rational(2, 7), Rational(8, 21), Rational(4, 21), Rational(1, 7)}));
  EXPECT_EQ(instance.law.state_given_latent[1], (std::vector<Rational>{Rational(1, 14), Rational(13, 14)}));
  EXPECT_EQ(instance.law.signal[1][1][2], (std::vector<Rational>{Rational(19, 25), Rational(6, 25)}));
  EXPECT_EQ(instance.agents[0].costs[1], Rational(11, 1000));
  EXPECT_EQ(instance.agents[1].costs[1], Rational(9, 1000));
  EXPECT_NO_THROW(check(instance));
}

TEST(Mechanism, SurvivesItsFile) {
  const Instance instance = named("weather3");
  const Mechanism mechanism = design(instance, {.ladder = false}).mechanism;
  const std::string text = mechanism_json(instance, mechanism);
  EXPECT_EQ(mechanism_json(instance, parse_mechanism(text, instance, "test")), text);
}

TEST(Mechanism, AnEditedDecimalDoesNotGoUnnoticed) {
  const Instance instance = named("audit2");
  std::string text = mechanism_json(instance, design(instance, {.ladder = false}).mechanism);
  const auto at = text.find("\"amount\": 1.0");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 13, "\"amount\": 0.9");
  try {
    parse_mechanism(text, instance, "test");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("amount is 0.9, but amount_exact is 1"));
  }
}

TEST(MergeAgents, ACoalitionOfBothOfAudit2LeavesTheDeterministicContract) {
  const Result result = design(merge_agents(named("audit2"), {0, 1}), {.ladder = false});
  EXPECT_EQ(result.value_exact, Rational(14, 25));
}

TEST(MergeAgents, IsTheSameForFactorsAndForTables) {
  const Instance weather = named("weather3");
  Instance table = weather;
  table.law = {.form = Form::Joint};
  for (std::size_t b = 0; b < weather.efforts().count(); ++b)
    table.law.table.push_back(exact_law(weather, b));
  for (const std::vector<int>& members : {std::vector<int>{0, 2}, {2, 1}, {1, 0, 2}}) {
    const Instance a = merge_agents(weather, members), b = merge_agents(table, members);
    for (std::size_t profile = 0; profile < a.efforts().count(); ++profile) {
      EXPECT_EQ(exact_law(a, profile), exact_law(b, profile));
    }
    EXPECT_NO_THROW(check(b));
  }
  EXPECT_THROW(merge_agents(weather, {1, 1}), InputError);
  EXPECT_THROW(merge_agents(weather, {0, 3}), InputError);
}

std::string refusal(const std::string& json) {
  try {
    parse_instance(json, "x.json");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

// One agent, two efforts, two signals, two states, with a piece replaced.
std::string with(const std::string& from, const std::string& to) {
  std::string json = R"({"states": ["0", "1"], "decisions": ["0", "1"], "utility": [[1, 0], [0, 1]],
    "agents": [{"name": "a", "efforts": ["rest", "work"], "costs": [0, "1/20"], "signals": ["x", "y"]}],
    "P": {"form": "independent", "prior": ["1/2", "1/2"],
          "signal": [[[["1/2", "1/2"], ["1/2", "1/2"]], [["4/5", "1/5"], ["1/5", "4/5"]]]]}})";
  const auto at = json.find(from);
  return at == std::string::npos ? "not there" : json.replace(at, from.size(), to);
}

TEST(Instance, WrongNumbersAreNamedWithTheirPlace) {
  EXPECT_EQ(refusal(with("1/20", "1/20")), "accepted");
  EXPECT_THAT(refusal(with("\"1/20\"", "\"1/0\"")), HasSubstr("/agents/0/costs/1"));
  EXPECT_THAT(refusal(with("\"1/20\"", "\"nan\"")), HasSubstr("an exact number"));
  EXPECT_THAT(refusal(with("\"1/20\"", "\"-1/20\"")), HasSubstr("-1/20 is negative"));
  EXPECT_THAT(refusal(with("[\"1/2\", \"1/2\"],\n", "[\"1/2\", \"1/3\"],\n")), HasSubstr("sum to 5/6"));
  EXPECT_THAT(refusal(with("[\"4/5\", \"1/5\"]", "[\"6/5\", \"-1/5\"]")), HasSubstr("/P/signal/0/1/0/1"));
  EXPECT_THAT(refusal(with("\"signals\"", "\"signal\"")), HasSubstr("signals"));
  EXPECT_THAT(refusal(with("\"rest\", \"work\"", "\"work\", \"work\"")), HasSubstr("comes twice"));
  EXPECT_THAT(refusal(with("[[1, 0], [0, 1]]", "[[1, 0]]")), HasSubstr("/utility"));
  EXPECT_THAT(refusal(with("\"P\"", "\"payment_bound\": -1, \"P\"")), HasSubstr("/payment_bound"));
  EXPECT_THAT(refusal(with("\"P\"", "\"colour\": 1, \"P\"")), HasSubstr("colour"));
}

TEST(Instance, AllMistakesOfAFileAreToldAtOnce) {
  std::string json = with("\"1/20\"", "\"-1/20\"");
  json.replace(json.find("\"4/5\""), 5, "\"9/5\"");
  const std::string message = refusal(json);
  EXPECT_THAT(message, HasSubstr("/agents/0/costs/1"));
  json = with("[\"4/5\", \"1/5\"], [\"1/5\", \"4/5\"]", "[\"-4/5\", \"1/5\"], [\"1/5\", \"1/0\"]");
  EXPECT_THAT(refusal(json), HasSubstr("/P/signal/0/1/0/0"));
  EXPECT_THAT(refusal(json), HasSubstr("/P/signal/0/1/1/1"));
}

TEST(Instance, DecimalsThatNearlySumToOneAreScaledAndSaidToBe) {
  Warnings warnings;
  const Instance instance = parse_instance(
      with("\"prior\": [\"1/2\", \"1/2\"]", "\"prior\": [0.3333333333, 0.6666666666]"), "test", &warnings);
  EXPECT_EQ(instance.law.latent_prior[0] + instance.law.latent_prior[1], 1);
  EXPECT_THAT(warnings, testing::ElementsAre(HasSubstr("scaled to sum to 1")));
  EXPECT_THAT(refusal(with("\"prior\": [\"1/2\", \"1/2\"]", "\"prior\": [0.333, 0.666]")),
              HasSubstr("sum to 999/1000"));
}

TEST(Instance, EffortMayNotMoveTheState) {
  const std::string table = R"("P": {"form": "joint", "table": [
    [["1/4", "1/4"], ["1/4", "1/4"]], [["1/2", "0"], ["1/4", "1/4"]]]}})";
  std::string json = with("\"P\"", "\"Q\"");
  json = json.substr(0, json.find("\"Q\"")) + table;
  EXPECT_THAT(refusal(json), HasSubstr("under efforts (rest) and 0.75 under (work)"));
  json.insert(1, "\"state_depends_on_effort\": true, ");
  EXPECT_EQ(refusal(json), "accepted");
}

TEST(Instance, NoAgentsOneEffortAndOneSignalAreFine) {
  Instance alone;
  alone.states = {"0", "1"};
  alone.decisions = {"0", "1"};
  alone.utility = {{1, 0}, {0, 1}};
  alone.law.latent_prior = {Rational(1, 3), Rational(2, 3)};
  alone.law.state_given_latent = {{1, 0}, {0, 1}};
  EXPECT_EQ(design(alone).value_exact, Rational(2, 3));
  alone.agents = {{.name = "a", .efforts = {"only"}, .costs = {Rational(1, 10)}, .signals = {"one"}}};
  alone.law.signal = {{{{1}, {1}}}};
  const Result result = design(alone);
  EXPECT_EQ(result.value_exact, Rational(2, 3));
  EXPECT_THAT(result.warnings, testing::ElementsAre(HasSubstr("has no free effort")));
  EXPECT_EQ(design(alone, {.payment_bound = Bound(0)}).value_exact, Rational(2, 3));
}

TEST(Rational, TextsAreReadExactlyAndDoublesAreNearest) {
  EXPECT_EQ(*to_rational("0.05"), Rational(1, 20));
  EXPECT_EQ(*to_rational("-2.5e-3"), Rational(-1, 400));
  EXPECT_EQ(*to_rational("010/020"), Rational(1, 2));
  for (const char* wrong :
       {"", "1/0", "1/", "/2", "1e", "1e401", "nan", "inf", "0x1", "1 ", "1.2.3", "--1", "1/-2"}) {
    EXPECT_FALSE(to_rational(wrong)) << wrong;
  }
  Random random(6);
  for (int i = 0; i < 1000; ++i) {
    const double p = std::floor(random.uniform() * 1e9), q = 1 + std::floor(random.uniform() * 1e9);
    EXPECT_EQ(to_double(Rational(static_cast<long>(p), static_cast<long>(q))), p / q);
  }
  EXPECT_EQ(simplest(0.333333333333, 1e-9), Rational(1, 3));
  EXPECT_EQ(simplest(41. / 91, 1e-12), Rational(41, 91));
}

}  // namespace
}  // namespace xchg::hiring
