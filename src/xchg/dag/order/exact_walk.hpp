// The depth-first walk over all sets of nodes behind exact_order: best(m) = min over j in m of
// best(m \ j) + 1/2 r(j | m \ j), where r(j | m \ j) = 1 / (S_mm^-1)_jj.
//
// Nodes are decided from the last to the first, without before with, so that sets are met in the order of
// their numbers (node j is bit j) and best(m \ j) is there when best(m) asks for it. For the set H of nodes
// taken so far and the undecided nodes u, v < k the walk keeps
//   A_uv = S_uv - S_uH S_HH^-1 S_Hv      the Schur complement,
//   B_uj = (S_HH^-1 S_Hu)_j              the regression of u on H,
//   N_j  = (S_HH^-1)_jj.
// Taking t = k - 1 with p = A_tt and c_u = A_ut / p changes them to
//   A_uv - c_u A_tv,   B_uj - c_u B_tj (new: B_ut = c_u),   N_j + B_tj^2 / p (new: N_t = 1/p);
// leaving it out changes nothing. The eight sets of the last three nodes lie side by side in the table and
// are done as the lanes of one vector. A lane's arithmetic is that of scalars in this order, so that the
// result does not depend on the instruction set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "xchg/core/isa.hpp"

namespace xchg::dag {

// A task of the walk: all sets whose nodes among the `top` last ones are given.
struct ExactWalk {
  static constexpr int most_nodes = 40;
  int nodes = 0;              // d, from 3 to most_nodes
  int top = 0;                // at most d - 3
  const double* s = nullptr;  // (d, d) row-major
  const std::uint64_t* predecessors =
      nullptr;                  // (d) the sets that must stand before; null: the order is free
  double* best = nullptr;       // (2^d); infinity beforehand where predecessors are given
  double* workspace = nullptr;  // (workspace_size(nodes)) for this task alone

  static constexpr std::size_t row_size(int nodes) { return static_cast<std::size_t>(nodes + 7) / 8 * 8; }
  // For the empty set and after each node: A and B of (d, row), N of (row).
  static constexpr std::size_t workspace_size(int nodes) {
    const auto d = static_cast<std::size_t>(nodes);
    return (d + 1) * (2 * d + 1) * row_size(nodes);
  }
};

// Fills in best of the sets with these nodes; those with fewer of the top nodes are done. Returns how many
// sets there were that satisfy the precedence.
std::int64_t walk_sets_scalar(const ExactWalk& walk, std::uint64_t top_set);
std::int64_t walk_sets_avx2(const ExactWalk& walk, std::uint64_t top_set);
std::int64_t walk_sets_avx512(const ExactWalk& walk, std::uint64_t top_set);

// Eight doubles in as many registers as the instruction set needs.
template <Isa isa>
struct Eight {
  static constexpr int width = isa == Isa::Avx512 ? 8 : isa == Isa::Avx2 ? 4 : 2;
  static constexpr int parts = 8 / width;
  using Register [[gnu::vector_size(width * sizeof(double))]] = double;
  Register part[parts];

  static Eight load(const double* from) {
    Eight out;
    for (std::ptrdiff_t i = 0; i < parts; ++i) std::memcpy(&out.part[i], from + i * width, sizeof(Register));
    return out;
  }
  static Eight all(double value) {
    Eight out;
    for (Register& r : out.part) r = value - Register{};
    return out;
  }
  void store(double* to) const {
    for (std::ptrdiff_t i = 0; i < parts; ++i) std::memcpy(to + i * width, &part[i], sizeof(Register));
  }
  // The same with one lane replaced.
  Eight with(int lane, double value) const {
    constexpr double number[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    const Eight numbers = load(number);
    const double wanted = lane;
    Eight out;
    for (int i = 0; i < parts; ++i) {
      out.part[i] = numbers.part[i] == wanted - Register{} ? value - Register{} : part[i];
    }
    return out;
  }
};

template <Isa isa>
[[gnu::always_inline]] inline Eight<isa> operator+(Eight<isa> a, const Eight<isa>& b) {
  for (int i = 0; i < Eight<isa>::parts; ++i) a.part[i] += b.part[i];
  return a;
}
template <Isa isa>
[[gnu::always_inline]] inline Eight<isa> operator-(Eight<isa> a, const Eight<isa>& b) {
  for (int i = 0; i < Eight<isa>::parts; ++i) a.part[i] -= b.part[i];
  return a;
}
template <Isa isa>
[[gnu::always_inline]] inline Eight<isa> operator*(Eight<isa> a, const Eight<isa>& b) {
  for (int i = 0; i < Eight<isa>::parts; ++i) a.part[i] *= b.part[i];
  return a;
}
template <Isa isa>
[[gnu::always_inline]] inline Eight<isa> operator/(Eight<isa> a, const Eight<isa>& b) {
  for (int i = 0; i < Eight<isa>::parts; ++i) a.part[i] /= b.part[i];
  return a;
}
template <Isa isa>
[[gnu::always_inline]] inline Eight<isa> least(Eight<isa> a, const Eight<isa>& b) {
  for (int i = 0; i < Eight<isa>::parts; ++i) a.part[i] = b.part[i] < a.part[i] ? b.part[i] : a.part[i];
  return a;
}

template <Isa isa>
class SetWalker {
 public:
  explicit SetWalker(const ExactWalk& walk) : walk_(walk), stride_(ExactWalk::row_size(walk.nodes)) {
    const auto d = static_cast<std::size_t>(walk.nodes);
    double* at = walk.workspace;
    for (std::size_t t = 0; t <= d; ++t, at += stride_) {
      states_[t].a = at;
      states_[t].b = at += d * stride_;
      states_[t].n = at += d * stride_;
    }
  }

