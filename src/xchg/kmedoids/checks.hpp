// What is checked of the options before any work begins.
#pragma once

#include <vector>

#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {

// Throws InputError unless they are k different objects.
void check_given_medoids(const std::vector<Index>& medoids, int k, Index n);

// Throws InputError for what cluster() cannot do with these data.
void check_options(const Dissimilarity& data, const Options& options);

}  // namespace xchg::kmedoids
