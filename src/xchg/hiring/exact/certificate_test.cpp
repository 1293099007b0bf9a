#include "xchg/hiring/certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "xchg/core/error.hpp"
#include "xchg/core/json.hpp"
#include "xchg/core/random.hpp"
#include "xchg/hiring/design.hpp"
#include "xchg/hiring/design/random_instances.hpp"

namespace xchg::hiring {
namespace {

using json::Value;

Instance named(const std::string& name) {
  return read_instance(XCHG_TEST_DATA "/hiring/instances/" + name + ".json");
}

Certificate certificate_of(const Instance& instance, const Options& options = {}) {
  Options plain = options;
  plain.ladder = false;
  return design(instance, plain).certificate;
}

// All texts of a document that are numbers.
void collect(Value& value, std::vector<Value*>& numbers) {
  if (value.is_string() && to_rational(value.get_ref<const std::string&>())) numbers.push_back(&value);
  if (value.is_structured()) {
    for (Value& inner : value) collect(inner, numbers);
  }
}

TEST(Certificate, SurvivesItsFile) {
  for (const char* name : {"audit2", "weather3", "finley", "nofree2"}) {
    const Instance instance = named(name);
    const Certificate certificate = certificate_of(instance);
    const std::string text = certificate_json(instance, certificate);
    const Certificate again = parse_certificate(text, instance, "test");
    EXPECT_EQ(certificate_json(instance, again), text);
    const Check check = verify(instance, again);
    EXPECT_TRUE(check.proven) << name << ": " << testing::PrintToString(check.findings);
    EXPECT_EQ(check.value, certificate.value);
    EXPECT_EQ(check.upper_bound, certificate.upper_bound);
  }
}

TEST(Certificate, ThousandEditsProveNothingFalse) {
  Random random(3);
  int proven = 0;
  for (const char* name : {"audit2", "double2"}) {
    const Instance instance = named(name);
    const Certificate certificate = certificate_of(instance);
    const Rational optimum = certificate.value;
    const Value document = json::parse(certificate_json(instance, certificate));
    for (int round = 0; round < 500; ++round) {
      Value edited = document;
      std::vector<Value*> numbers;
      collect(edited, numbers);
      Value& place = *numbers[random.below(numbers.size())];
      const Rational value = *to_rational(place.get_ref<const std::string&>());
      const Rational factor = random.below(2) == 0 ? Rational(101, 100) : Rational(99, 100);
      place = text(value == 0 ? Rational(1, 100) : Rational(value * factor));
      try {
        const Certificate other = parse_certificate(json::dump(edited), instance, "test");
        const Check check = verify(instance, other);
        if (!check.proven) continue;
        ++proven;
        if (other.terms == certificate.terms) {
          EXPECT_LE(other.value, optimum) << place;
          EXPECT_GE(other.upper_bound, optimum) << place;
        }
      } catch (const InputError&) {
        continue;  // such as probabilities that no longer sum to 1
      }
    }
  }
  EXPECT_LT(proven, 600);
}

TEST(Certificate, OfAnotherInstanceIsRefused) {
  const Instance instance = named("audit2");
  const Certificate certificate = certificate_of(instance);
  Instance other = instance;
  other.agents[0].costs[1] = Rational(1, 10);
  const Check check = verify(other, certificate);
  EXPECT_FALSE(check.proven);
  EXPECT_THAT(check.findings.front(), testing::HasSubstr("another instance"));
}

TEST(Certificate, FindingsNameWhoGains) {
  const Instance instance = named("audit2");
  Certificate certificate = certificate_of(instance);
  for (Entry& entry : certificate.mechanism.support) entry.payments.clear();
  certificate.value = 0;
  const Check check = verify(instance, certificate);
  EXPECT_FALSE(check.feasible);
  EXPECT_THAT(check.findings.front(), testing::HasSubstr("agent \"worker\", asked for \"work\", gains"));
}

// Weak duality: no multipliers prove less than what some mechanism is worth.
TEST(Certificate, BoundsOfRandomMultipliersAreNeverBelowTheOptimum) {
  Random random(4);
  for (int round = 0; round < 150; ++round) {
    SCOPED_TRACE(round);
    const Instance instance = random_instance(random, round % 2 == 0);
    Options options;
    if (round % 3 == 0) options.payment_bound = Bound::infinity();
    if (round % 5 == 0) options.expected_budget = Rational(1, 20);
    if (round % 7 == 0) options.sure_budget = Rational(1, 2);
    if (round % 4 == 0) options.slack = Rational(1, 50);
    if (round % 6 == 0) options.cost_error = Rational(1, 10);
    options.ladder = false;
    Result result;
    try {
      result = design(instance, options);
    } catch (const InputError&) {
      continue;  // no mechanism has so much slack
    }
    EXPECT_TRUE(result.incentive_compatible);
    EXPECT_LE(result.upper_bound - result.value, 1e-5);
    const auto disturb = [&](std::vector<std::vector<Rational>>& values) {
      for (auto& list : values) {
        for (Rational& value : list) {
          if (random.below(2) == 0) value += Rational(static_cast<int>(random.below(20)), 20);
        }
      }
    };
    for (int edit = 0; edit < 3; ++edit) {
      Certificate other = result.certificate;
      disturb(other.multipliers.obedience);
      disturb(other.multipliers.truth);
      const Check check = verify(instance, other);
      ASSERT_TRUE(check.bounded);
      EXPECT_GE(check.upper_bound, result.value_exact);
    }
  }
}

}  // namespace
}  // namespace xchg::hiring