  std::int64_t run(std::uint64_t top_set) {
    const auto d = static_cast<std::size_t>(walk_.nodes);
    const State& start = states_[d];
    for (std::size_t u = 0; u < d; ++u) {
      for (std::size_t v = 0; v <= u; ++v) start.a[u * stride_ + v] = walk_.s[u * d + v];
    }
    const State* state = &start;
    std::uint64_t taken = 0;
    for (int t = walk_.nodes - 1; t >= walk_.nodes - walk_.top; --t) {
      const std::uint64_t bit = std::uint64_t{1} << t;
      if ((top_set & bit) != 0) {
        if (!may_take(t, taken)) return 0;
        take(*state, t, states_[t]);
        state = &states_[t];
        taken |= bit;
      } else if (!may_leave(t)) {
        return 0;
      }
    }
    descend(*state, walk_.nodes - walk_.top, taken);
    return sets_;
  }

 private:
  using Lanes = Eight<isa>;
  // A, B and N; rows of `stride_` doubles, one an undecided node.
  struct State {
    double* a = nullptr;
    double* b = nullptr;
    double* n = nullptr;
  };

  // With t the nodes after it are decided: those that must precede it are taken, if they are after it.
  bool may_take(int t, std::uint64_t taken) const {
    if (walk_.predecessors == nullptr) return true;
    const std::uint64_t decided = ~((std::uint64_t{2} << t) - 1);
    return (walk_.predecessors[t] & decided & ~taken) == 0;
  }
  bool may_leave(int t) const { return walk_.predecessors == nullptr || ((needed() >> t) & 1) == 0; }
  // All nodes that must precede a taken one.
  std::uint64_t needed() const {
    std::uint64_t set = 0;
    for (int i = 0; i < count_; ++i) set |= walk_.predecessors[taken_[i]];
    return set;
  }

  void take(const State& from, int t, const State& to) {
    const double* a_t = from.a + static_cast<std::size_t>(t) * stride_;
    const double* b_t = from.b + static_cast<std::size_t>(t) * stride_;
    const double inverse = 1 / a_t[t];
    const int whole = count_ / 8, lane = count_ % 8;
    for (int u = 0; u < t; ++u) {
      const double c = a_t[u] * inverse;
      const Lanes factor = Lanes::all(c);
      const std::size_t row = static_cast<std::size_t>(u) * stride_;
      for (int i = 0; i <= u; i += 8) {
        (Lanes::load(from.a + row + i) - factor * Lanes::load(a_t + i)).store(to.a + row + i);
      }
      for (int i = 0; i < whole * 8; i += 8) {
        (Lanes::load(from.b + row + i) - factor * Lanes::load(b_t + i)).store(to.b + row + i);
      }
      const int i = whole * 8;
      const Lanes last =
          lane == 0 ? Lanes::all(0) : Lanes::load(from.b + row + i) - factor * Lanes::load(b_t + i);
      last.with(lane, c).store(to.b + row + i);
    }
    const Lanes factor = Lanes::all(inverse);
    for (int i = 0; i <= whole * 8; i += 8) {
      Lanes n = Lanes::all(0);
      if (i < count_) {
        const Lanes b = Lanes::load(b_t + i);
        n = Lanes::load(from.n + i) + b * b * factor;
      }
      if (i == whole * 8) n = n.with(lane, inverse);
      n.store(to.n + i);
    }
    taken_[count_++] = t;
  }

  // Decides the nodes below k.
  void descend(const State& state, int k, std::uint64_t taken) {
    if (k == 3) return block(state, taken);
    const int t = k - 1;
    if (may_leave(t)) descend(state, t, taken);
    if (!may_take(t, taken)) return;
    const State& next = states_[t];
    take(state, t, next);
    descend(next, t, taken | std::uint64_t{1} << t);
    --count_;
  }

  // What the sets of nodes 0, 1, 2 add, lane l for the set l, when 2 is taken first, then 1, then 0: with
  // w_2 = B_2j, w_1 = B_1j - c_12 w_2, w_0 = B_0j - c_02 w_2 - c_01 w_1 it is
  // N_j + w_2^2/p_2 + w_1^2/p_1 + w_0^2/p_0.
  struct Last {
    Lanes c12, c02, c01, q2, q1, q0;  // q = 1/p; 0 where the lane's set does not have the node
    double r[8][3];                   // r(j | taken, l without j) for j in l
  };

