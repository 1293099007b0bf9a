#include <cstdint>

#include "xchg/core/error.hpp"
#include "xchg/hiring/online.hpp"

// Tables of real rounds for an exploration and for a menu; what is accepted can be observed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace xchg::hiring;
  static const Instance instance = generate(2, 2, 2, 2, 1);
  static const Setting setting = setting_of(instance);
  static const std::string menu_state = [] {
    Learner learner(setting, {.rounds = 10'000});
    Simulator agents(instance, setting);
    while (learner.request().phase == Phase::Explore) learner.observe(agents.play(learner.request()));
    return learner.state_json();
  }();
  for (const bool menu : {false, true}) {
    Learner learner =
        menu ? Learner::resume(setting, menu_state, "menu") : Learner(setting, {.rounds = 10'000});
    try {
      const Feedback feedback =
          parse_rounds({reinterpret_cast<const char*>(bytes), size}, setting, learner.request(), "fuzz");
      const std::int64_t before = learner.result().rounds;
      learner.observe(feedback);
      if (learner.result().rounds != before + feedback.rounds) __builtin_trap();
    } catch (const xchg::InputError&) {
    }
  }
  return 0;
}
