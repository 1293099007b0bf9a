#include "xchg/dag/order/search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

#include "xchg/core/random.hpp"
#include "xchg/core/text.hpp"

namespace xchg::dag {
namespace {

constexpr double improvement_tolerance = 1e-12;
// By default many moves are made together while they gain at least this share of the score. Closer to the end
// the best move alone is: steepest descent ends lower, and scans cost next to nothing.
constexpr double worthwhile_batch = 1e-3;

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Best first; ties by kind and positions.
bool better(const Delta& a, const Delta& b) {
  if (a.difference != b.difference) return a.difference < b.difference;
  if (a.kind != b.kind) return a.kind < b.kind;
  return a.from != b.from ? a.from < b.from : a.to < b.to;
}

bool by_position(const Delta& a, const Delta& b) { return first_position(a) < first_position(b); }

// value[e]: the greatest gain of disjoint intervals that end before position e.
std::vector<Delta> best_batch(std::span<const Delta> moves, std::size_t nodes) {
  std::vector<std::vector<const Delta*>> ending(nodes);
  for (const Delta& move : moves) ending[static_cast<std::size_t>(last_position(move))].push_back(&move);
  std::vector<double> value(nodes + 1, 0.0);
  std::vector<const Delta*> taken(nodes + 1, nullptr);
  for (std::size_t e = 0; e < nodes; ++e) {
    value[e + 1] = value[e];
    for (const Delta* move : ending[e]) {
      const double gain = value[static_cast<std::size_t>(first_position(*move))] - move->difference;
      const bool tie = gain == value[e + 1] && taken[e + 1] != nullptr && better(*move, *taken[e + 1]);
      if (gain > value[e + 1] || tie) {
        value[e + 1] = gain;
        taken[e + 1] = move;
      }
    }
  }
  std::vector<Delta> chosen;
  for (std::size_t e = nodes; e > 0;) {
    if (taken[e] == nullptr) {
      --e;
    } else {
      chosen.push_back(*taken[e]);
      e = static_cast<std::size_t>(first_position(*taken[e]));
    }
  }
  return chosen;
}

std::vector<Delta> greedy_batch(std::span<const Delta> moves, std::size_t nodes) {
  std::vector<Delta> sorted(moves.begin(), moves.end());
  std::sort(sorted.begin(), sorted.end(), better);
  std::vector<char> taken(nodes);
  std::vector<Delta> chosen;
  for (const Delta& move : sorted) {
    const auto begin = taken.begin() + first_position(move);
    const auto end = taken.begin() + last_position(move) + 1;
    if (std::find(begin, end, 1) != end) continue;
    std::fill(begin, end, 1);
    chosen.push_back(move);
  }
  return chosen;
}

double gain_of(std::span<const Delta> batch) {
  double gain = 0;
  for (const Delta& move : batch) gain -= move.difference;
  return gain;
}

// Makes the best moves among the improving ones. False when there is none.
bool improve(OrderState& state, std::vector<Delta>& moves, const char* kind, const Options& options,
             SearchClock& clock) {
  if (moves.empty()) return false;
  std::vector<Delta> batch = choose_batch(moves, state.nodes(), batch_of(options));
  if (options.default_batch && batch.size() > 1 &&
      gain_of(batch) < worthwhile_batch * std::abs(state.score())) {
    batch = choose_batch(moves, state.nodes(), Batch::Single);
  }
  state.apply(batch);
  clock.step(kind, static_cast<int>(batch.size()), state.score());
  return true;
}

}  // namespace

void move_nodes(std::vector<int>& order, const Delta& move) {
  const auto at = [&](int position) { return order.begin() + position; };
  if (move.kind == Delta::Kind::Swap) {
    std::iter_swap(at(move.from), at(move.to));
  } else if (move.from < move.to) {
    std::rotate(at(move.from), at(move.from) + 1, at(move.to) + 1);
  } else {
    std::rotate(at(move.to), at(move.from), at(move.from) + 1);
  }
}

SearchClock::SearchClock(Progress& progress, double time_limit_seconds)
    : progress_(progress),
      limit_(time_limit_seconds),
      began_(now_seconds()),
      best_shown_(std::numeric_limits<double>::infinity()) {}

double SearchClock::seconds() const { return now_seconds() - began_; }

bool SearchClock::stop() {
  if (!stopped_by_.empty()) return true;
  if (progress_.cancelled()) {
    stopped_by_ = "cancelled";
  } else if (seconds() >= limit_) {
    stopped_by_ = fmt::format("time limit of {} s", limit_);
  }
  return !stopped_by_.empty();
}

void SearchClock::step(const std::string& kind, int moves, double score) {
  steps.push_back({seconds(), run_, kind, moves, score});
  if (score < best_shown_) {
    best_shown_ = score;
    progress_.note("score " + text::brief(score, 10));
  }
}

double improvement_bound(double score) { return -improvement_tolerance * std::abs(score); }

Batch batch_of(const Options& options) {
  if (!options.default_batch) return options.batch;
  return options.method == Method::Topo ? Batch::Greedy : Batch::Best;
}

std::vector<Delta> choose_batch(std::span<const Delta> moves, int nodes, Batch batch) {
  std::vector<Delta> chosen;
  if (batch == Batch::Best) chosen = best_batch(moves, static_cast<std::size_t>(nodes));
  if (batch == Batch::Greedy) chosen = greedy_batch(moves, static_cast<std::size_t>(nodes));
  if (batch == Batch::Single && !moves.empty()) {
    chosen.push_back(*std::min_element(moves.begin(), moves.end(), better));
  }
  std::sort(chosen.begin(), chosen.end(), by_position);
  return chosen;
}

void descend(OrderState& state, const Options& options, SearchClock& clock) {
  std::vector<Delta> moves;
  while (!clock.stop()) {
    const double below = improvement_bound(state.score());
    moves.clear();
    if (options.method != Method::Swap) {
      state.insertions(below, moves);
      if (improve(state, moves, "insert", options, clock)) continue;
    }
    if (clock.stop()) return;
    state.swaps(below, moves);
    if (improve(state, moves, "swap", options, clock)) continue;
    // Moves since the last factorisation have cost some digits: what they hide counts as well.
    if (state.refresh() <= improvement_tolerance) return;
  }
}

void perturb(OrderState& state, const Constraints& constraints, const Options& options, std::uint64_t stream,
             SearchClock& clock) {
  const int d = state.nodes();
  const int count = std::min(d, std::max(3, d / 10));
  Random random(options.seed, stream);
  std::vector<int> best = state.order();
  double best_score = state.score();
  for (int round = 0; round < options.perturbations && !clock.stop(); ++round) {
    std::vector<int> order = best;
    for (const std::uint64_t node : sample_without_replacement(static_cast<std::uint64_t>(d),
                                                               static_cast<std::uint64_t>(count), random)) {
      order.erase(std::find(order.begin(), order.end(), static_cast<int>(node)));
      const auto place = random.below(order.size() + 1);
      order.insert(order.begin() + static_cast<std::ptrdiff_t>(place), static_cast<int>(node));
    }
    state.reset(constraints.free_order() ? order : constraints.repaired(order));
    clock.step("perturb", count, state.score());
    descend(state, options, clock);
    if (state.score() <= best_score) {
      best_score = state.score();
      best = state.order();
    }
  }
  if (state.order() != best) state.reset(best);
}

void tabu(OrderState& state, const Options& options, SearchClock& clock) {
  const int d = state.nodes();
  const int tenure = 7 + static_cast<int>(std::sqrt(static_cast<double>(d)));
  std::vector<int> free_at(static_cast<std::size_t>(d), 0);
  std::vector<int> best = state.order();
  double best_score = state.score();
  std::vector<Delta> moves;
  for (int step = 0; step < options.tabu_steps && !clock.stop(); ++step) {
    moves.clear();
    state.insertions(std::numeric_limits<double>::infinity(), moves);
    const double needed = best_score - state.score() + improvement_bound(best_score);
    std::erase_if(moves, [&](const Delta& move) {
      const int node = state.order()[static_cast<std::size_t>(move.from)];
      return free_at[static_cast<std::size_t>(node)] > step && move.difference >= needed;
    });
    if (moves.empty()) continue;  // all are tabu: the next step frees some
    const Delta chosen = choose_batch(moves, d, Batch::Single).front();
    free_at[static_cast<std::size_t>(state.order()[static_cast<std::size_t>(chosen.from)])] =
        step + 1 + tenure;
    state.apply({&chosen, 1});
    clock.step("tabu", 1, state.score());
    if (state.score() < best_score + improvement_bound(best_score)) {
      best_score = state.score();
      best = state.order();
    }
  }
  if (state.order() != best) state.reset(best);
  descend(state, options, clock);
}

std::vector<int> random_order(int nodes, const Constraints& constraints, std::uint64_t seed,
                              std::uint64_t stream) {
  std::vector<int> order(static_cast<std::size_t>(nodes));
  std::iota(order.begin(), order.end(), 0);
  Random random(seed, stream);
  shuffle(std::span(order), random);
  return constraints.free_order() ? order : constraints.repaired(order);
}

}  // namespace xchg::dag