  void prepare(const State& state, Last& out) const {
    const double* a = state.a;
    const double a00 = a[0], a01 = a[stride_], a11 = a[stride_ + 1];
    const double a02 = a[2 * stride_], a12 = a[2 * stride_ + 1], a22 = a[2 * stride_ + 2];
    const double q0 = 1 / a00, q1 = 1 / a11, q2 = 1 / a22;
    // Given 2, given 1, given 0.
    const double c12 = a12 * q2, c02 = a02 * q2;
    const double a11_2 = a11 - c12 * a12, a01_2 = a01 - c02 * a12, a00_2 = a00 - c02 * a02;
    const double a00_1 = a00 - a01 * q1 * a01, a22_1 = a22 - a12 * q1 * a12;
    const double a11_0 = a11 - a01 * q0 * a01, a22_0 = a22 - a02 * q0 * a02, a12_0 = a12 - a01 * q0 * a02;
    const double q1_2 = 1 / a11_2, c01_2 = a01_2 * q1_2;
    const double a00_12 = a00_2 - c01_2 * a01_2;
    const double a11_02 = a11_0 - a12_0 * a12_0 / a22_0, a22_01 = a22_0 - a12_0 * a12_0 / a11_0;
    const double q0_1 = 1 / a00_1, q0_2 = 1 / a00_2, q0_12 = 1 / a00_12, c01 = a01 * q1;
    const double lanes[6][8] = {{0, 0, 0, 0, c12, c12, c12, c12},     {0, 0, 0, 0, c02, c02, c02, c02},
                                {0, 0, c01, c01, 0, 0, c01_2, c01_2}, {0, 0, 0, 0, q2, q2, q2, q2},
                                {0, 0, q1, q1, 0, 0, q1_2, q1_2},     {0, q0, 0, q0_1, 0, q0_2, 0, q0_12}};
    out.c12 = Lanes::load(lanes[0]);
    out.c02 = Lanes::load(lanes[1]);
    out.c01 = Lanes::load(lanes[2]);
    out.q2 = Lanes::load(lanes[3]);
    out.q1 = Lanes::load(lanes[4]);
    out.q0 = Lanes::load(lanes[5]);
    out.r[1][0] = a00, out.r[2][1] = a11, out.r[4][2] = a22;
    out.r[3][0] = a00_1, out.r[3][1] = a11_0;
    out.r[5][0] = a00_2, out.r[5][2] = a22_0;
    out.r[6][1] = a11_2, out.r[6][2] = a22_1;
    out.r[7][0] = a00_12, out.r[7][1] = a11_02, out.r[7][2] = a22_01;
  }

  void block(const State& state, std::uint64_t taken) {
    Last last;
    prepare(state, last);
    const double *b0 = state.b, *b1 = b0 + stride_, *b2 = b1 + stride_;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    Lanes best = Lanes::all(infinity);
    const Lanes half = Lanes::all(0.5);
    for (int i = 0; i < count_; ++i) {
      const Lanes w2 = Lanes::all(b2[i]);
      const Lanes w1 = Lanes::all(b1[i]) - last.c12 * w2;
      const Lanes w0 = Lanes::all(b0[i]) - last.c02 * w2 - last.c01 * w1;
      const Lanes n = Lanes::all(state.n[i]) + w2 * w2 * last.q2 + w1 * w1 * last.q1 + w0 * w0 * last.q0;
      const std::uint64_t without = taken & ~(std::uint64_t{1} << taken_[i]);
      best = least(best, Lanes::load(walk_.best + without) + half / n);
    }
    double lane[8];
    best.store(lane);
    if (taken == 0) lane[0] = 0;
    const unsigned admitted = walk_.predecessors == nullptr ? 255U : admitted_lanes(taken);
    for (unsigned l = 0; l < 8; ++l) {
      for (unsigned j = 0; j < 3; ++j) {
        if ((l >> j & 1) == 0) continue;
        const double candidate = lane[l & ~(1U << j)] + 0.5 * last.r[l][j];
        lane[l] = candidate < lane[l] ? candidate : lane[l];
      }
      if ((admitted >> l & 1) == 0) lane[l] = infinity;
      sets_ += admitted >> l & 1;
    }
    std::memcpy(walk_.best + taken, lane, sizeof lane);
  }

  // The sets l of nodes 0, 1, 2 with which the set has all that must precede its nodes.
  unsigned admitted_lanes(std::uint64_t taken) const {
    const std::uint64_t needed_taken = needed();
    unsigned lanes = 0;
    for (unsigned l = 0; l < 8; ++l) {
      std::uint64_t wanted = needed_taken;
      for (unsigned j = 0; j < 3; ++j) {
        if ((l >> j & 1) != 0) wanted |= walk_.predecessors[j];
      }
      if ((wanted & ~(taken | l)) == 0) lanes |= 1U << l;
    }
    return lanes;
  }

  ExactWalk walk_;
  std::size_t stride_;
  State states_[ExactWalk::most_nodes + 1];  // [t]: after t was taken; [d]: of the empty set
  int taken_[ExactWalk::most_nodes];         // the nodes of the set, in the order in which they were taken
  int count_ = 0;                            // how many they are
  std::int64_t sets_ = 0;
};

}  // namespace xchg::dag
