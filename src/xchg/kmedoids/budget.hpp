// Memory that a matrix of dissimilarities needs.
#pragma once

#include <cstdint>

#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

// Bytes of a matrix of n objects.
std::uint64_t matrix_bytes(Index n, std::size_t value_bytes);
// The budget; 0: half of the memory that is free.
std::uint64_t resolved_budget(std::uint64_t memory_budget_bytes);
// Throws LimitError, which names both amounts and the ways out, when a matrix of n objects is over the
// budget.
void check_budget(Index n, std::size_t value_bytes, std::uint64_t memory_budget_bytes);

}  // namespace xchg::kmedoids
