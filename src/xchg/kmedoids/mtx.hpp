// Sparse matrices of dissimilarities in MatrixMarket files (Boisvert, Pozo, Remington: The Matrix Market
// exchange formats, NISTIR 5935, 1996): coordinate real, integer or pattern; general or symmetric.
#pragma once

#include <string>
#include <string_view>

#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

// The matrix of a file; "-" is standard input. Values are int32 where all of them and the dissimilarity of
// absent pairs are whole and fit, otherwise double; pattern entries are 1. Throws InputError with the line
// for what is no such file, for an entry outside the matrix, stored twice, or above the diagonal of a
// symmetric file, and what Dissimilarity::sparse throws; LimitError when the row starts alone are over the
// memory budget.
Dissimilarity read_mtx(const std::string& path, const SparseOptions& options = {});
// The same from text in memory; options.matrix.source names it in messages.
Dissimilarity parse_mtx(std::string_view text, const SparseOptions& options = {});

}  // namespace xchg::kmedoids
