// Mechanisms that always recommend the same profile, and the case in which one of them is the best of all.
#pragma once

#include <optional>

#include "xchg/hiring/design/contract.hpp"
#include "xchg/hiring/design/draft.hpp"

namespace xchg::hiring {

// One agent as an instance of his own, the others obeying and telling the truth under b: his reports and, as
// states, all else that he may be paid for (see Model::alone). Utility is 0.
Instance alone_instance(const Instance& instance, std::size_t b, std::size_t agent, bool own_reports);

// The cheapest mechanism that always recommends b, exactly; nothing where there is none.
std::optional<Polished> single_mechanism(const Instance& instance, const Terms& terms, std::size_t b,
                                         bool own_reports, bool exact, double tolerance);

// Whether signals are independent of each other given the state under every profile, and an agent's law of
// signals and state depends on his own effort alone; then no mechanism beats the best single profile with pay
// for own reports (proposition 1 of the README). Within 1e-12; the law must be stored unless the instance
// says so by its form.
bool agents_are_separate(const Instance& instance, const Model& model);

// Multipliers that prove a bound agent by agent: those of the cheapest contract for every effort of every
// agent, the others on their first effort.
Multipliers separate_multipliers(const Instance& instance, const Terms& terms, bool exact, double tolerance);

// Expected pay of the cheapest contract, [agent][effort]; infinity where there is none.
std::vector<std::vector<double>> separate_pays(const Model& model, double tolerance);

}  // namespace xchg::hiring
