#include "xchg/dag/order/topo.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>

#include "xchg/core/error.hpp"
#include "xchg/dag/order/search.hpp"
#include "xchg/dag/order/walks.hpp"

namespace xchg::dag {
namespace {

std::vector<int> positions_of(std::span<const int> order) {
  std::vector<int> positions(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    positions[static_cast<std::size_t>(order[k])] = static_cast<int>(k);
  }
  return positions;
}

// (d, d): |dQ/dW|. The weights of the order are fitted anew, in the score's own form.
Matrix gradient_sizes(const NodeScore& score, std::span<const int> order) {
  Matrix out(order.size(), order.size());
  std::vector<int> before;  // ascending
  for (const int node : order) {
    const auto gradient = score.gradient(node, before, score.fit(node, before));
    if (gradient.empty()) {
      throw InputError("this score has no gradient to compare with the least one of candidate pairs", {},
                       "a least gradient of 0");
    }
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      out(i, static_cast<std::size_t>(node)) = std::abs(gradient[i]);
    }
    before.insert(std::upper_bound(before.begin(), before.end(), node), node);
  }
  return out;
}

// A pair whose exchange lowers the score.
struct Improvement {
  TopoPair pair;
  Delta move;
};

// One round: the pairs of the present order, and what exchanging them would change.
class Round {
 public:
  Round(OrderState& state, const NodeScore& score, const Options& options, SearchClock& clock)
      : state_(state),
        clock_(clock),
        first_only_(options.score == Score::Mlp),
        below_(improvement_bound(state.score())),
        positions_(positions_of(state.order())),
        pairs_(topo_pairs(state.weights(), state.order(), options.acyclicity)) {
    if (options.min_gradient > 0) {
      gradients_ = gradient_sizes(score, state.order());
      least_gradient_ = options.min_gradient;
    }
  }

  // The improving pairs up to the size-th that no earlier call looked at. Networks are trained for each pair:
  // there the first improvement ends the search (as in the authors' program).
  std::vector<Improvement> improvements(int size) {
    std::vector<Improvement> found;
    for (const std::size_t end = topo_candidates(pairs_, size); next_ < end && !clock_.stop(); ++next_) {
      const TopoPair& pair = pairs_[next_];
      const auto i = static_cast<std::size_t>(pair.i), j = static_cast<std::size_t>(pair.j);
      if (!gradients_.empty() && gradients_(i, j) < least_gradient_) continue;
      Delta move{Delta::Kind::Swap, positions_[j], positions_[i], 0};
      move.difference = state_.difference(move);
      if (!(move.difference < below_)) continue;
      found.push_back({pair, move});
      if (first_only_) break;
    }
    return found;
  }

 private:
  OrderState& state_;
  SearchClock& clock_;
  bool first_only_;
  double below_;
  std::vector<int> positions_;
  std::vector<TopoPair> pairs_;
  std::size_t next_ = 0;
  Matrix gradients_;
  double least_gradient_ = 0;
};

// Best first, ties by (i, j): a pair is taken when no position from j's to i's, both included, is another's.
std::vector<Delta> accepted_greedily(std::vector<Improvement> found, std::size_t nodes) {
  std::sort(found.begin(), found.end(), [](const Improvement& a, const Improvement& b) {
    return std::tie(a.move.difference, a.pair.i, a.pair.j) < std::tie(b.move.difference, b.pair.i, b.pair.j);
  });
  std::vector<unsigned char> taken(nodes, 0);
  std::vector<Delta> accepted;
  for (const Improvement& improvement : found) {
    const auto first = taken.begin() + improvement.move.from, end = taken.begin() + improvement.move.to + 1;
    if (std::find(first, end, 1) != end) continue;
    std::fill(first, end, static_cast<unsigned char>(1));
    accepted.push_back(improvement.move);
  }
  return accepted;
}

std::vector<Delta> accepted(const std::vector<Improvement>& found, int nodes, Batch batch) {
  if (batch == Batch::Greedy) return accepted_greedily(found, static_cast<std::size_t>(nodes));
  std::vector<Delta> moves;
  for (const Improvement& improvement : found) moves.push_back(improvement.move);
  return choose_batch(moves, nodes, batch);
}

// Disjoint exchanges leave the sets of predecessors outside them as they are: gains add exactly.
void apply_additively(OrderState& state, std::span<const Delta> moves) {
  double expected = state.score();
  double scale = std::abs(expected);
  for (const Delta& move : moves) {
    expected += move.difference;
    scale += std::abs(move.difference);
  }
  state.apply(moves);
  if (std::abs(state.score() - expected) <= 1e-9 * scale) return;
  throw NumericError("the gains of disjoint exchanges do not add up: expected the score " +
                     std::to_string(expected) + ", got " + std::to_string(state.score()));
}

}  // namespace

TopoSizes topo_sizes(const Options& options, int nodes) {
  const int pairs = nodes * (nodes - 1) / 2;
  const auto checked = [pairs](int size, int standard, const char* what) {
    if (size == 0) return standard;
    if (size < 1 || size > pairs) {
      throw InputError(std::string("the size of the ") + what + " set is " + std::to_string(size), {},
                       "1 to " + std::to_string(pairs) + ", the number of pairs");
    }
    return size;
  };
  TopoSizes sizes;
  sizes.small = checked(options.size_small, std::min(5 * nodes, pairs), "small");
  sizes.large = checked(options.size_large, pairs, "large");
  sizes.large_rounds = options.large_rounds < 0 ? 10 : options.large_rounds;
  return sizes;
}

std::vector<TopoPair> topo_pairs(const Matrix& w, std::span<const int> order, Acyclicity acyclicity) {
  const Matrix walks = walk_weights(w, order, acyclicity);
  std::vector<TopoPair> pairs;
  for (std::size_t b = 1; b < order.size(); ++b) {
    for (std::size_t a = 0; a < b; ++a) {
      const int i = order[b], j = order[a];
      pairs.push_back({i, j, walks(static_cast<std::size_t>(j), static_cast<std::size_t>(i))});
    }
  }
  std::sort(pairs.begin(), pairs.end(), [](const TopoPair& a, const TopoPair& b) {
    return std::tie(a.walks, a.i, a.j) < std::tie(b.walks, b.i, b.j);
  });
  return pairs;
}

std::size_t topo_candidates(std::span<const TopoPair> pairs, int size) {
  const double tau = pairs[static_cast<std::size_t>(size) - 1].walks;
  const double most = tau + 1e-12 * std::max(1.0, tau);
  const auto end = std::upper_bound(pairs.begin(), pairs.end(), most,
                                    [](double value, const TopoPair& pair) { return value < pair.walks; });
  return static_cast<std::size_t>(end - pairs.begin());
}

void topo(OrderState& state, const NodeScore& score, const Options& options, SearchClock& clock) {
  const int d = state.nodes();
  if (d < 2) return;
  const TopoSizes sizes = topo_sizes(options, d);
  const Batch batch = batch_of(options);
  for (int large_used = 0; !clock.stop();) {
    Round round(state, score, options, clock);
    std::string kind = "small set";
    std::vector<Improvement> found = round.improvements(sizes.small);
    if (found.empty()) {
      if (large_used >= sizes.large_rounds) break;
      kind = "large set";
      found = round.improvements(sizes.large);
      if (found.empty()) break;
      ++large_used;
    }
    const std::vector<Delta> moves = accepted(found, d, batch);
    apply_additively(state, moves);
    clock.step(kind, static_cast<int>(moves.size()), state.score());
  }
  state.refresh();
}

}  // namespace xchg::dag
