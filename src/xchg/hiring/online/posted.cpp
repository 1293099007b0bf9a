#include "xchg/hiring/online/posted.hpp"

namespace xchg::hiring {

Posted posted(const Instance& frame, const Mechanism& mechanism) {
  const std::size_t states = frame.states.size(), cells = frame.signals().count() * states;
  Posted result;
  for (const Entry& entry : mechanism.support) {
    PostedEntry& to = result.emplace_back();
    to.profile = entry.profile;
    to.probability = to_double(entry.probability);
    to.decision = entry.decision;
    to.payment.assign(frame.agents.size() * cells, 0);
    for (const Payment& payment : entry.payments) {
      to.payment[static_cast<std::size_t>(payment.agent) * cells + payment.reports * states +
                 static_cast<std::size_t>(payment.state)] = to_double(payment.amount);
    }
  }
  return result;
}

}  // namespace xchg::hiring
