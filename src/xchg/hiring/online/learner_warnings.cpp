// What explored counts say about the agents.
#include <fmt/format.h>

#include "xchg/hiring/online/chi_square.hpp"
#include "xchg/hiring/online/learner.hpp"

namespace xchg::hiring {

Warnings exploration_warnings(const Setting& setting, const Counts& counts) {
  const Radix efforts = setting.frame.efforts(), signals = setting.frame.signals();
  const std::size_t states = setting.frame.states.size();
  Warnings warnings;
  for (std::size_t i = 0; i < setting.frame.agents.size(); ++i) {
    const Agent& agent = setting.frame.agents[i];
    const std::size_t own_cells = static_cast<std::size_t>(signals.size(i)) * states;
    std::vector<std::vector<std::int64_t>> pooled(agent.efforts.size(), std::vector<std::int64_t>(own_cells));
    for (std::size_t effort = 0; effort < agent.efforts.size(); ++effort) {
      std::vector<std::vector<std::int64_t>> rows;
      for (std::size_t b = 0; b < counts.size(); ++b) {
        if (efforts.digit(b, i) != static_cast<int>(effort)) continue;
        auto& row = rows.emplace_back(own_cells);
        for (std::size_t k = 0; k < counts[b].size(); ++k) {
          const auto own = static_cast<std::size_t>(signals.digit(k / states, i)) * states + k % states;
          row[own] += counts[b][k];
          pooled[effort][own] += counts[b][k];
        }
      }
      // One in a million by chance: a warning says that the method does not hold here.
      if (same_distribution(rows) < 1e-6) {
        warnings.push_back(
            fmt::format("what agent \"{}\" reports under effort \"{}\" depends on the others' "
                        "efforts: strict rules may fail, regret may grow linearly",
                        agent.name, agent.efforts[effort]));
      }
    }
    for (std::size_t a = 0; a < pooled.size(); ++a) {
      for (std::size_t other = 0; other < a; ++other) {
        if (same_distribution({pooled[a], pooled[other]}) < 0.05) continue;
        warnings.push_back(
            fmt::format("reports of agent \"{}\" under effort \"{}\" look like those under \"{}\": "
                        "he may not obey the strict rules",
                        agent.name, agent.efforts[a], agent.efforts[other]));
      }
    }
  }
  return warnings;
}

}  // namespace xchg::hiring
