// Learning from simulated agents.
#include <gtest/gtest.h>

#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/hiring/online.hpp"

namespace xchg::hiring {
namespace {

Instance named(const std::string& name) {
  return read_instance(std::string(XCHG_TEST_DATA "/hiring/instances/") + name + ".json");
}

// By how much an effort with truth beats every other with every map of reports, the others playing any
// profile.
double margin_by_enumeration(const Instance& instance, std::size_t agent, int effort, const OwnRule& rule) {
  const Radix efforts = instance.efforts(), signals = instance.signals();
  const std::size_t states = instance.states.size();
  const int count = signals.size(agent);
  double least = 1e9;
  for (std::size_t b = 0; b < efforts.count(); ++b) {
    if (efforts.digit(b, agent) != effort) continue;
    for (int other = 0; other < efforts.size(agent); ++other) {
      const auto honest_law = exact_law(instance, b);
      const auto law = exact_law(instance, efforts.with(b, agent, other));
      int maps = 1;
      for (int z = 0; z < count; ++z) maps *= count;
      for (int map = 0; map < maps; ++map) {
        if (other == effort) break;
        double gain = to_double(instance.agents[agent].costs[static_cast<std::size_t>(other)]) -
                      to_double(instance.agents[agent].costs[static_cast<std::size_t>(effort)]);
        for (std::size_t cell = 0; cell < law.size(); ++cell) {
          const int z = signals.digit(cell / states, agent);
          int report = map;
          for (int k = 0; k < z; ++k) report /= count;
          const std::size_t t = cell % states;
          gain += to_double(honest_law[cell]) * rule[static_cast<std::size_t>(z) * states + t];
          gain -= to_double(law[cell]) * rule[static_cast<std::size_t>(report % count) * states + t];
        }
        least = std::min(least, gain);
      }
    }
  }
  return least;
}

TEST(StrictRules, MarginsAreThoseOfEveryPlanEnumerated) {
  for (const char* name : {"coin1", "audit2", "sources2", "weather3", "double2", "finley"}) {
    Instance instance = named(name);
    if (instance.payment_bound.infinite()) instance.payment_bound = Bound(Rational(3));
    const StrictRules rules = strict_rules(instance, instance.payment_bound);
    const double bound = to_double(instance.payment_bound.amount());
    for (std::size_t i = 0; i < rules.rule.size(); ++i) {
      for (std::size_t b = 0; b < rules.rule[i].size(); ++b) {
        EXPECT_GT(rules.margin[i][b], 0) << name;
        EXPECT_NEAR(rules.margin[i][b],
                    margin_by_enumeration(instance, i, static_cast<int>(b), rules.rule[i][b]), 1e-12)
            << name;
        for (const double amount : rules.rule[i][b]) EXPECT_TRUE(amount >= 0 && amount <= bound) << name;
      }
    }
  }
}

TEST(StrictRules, NeedABoundAndEffortsThatCanBeToldApart) {
  Instance instance = named("audit2");
  EXPECT_THROW(strict_rules(instance, Bound::infinity()), InputError);
  // With M = 1/10 nothing pays for work that costs 9/100.
  EXPECT_THROW(strict_rules(instance, Bound(Rational(1, 10))), InputError);
}

TEST(Learn, FindsCostsAndAMechanismThatAgentsObey) {
  const Instance instance = named("audit2");
  const Setting setting = setting_of(instance);
  for (const bool mixture : {false, true}) {
    Simulator agents(instance, setting, 11);
    const Learned learned = learn(agents, setting, {.rounds = 100'000'000, .mixture = mixture});
    EXPECT_TRUE(learned.finished);
    EXPECT_EQ(learned.explore.rounds + learned.costs.rounds + learned.commit.rounds, 100'000'000);
    EXPECT_NEAR(learned.cost[0][1], 0.09, 0.01);
    EXPECT_NEAR(learned.cost[1][1], 0.09, 0.01);
    EXPECT_NEAR(learned.commit.obeyed, static_cast<double>(learned.commit.rounds), 1);
    EXPECT_GT(learned.commit.value / static_cast<double>(learned.commit.rounds),
              0.56);  // beyond fixed contracts
  }
}

TEST(Learn, ContinuesToTheSameBytesFromEveryInterruption) {
  const Instance instance = named("audit2");
  const Setting setting = setting_of(instance);
  for (const LearnOptions& options :
       {LearnOptions{.rounds = 20'000}, LearnOptions{.rounds = 20'000, .anytime = true},
        LearnOptions{.rounds = 20'000, .mixture = true},
        LearnOptions{.rounds = 20'000, .commitment = Commitment::Optimistic}}) {
    Simulator agents(instance, setting, 3);
    Learner through(setting, options);
    std::vector<std::string> states{through.state_json()};
    while (through.request().phase != Phase::Done) {
      through.observe(agents.play(through.request()));
      states.push_back(through.state_json());
    }
    // From each state a new learner makes the next one.
    for (std::size_t k = 0; k + 1 < states.size(); ++k) {
      Learner resumed = Learner::resume(setting, states[k], "state");
      Simulator again(instance, setting, 3);
      resumed.observe(again.play(resumed.request()));
      EXPECT_EQ(resumed.state_json(), states[k + 1]);
    }
    EXPECT_GT(states.size(), 20U);
  }
}

TEST(Learn, RefusesStatesOfAnotherSettingAndCountsThatDoNotAddUp) {
  const Instance instance = named("audit2");
  const Setting setting = setting_of(instance);
  Simulator agents(instance, setting, 3);
  Learner learner(setting, {.rounds = 20'000});
  for (int k = 0; k < 10; ++k) learner.observe(agents.play(learner.request()));
  const std::string state = learner.state_json();
  EXPECT_EQ(Learner::resume(setting, state, "state").state_json(), state);
  Instance other = instance;
  other.utility[0][0] = 2;
  EXPECT_THROW(Learner::resume(setting_of(other), state, "state"), InputError);
  std::string one_more = state;
  const auto at = one_more.find("\"rounds\": ", one_more.find("\"optimism\"")) + 10;
  one_more.insert(at, "1");
  EXPECT_THROW(Learner::resume(setting, one_more, "state"), InputError);
}

TEST(Learn, RefusesTooFewRoundsAndNamesTheLeast) {
  const Setting setting = setting_of(named("audit2"));
  const std::int64_t least = Learner::least_rounds(setting, {});
  EXPECT_NO_THROW(Learner(setting, {.rounds = least}));
  try {
    Learner(setting, {.rounds = least - 1});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find(std::to_string(least)), std::string::npos);
  }
}

TEST(Learn, RefusesCountsThatDoNotFitAndStaysAsItWas) {
  const Setting setting = setting_of(named("audit2"));
  Learner learner(setting, {.rounds = 10'000});
  const std::string before = learner.state_json();
  Feedback feedback{.rounds = 2, .counts = {std::vector<std::int64_t>(8)}};
  EXPECT_THROW(learner.observe(feedback), InputError);  // counts sum to 0
  feedback.counts[0][0] = 3;
  feedback.rounds = 3;
  EXPECT_THROW(learner.observe(feedback), InputError);  // more than asked for
  EXPECT_EQ(learner.state_json(), before);
  feedback.counts[0][0] = 1;
  feedback.rounds = 1;
  learner.observe(feedback);
  EXPECT_EQ(learner.result().rounds, 1);
}

TEST(Simulator, RefusesRulesThatAreNotStrict) {
  const Instance instance = named("audit2");
  Setting setting = setting_of(instance);
  setting.rules.rule[0][1].assign(4, 0);
  EXPECT_THROW(Simulator(instance, setting), InputError);
}

TEST(Simulator, CollusiveAgentsBothRestUnderTheBestMechanism) {
  // The known bad equilibrium of audit2: the principal falls to 0.302197802.
  const Instance instance = named("audit2");
  const Setting setting = setting_of(instance);
  const Rational c(9, 100), both = c / (1 - c);
  Mechanism mechanism;
  for (const std::size_t b : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
    Entry entry{.profile = b,
                .probability = b == 3 ? both : Rational((1 - both) / 2),
                .decision = best_decisions(instance, b),
                .payments = {}};
    for (const int agent : {0, 1}) {
      for (const std::size_t s : {std::size_t{0}, std::size_t{3}}) {
        for (const int t : {0, 1}) {
          if (b == 3) entry.payments.push_back({agent, s, t, 1});
        }
      }
    }
    mechanism.support.push_back(std::move(entry));
  }
  const Request request{.phase = Phase::Commit, .rounds = 1000, .mechanism = mechanism};
  EXPECT_NEAR(Simulator(instance, setting, 1).play(request).value / 1000, 274.0 / 455, 1e-9);
  EXPECT_NEAR(Simulator(instance, setting, 1).play(request).obeyed, 1000, 1e-6);
  const Feedback together =
      Simulator(instance, setting, 1, {.kind = Behaviour::Kind::Collusive}).play(request);
  EXPECT_NEAR(together.value / 1000, 0.302197802, 1e-9);
  EXPECT_NEAR(together.obeyed, 0, 1e-9);
  const Feedback stubborn =
      Simulator(instance, setting, 1, {.kind = Behaviour::Kind::Stubborn, .probability = 1}).play(request);
  EXPECT_NEAR(stubborn.value / 1000, 0.5 - 18.0 / 91, 1e-9);
  const Feedback vague =
      Simulator(instance, setting, 1, {.kind = Behaviour::Kind::Logit, .temperature = 1e6}).play(request);
  EXPECT_LT(vague.obeyed, 500);
}

TEST(Learn, AgentsWhoDoNotTryAreNoticed) {
  const Instance instance = named("audit2");
  const Setting setting = setting_of(instance);
  Simulator lazy(instance, setting, 1, {.kind = Behaviour::Kind::Stubborn, .probability = 1});
  EXPECT_FALSE(learn(lazy, setting, {.rounds = 100'000}).warnings.empty());
  Simulator honest(instance, setting, 1);
  EXPECT_TRUE(learn(honest, setting, {.rounds = 100'000}).warnings.empty());
}

TEST(Learn, SignalsThatDependOnOthersEffortsAreNoticed) {
  Instance instance = named("audit2");
  // Where the second agent works, the first sees worse.
  Law law;
  law.form = Form::Joint;
  for (std::size_t b = 0; b < 4; ++b) law.table.push_back(exact_law(instance, b));
  std::vector<Rational>& both = law.table[3];
  for (const std::size_t t : {std::size_t{0}, std::size_t{1}}) {
    const Rational moved = both[6 + t] / 10;  // reports (1,1) -> (0,1)
    both[6 + t] -= moved;
    both[2 + t] += moved;
  }
  instance.law = law;
  Warnings warnings;
  const Setting setting = setting_of(instance, &warnings);
  EXPECT_FALSE(warnings.empty());
  Simulator agents(instance, setting, 1);
  const Learned learned = learn(agents, setting, {.rounds = 10'000'000});
  ASSERT_FALSE(learned.warnings.empty());
  EXPECT_NE(learned.warnings[0].find("depends on the others"), std::string::npos);
}

TEST(Rounds, ATableGivesTheCountsOfItsRows) {
  const Setting setting = setting_of(named("audit2"));
  Learner learner(setting, {.rounds = 10'000});
  const std::string header = "round,profile,report_1,report_2,state,menu_choice\n";
  const Feedback feedback =
      parse_rounds(header + "1,rest|rest,0,0,1,\n2,rest|rest,0,1,0,\n", setting, learner.request(), "r.csv");
  EXPECT_EQ(feedback.rounds, 2);
  EXPECT_EQ(feedback.counts[0], (std::vector<std::int64_t>{0, 1, 1, 0, 0, 0, 0, 0}));
  learner.observe(feedback);
  EXPECT_THROW(parse_rounds(header + "1,work|rest,0,0,1,\n", setting, learner.request(), "r.csv"),
               InputError);
  EXPECT_THROW(parse_rounds(header + "1,rest|rest,2,0,1,\n", setting, learner.request(), "r.csv"),
               InputError);
  EXPECT_THROW(
      parse_rounds(header + "1,rest|rest,0,0,1,\n1,rest|rest,0,0,1,\n", setting, learner.request(), "r.csv"),
      InputError);
  EXPECT_THROW(parse_rounds(header + "1,rest|rest,0,0,1,mechanism\n", setting, learner.request(), "r.csv"),
               InputError);
}

TEST(Setting, JsonReadsBackTheSame) {
  const Setting setting = setting_of(named("sources2"));
  const Setting again = parse_setting(setting_json(setting), "setting");
  EXPECT_EQ(setting_json(again), setting_json(setting));
  EXPECT_EQ(again.rules.rule, setting.rules.rule);
}

}  // namespace
}  // namespace xchg::hiring
