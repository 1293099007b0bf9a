#include "xchg/kmedoids/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"

namespace xchg::kmedoids {

void check_given_medoids(const std::vector<Index>& medoids, int k, Index n) {
  if (static_cast<int>(medoids.size()) != k) {
    throw InputError(fmt::format("{} medoids were given for k = {}", medoids.size(), k), {}, "as many as k");
  }
  std::vector<Index> sorted = medoids;
  std::sort(sorted.begin(), sorted.end());
  if (sorted.front() < 0 || sorted.back() >= n) {
    const Index wrong = sorted.front() < 0 ? sorted.front() : sorted.back();
    throw InputError(fmt::format("the given medoid {} does not exist", wrong), {},
                     fmt::format("0 to {}", n - 1));
  }
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) {
    throw InputError(fmt::format("the given medoid {} is there twice", *twice), {}, "k different objects");
  }
}

namespace {

void check_weights(std::span<const double> weights, Index n) {
  if (weights.empty()) return;
  if (static_cast<Index>(weights.size()) != n) {
    throw InputError(fmt::format("{} weights for {} objects", weights.size(), n), {}, "one weight an object");
  }
  bool positive = false;
  for (std::size_t o = 0; o < weights.size(); ++o) {
    if (!(weights[o] >= 0) || std::isinf(weights[o])) {
      throw InputError(fmt::format("the weight of object {} is {}", o, text::exact(weights[o])), {},
                       "a finite number >= 0");
    }
    positive = positive || weights[o] > 0;
  }
  if (!positive) throw InputError("all weights are 0", {}, "at least one weight > 0");
}

void check_sampling(const Options& options) {
  if (options.samples < 1) throw InputError(fmt::format("samples is {}", options.samples), {}, "1 or more");
  if (options.sample_size != 0 && options.sample_size < options.k)
    throw InputError(fmt::format("the sample size is {}", options.sample_size), {},
                     fmt::format("at least k = {}, or 0 for the usual size", options.k));
  if (options.numlocal < 1)
    throw InputError(fmt::format("numlocal is {}", options.numlocal), {}, "1 or more");
  if (!(options.maxneighbor >= 0))
    throw InputError(fmt::format("maxneighbor is {}", options.maxneighbor), {},
                     "a share below 1, a number of at least 1, or 0 for the usual number");
}

void check_order(const std::vector<Index>& order, Index n) {
  if (order.empty()) return;
  if (static_cast<Index>(order.size()) != n)
    throw InputError(fmt::format("the order has {} objects of {}", order.size(), n), {}, "each object once");
  std::vector<bool> seen(order.size());
  for (const Index object : order) {
    if (object < 0 || object >= n)
      throw InputError(fmt::format("the order names object {}", object), {}, fmt::format("0 to {}", n - 1));
    if (seen[static_cast<std::size_t>(object)])
      throw InputError(fmt::format("the order names object {} twice", object), {}, "each object once");
    seen[static_cast<std::size_t>(object)] = true;
  }
}

}  // namespace

void check_options(const Dissimilarity& data, const Options& options) {
  const Index n = data.size();
  if (options.k < 1 || options.k > n) {
    throw InputError(fmt::format("k is {}", options.k), {}, fmt::format("1 to {}, the number of objects", n));
  }
  if (options.restarts < 1)
    throw InputError(fmt::format("restarts is {}", options.restarts), {}, "1 or more");
  if (options.max_rounds < 0)
    throw InputError(fmt::format("max_rounds is {}", options.max_rounds), {}, "0 or more");
  if (!(options.time_limit_seconds > 0))
    throw InputError("the time limit is not positive", {}, "seconds > 0");
  if (!(options.fastpam2_tolerance >= 0 && options.fastpam2_tolerance <= 1))
    throw InputError(fmt::format("the tolerance of FastPAM2 is {}", options.fastpam2_tolerance), {},
                     "0 to 1");
  if (!(options.plusplus_power > 0 && options.plusplus_power <= 16))
    throw InputError(fmt::format("plusplus_power is {}", options.plusplus_power), {}, "above 0, at most 16");
  check_sampling(options);
  check_order(options.order, n);
  if (options.init == Init::Given) check_given_medoids(options.medoids, options.k, n);
  check_weights(options.weights, n);
  if (options.certify && objective(options.method) != Objective::TotalDeviation)
    throw InputError(fmt::format("{} maximises silhouettes", name(options.method)), {},
                     "a method that minimises the total deviation, which is what can be certified");
  if (options.certify_steps < 1)
    throw InputError(fmt::format("certify_steps is {}", options.certify_steps), {}, "1 or more");
  if (options.method == Method::PAMSIL && !options.weights.empty())
    throw InputError("pamsil knows no weights", {}, "no weights, or fastermsc");
}

}  // namespace xchg::kmedoids
