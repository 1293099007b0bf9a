// Facts about a mechanism that need no program.
#include "xchg/hiring/mechanism.hpp"

#include <algorithm>

namespace xchg::hiring {

std::vector<int> best_decisions(const Instance& instance, std::size_t b) {
  const std::vector<Rational> law = exact_law(instance, b);
  const std::size_t states = instance.states.size();
  std::vector<int> best(law.size() / states);
  for (std::size_t s = 0; s < best.size(); ++s) {
    Rational most;
    for (std::size_t a = 0; a < instance.decisions.size(); ++a) {
      Rational utility;
      for (std::size_t t = 0; t < states; ++t) utility += law[s * states + t] * instance.utility[a][t];
      if (a == 0 || utility > most) {
        most = utility;
        best[s] = static_cast<int>(a);
      }
    }
  }
  return best;
}

std::vector<Rational> expected_payments(const Instance& instance, const Mechanism& mechanism) {
  std::vector<Rational> expected(instance.agents.size());
  for (const Entry& entry : mechanism.support) {
    const std::vector<Rational> law = exact_law(instance, entry.profile);
    for (const Payment& payment : entry.payments) {
      const std::size_t cell =
          payment.reports * instance.states.size() + static_cast<std::size_t>(payment.state);
      expected[static_cast<std::size_t>(payment.agent)] += entry.probability * law[cell] * payment.amount;
    }
  }
  return expected;
}

Rational largest_payment(const Mechanism& mechanism) {
  Rational largest;
  for (const Entry& entry : mechanism.support) {
    for (const Payment& payment : entry.payments) largest = std::max(largest, payment.amount);
  }
  return largest;
}

}  // namespace xchg::hiring
