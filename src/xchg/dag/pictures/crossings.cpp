#include <algorithm>

#include "xchg/dag/pictures/layers.hpp"

namespace xchg::dag {
namespace {

using Places = std::vector<std::size_t>;

void renumber(const std::vector<std::size_t>& row, Places& place) {
  for (std::size_t k = 0; k < row.size(); ++k) place[row[k]] = k;
}

// The places of a node's neighbours, sorted.
Places places_of(const std::vector<std::size_t>& neighbours, const Places& place) {
  Places result;
  for (const std::size_t other : neighbours) result.push_back(place[other]);
  std::sort(result.begin(), result.end());
  return result;
}

// Crossings of the links down from one row, by inversions of the places where they end.
std::size_t crossings_below(const Layers& layers, std::size_t row, const Places& place) {
  std::vector<std::size_t> tree(layers.rows[row + 1].size() + 1);
  std::size_t crossings = 0, entered = 0;
  for (const std::size_t node : layers.rows[row]) {
    const Places ends = places_of(layers.below[node], place);
    for (const std::size_t end : ends) {
      std::size_t before = 0;  // links so far that end at or left of here
      for (std::size_t k = end + 1; k > 0; k &= k - 1) before += tree[k];
      crossings += entered - before;
    }
    for (const std::size_t end : ends) {
      ++entered;
      for (std::size_t k = end + 1; k < tree.size(); k += k & (~k + 1)) ++tree[k];
    }
  }
  return crossings;
}

std::size_t total(const Layers& layers, const Places& place) {
  std::size_t crossings = 0;
  for (std::size_t row = 0; row + 1 < layers.rows.size(); ++row)
    crossings += crossings_below(layers, row, place);
  return crossings;
}

// The weighted median of Gansner, Koutsofios, North, Vo (1993).
double median(const Places& ends) {
  const std::size_t half = ends.size() / 2;
  const auto at = [&ends](std::size_t k) { return static_cast<double>(ends[k]); };
  if (ends.size() % 2 == 1) return at(half);
  if (ends.size() == 2) return (at(0) + at(1)) / 2;
  const double left = at(half - 1) - at(0), right = at(ends.size() - 1) - at(half);
  if (left + right == 0) return (at(half - 1) + at(half)) / 2;
  return (at(half - 1) * right + at(half) * left) / (left + right);
}

// Sorts a row by the medians of its neighbours on one side; nodes without any stay where they are.
void sort_by_median(std::vector<std::size_t>& row, const std::vector<std::vector<std::size_t>>& side,
                    Places& place) {
  std::vector<std::pair<double, std::size_t>> moving;
  for (const std::size_t node : row) {
    if (!side[node].empty()) moving.emplace_back(median(places_of(side[node], place)), node);
  }
  std::stable_sort(moving.begin(), moving.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::size_t next = 0;
  for (std::size_t& node : row) {
    if (!side[node].empty()) node = moving[next++].second;
  }
  renumber(row, place);
}

// Crossings of the links of a and b when a stands left of b.
std::size_t crossings_of(const Places& a, const Places& b) {
  std::size_t crossings = 0, less = 0;
  for (const std::size_t end : a) {
    while (less < b.size() && b[less] < end) ++less;
    crossings += less;
  }
  return crossings;
}

bool exchange_neighbours(Layers& layers, Places& place) {
  bool improved = false;
  for (auto& row : layers.rows) {
    for (std::size_t k = 0; k + 1 < row.size(); ++k) {
      const Places above_a = places_of(layers.above[row[k]], place),
                   above_b = places_of(layers.above[row[k + 1]], place);
      const Places below_a = places_of(layers.below[row[k]], place),
                   below_b = places_of(layers.below[row[k + 1]], place);
      const std::size_t now = crossings_of(above_a, above_b) + crossings_of(below_a, below_b);
      if (now <= crossings_of(above_b, above_a) + crossings_of(below_b, below_a)) continue;
      std::swap(row[k], row[k + 1]);
      place[row[k]] = k;
      place[row[k + 1]] = k + 1;
      improved = true;
    }
  }
  return improved;
}

}  // namespace

std::size_t count_crossings(const Layers& layers) {
  Places place(layers.layer.size());
  for (const auto& row : layers.rows) renumber(row, place);
  return total(layers, place);
}

std::size_t reduce_crossings(Layers& layers) {
  constexpr int sweeps = 16, exchanges = 4;
  Places place(layers.layer.size());
  for (const auto& row : layers.rows) renumber(row, place);
  auto best = layers.rows;
  std::size_t least = total(layers, place);
  for (int sweep = 0; sweep < sweeps && least > 0; ++sweep) {
    const std::size_t count = layers.rows.size();
    for (std::size_t k = 1; k < count; ++k) {
      if (sweep % 2 == 0) {
        sort_by_median(layers.rows[k], layers.above, place);
      } else {
        sort_by_median(layers.rows[count - 1 - k], layers.below, place);
      }
    }
    for (int round = 0; round < exchanges && exchange_neighbours(layers, place); ++round) {
    }
    const std::size_t crossings = total(layers, place);
    if (crossings >= least) continue;
    least = crossings;
    best = layers.rows;
  }
  layers.rows = std::move(best);
  return least;
}

}  // namespace xchg::dag
