// What learn() refuses before any work.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "xchg/dag/options.hpp"

namespace xchg::dag {

// Throws InputError for options out of range or that do not go together. `rows`: whether the rows are at
// hand.
void check_options(const Options& options, const std::vector<std::string>& names, bool rows);

// Throws InputError that names what is missing or comes twice unless `order` has every node once.
void check_order(std::span<const int> order, const std::vector<std::string>& names);

// The options with the targets of the knowledge added to them. Throws InputError for numbers out of range.
GramOptions with_targets(const GramOptions& options, const Knowledge& knowledge,
                         const std::vector<std::string>& names);

// Throws InputError unless the matrix is (d, d), finite, with a zero diagonal.
void check_weights(const Matrix& w, std::size_t nodes, const std::string& what);

}  // namespace xchg::dag
