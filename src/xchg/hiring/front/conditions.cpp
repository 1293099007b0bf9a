#include "xchg/hiring/front/conditions.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace xchg::hiring {
namespace {

// Joins along one dimension; keeps the order of the first of each.
std::vector<Box> joined_along(const std::vector<Box>& boxes, std::size_t dimension) {
  std::map<std::pair<std::vector<std::vector<int>>, int>, std::size_t> place;
  std::vector<Box> result;
  for (const Box& box : boxes) {
    auto others = box.sets;
    others[dimension].clear();
    const auto [found, added] = place.try_emplace({std::move(others), box.value}, result.size());
    if (added) {
      result.push_back(box);
      continue;
    }
    auto& set = result[found->second].sets[dimension];
    set.insert(set.end(), box.sets[dimension].begin(), box.sets[dimension].end());
    std::sort(set.begin(), set.end());
  }
  return result;
}

}  // namespace

std::vector<Box> joined(std::vector<Box> boxes) {
  for (std::size_t before = boxes.size() + 1; boxes.size() < before;) {
    before = boxes.size();
    if (boxes.empty()) break;
    for (std::size_t d = 0; d < boxes.front().sets.size(); ++d) boxes = joined_along(boxes, d);
  }
  return boxes;
}

}  // namespace xchg::hiring
