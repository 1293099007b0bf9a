#include "xchg/hiring/online/own_law.hpp"

#include <algorithm>
#include <cmath>

#include "xchg/hiring/instance/law.hpp"

namespace xchg::hiring {

double OwnLaw::probability(std::size_t effort, std::size_t signal) const {
  double sum = 0;
  for (std::size_t t = 0; t < states; ++t) sum += p(effort, signal, t);
  return sum;
}

bool OwnLaw::same_posterior(std::size_t effort, std::size_t a, std::size_t b) const {
  const double pa = probability(effort, a), pb = probability(effort, b);
  if (pb <= 0) return false;  // a report that never comes is no honest one: lying with it can be punished
  for (std::size_t t = 0; t < states; ++t) {
    if (std::abs(p(effort, a, t) * pb - p(effort, b, t) * pa) > 1e-12) return false;
  }
  return true;
}

std::vector<OwnLaw> own_laws(const Instance& instance) {
  const Radix efforts = instance.efforts(), signals = instance.signals();
  const std::size_t states = instance.states.size(), agents = instance.agents.size();
  const LawOfDoubles law(instance);
  std::vector<OwnLaw> result(agents), least, most;
  for (std::size_t i = 0; i < agents; ++i) {
    result[i].efforts = static_cast<std::size_t>(efforts.size(i));
    result[i].signals = static_cast<std::size_t>(signals.size(i));
    result[i].states = states;
    result[i].table.assign(result[i].efforts * result[i].cells(), 0);
  }
  least = most = result;
  for (OwnLaw& own : least) std::fill(own.table.begin(), own.table.end(), 2.0);
  std::vector<double> p(law.cells());
  for (std::size_t b = 0; b < efforts.count(); ++b) {
    law.profile(b, p);
    for (std::size_t i = 0; i < agents; ++i) {
      OwnLaw& own = result[i];
      const std::size_t first = static_cast<std::size_t>(efforts.digit(b, i)) * own.cells();
      std::vector<double> marginal(own.cells());
      for (std::size_t cell = 0; cell < p.size(); ++cell) {
        marginal[static_cast<std::size_t>(signals.digit(cell / states, i)) * states + cell % states] +=
            p[cell];
      }
      const double others = static_cast<double>(efforts.count()) / static_cast<double>(own.efforts);
      for (std::size_t k = 0; k < own.cells(); ++k) {
        own.table[first + k] += marginal[k] / others;
        least[i].table[first + k] = std::min(least[i].table[first + k], marginal[k]);
        most[i].table[first + k] = std::max(most[i].table[first + k], marginal[k]);
      }
    }
  }
  for (std::size_t i = 0; i < agents; ++i) {
    for (std::size_t k = 0; k < result[i].table.size(); ++k) {
      result[i].spread = std::max(result[i].spread, most[i].table[k] - least[i].table[k]);
    }
  }
  return result;
}

}  // namespace xchg::hiring
