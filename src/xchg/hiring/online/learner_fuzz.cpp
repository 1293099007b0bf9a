#include <cstdint>

#include "xchg/core/error.hpp"
#include "xchg/hiring/online.hpp"

// States of learners for one fixed setting; what is accepted is written as it was and goes on.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace xchg::hiring;
  static const Instance instance = generate(2, 2, 2, 2, 1);
  static const Setting setting = setting_of(instance);
  static Simulator agents(instance, setting);
  try {
    Learner learner = Learner::resume(setting, {reinterpret_cast<const char*>(bytes), size}, "fuzz");
    const std::string text = learner.state_json();
    if (Learner::resume(setting, text, "again").state_json() != text) __builtin_trap();
    if (learner.request().phase != Phase::Done) learner.observe(agents.play(learner.request()));
    learner.result();
  } catch (const xchg::InputError&) {
  }
  return 0;
}
