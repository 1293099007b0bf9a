// Any bytes either are refused with an InputError or are knowledge; and either no order satisfies it, or
// every order can be repaired to one that does and stays as it is then.
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string_view>
#include <vector>

#include "xchg/core/error.hpp"
#include "xchg/dag/knowledge.hpp"

namespace {

using namespace xchg;
using namespace xchg::dag;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const Knowledge& knowledge, const Constraints& constraints) {
  std::vector<int> order(constraints.nodes());
  std::iota(order.rbegin(), order.rend(), 0);
  order = constraints.repaired(order);
  require(order.size() == constraints.nodes() && constraints.admits(order));
  require(constraints.repaired(order) == order);
  std::vector<int> position(order.size()), leftmost, rightmost;
  for (std::size_t p = 0; p < order.size(); ++p)
    position[static_cast<std::size_t>(order[p])] = static_cast<int>(p);
  for (const Edge& edge : knowledge.required) {
    require(position[static_cast<std::size_t>(edge.from)] < position[static_cast<std::size_t>(edge.to)]);
    require(constraints.required(edge.from, edge.to) && constraints.allowed(edge.from, edge.to));
  }
  for (const Edge& edge : knowledge.forbidden) require(!constraints.allowed(edge.from, edge.to));
  constraints.reach(order, leftmost, rightmost);
  for (int p = 0; p < static_cast<int>(order.size()); ++p) {
    const auto at = static_cast<std::size_t>(p);
    require(leftmost[at] <= p && p <= rightmost[at]);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const std::vector<std::string> names = {"a", "b", "c", "d", "e", "f"};
  try {
    const Knowledge knowledge = parse_knowledge({reinterpret_cast<const char*>(bytes), size}, names);
    check(knowledge, Constraints(knowledge, names));
  } catch (const InputError&) {
  }
  return 0;
}
