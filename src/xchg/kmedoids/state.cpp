#include "xchg/kmedoids/state.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace xchg::kmedoids {
namespace {

// Second distance where there is no second medoid (k = 1): no candidate is nearer, none is farther.
template <class T>
constexpr T no_second = std::numeric_limits<T>::max();

}  // namespace

template <class T>
State<T>::State(const Problem<T>& problem, std::vector<Index> medoids)
    : problem_(&problem), medoids_(std::move(medoids)) {
  const auto n = static_cast<std::size_t>(problem.n);
  slot_of_.assign(n, -1);
  for (std::size_t slot = 0; slot < medoids_.size(); ++slot) {
    slot_of_[static_cast<std::size_t>(medoids_[slot])] = static_cast<std::int32_t>(slot);
  }
  assign_all();
  recompute_removal_loss();
}

// Row by row, since a row may have to be made.
template <class T>
void State<T>::assign_all() {
  const auto n = static_cast<std::size_t>(problem_->n);
  near_.assign(n, 0);
  second_.assign(n, -1);
  third_.assign(n, -1);
  d3_.assign(n, T{0});
  d1_.assign(n, no_second<T>);
  d2_.assign(n, no_second<T>);
  for (std::int32_t slot = 0; slot < k(); ++slot) {
    const T* row = problem_->row(medoids_[static_cast<std::size_t>(slot)], buffer_);
    for (std::size_t o = 0; o < n; ++o) {
      if (slot == 0 || row[o] < d1_[o]) {
        second_[o] = slot == 0 ? -1 : near_[o];
        d2_[o] = d1_[o];
        near_[o] = slot;
        d1_[o] = row[o];
      } else if (second_[o] < 0 || row[o] < d2_[o]) {
        second_[o] = slot;
        d2_[o] = row[o];
      }
    }
  }
  for (const Index medoid : medoids_) assign(medoid);
}

// Nearest and second nearest of all slots; ties go to the smallest slot, but a medoid is always nearest to
// itself.
template <class T>
void State<T>::assign(Index object) {
  const auto o = static_cast<std::size_t>(object);
  std::int32_t nearest_slot = slot_of_[o];
  if (nearest_slot < 0) {
    nearest_slot = 0;
    for (std::int32_t slot = 1; slot < k(); ++slot) {
      if (problem_->at(object, medoids_[static_cast<std::size_t>(slot)]) <
          problem_->at(object, medoids_[static_cast<std::size_t>(nearest_slot)])) {
        nearest_slot = slot;
      }
    }
  }
  near_[o] = nearest_slot;
  d1_[o] = problem_->at(object, medoids_[static_cast<std::size_t>(nearest_slot)]);
  find_others(object, nearest_slot);
}

// Second and third nearest besides `nearest_slot`; ties go to the smallest slot.
template <class T>
void State<T>::find_others(Index object, int nearest_slot) {
  std::int32_t second = -1, third = -1;
  T second_distance = no_second<T>, third_distance = 0;
  for (std::int32_t slot = 0; slot < k(); ++slot) {
    if (slot == nearest_slot) continue;
    const T distance = problem_->at(object, medoids_[static_cast<std::size_t>(slot)]);
    if (second < 0 || distance < second_distance) {
      third = second;
      third_distance = second < 0 ? T{0} : second_distance;
      second = slot;
      second_distance = distance;
    } else if (third < 0 || distance < third_distance) {
      third = slot;
      third_distance = distance;
    }
  }
  const auto o = static_cast<std::size_t>(object);
  second_[o] = second;
  d2_[o] = second_distance;
  third_[o] = third;
  d3_[o] = third_distance;
}

// In lanes, since one sum after the other would wait for itself.
template <class T>
Sum<T> State<T>::total_deviation() const {
  constexpr std::size_t lanes = 8;
  std::array<Sum<T>, lanes> sums{};
  const std::size_t n = d1_.size(), whole = n / lanes * lanes;
  const auto term = [&](std::size_t o) {
    const auto distance = static_cast<Sum<T>>(d1_[o]);
    return problem_->weights.empty() ? distance : problem_->weights[o] * distance;
  };
  for (std::size_t start = 0; start < whole; start += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += term(start + lane);
  }
  for (std::size_t o = whole; o < n; ++o) sums[o - whole] += term(o);
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

template <class T>
StateView<T> State<T>::view() const {
  return {problem_->n, near_.data(), d1_.data(), d2_.data(),
          problem_->weights.empty() ? nullptr : problem_->weights.data()};
}

template <class T>
void State<T>::change_removal_loss(Index object, int sign) {
  const auto o = static_cast<std::size_t>(object);
  if (second_[o] < 0) return;  // the only medoid cannot be removed
  const Sum<T> loss = static_cast<Sum<T>>(d2_[o]) - static_cast<Sum<T>>(d1_[o]);
  removal_loss_[static_cast<std::size_t>(near_[o])] +=
      static_cast<Sum<T>>(sign) * problem_->weight(object) * loss;
}

template <class T>
void State<T>::recompute_removal_loss() {
  removal_loss_.assign(medoids_.size(), 0);
  for (Index o = 0; o < problem_->n; ++o) change_removal_loss(o, 1);
}

template <class T>
std::int64_t State<T>::swap(int slot, Index candidate, const T* row, std::vector<Before<T>>* before) {
  slot_of_[static_cast<std::size_t>(medoids_[static_cast<std::size_t>(slot)])] = -1;
  slot_of_[static_cast<std::size_t>(candidate)] = slot;
  medoids_[static_cast<std::size_t>(slot)] = candidate;
  if (row == nullptr) row = problem_->row(candidate, buffer_);
  if (before != nullptr) before->clear();
  constexpr std::size_t block = 64;
  std::array<std::uint8_t, block> touched;
  std::int64_t changed = 0;
  const auto n = static_cast<std::size_t>(problem_->n);
  for (std::size_t start = 0; start < n; start += block) {
    const std::size_t count = std::min(block, n - start);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t o = start + i;
      touched[i] = static_cast<std::uint8_t>(
          static_cast<int>(row[o] < d2_[o]) | static_cast<int>(row[o] < d3_[o]) |
          static_cast<int>(near_[o] == slot) | static_cast<int>(second_[o] == slot) |
          static_cast<int>(third_[o] == slot));
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t o = start + i;
      const bool is_candidate = static_cast<Index>(o) == candidate;
      if (touched[i] == 0 && !is_candidate) continue;
      if (is_candidate || reached_by(o, slot, row[o])) {
        ++changed;
        update(o, slot, row[o], before);
      } else {
        update_third(o, slot, row[o]);
      }
    }
  }
  return changed;
}

template <class T>
void State<T>::update(std::size_t o, int slot, T distance, std::vector<Before<T>>* before) {
  const auto object = static_cast<Index>(o);
  if (before != nullptr) before->push_back({object, near_[o], d1_[o], d2_[o]});
  change_removal_loss(object, -1);
  if (slot_of_[o] >= 0) {
    update_medoid(object, slot, distance);
  } else {
    update_object(o, slot, distance);
  }
  change_removal_loss(object, 1);
}

// A medoid stays its own nearest, also at distance 0 from the new one.
template <class T>
void State<T>::update_medoid(Index object, int slot, T distance) {
  const auto o = static_cast<std::size_t>(object);
  if (medoids_[static_cast<std::size_t>(slot)] == object) {
    near_[o] = slot;
    d1_[o] = distance;
  }
  find_others(object, near_[o]);
}

// `slot` now has `distance`; it is, or becomes, nearest or second nearest.
template <class T>
void State<T>::update_object(std::size_t o, int slot, T distance) {
  if (near_[o] == slot) {
    if (distance < d2_[o]) {
      d1_[o] = distance;
      return;
    }
    near_[o] = second_[o];
    d1_[o] = d2_[o];
    promote_third(o, slot, distance);
    return;
  }
  const bool was_second = second_[o] == slot;
  if (!was_second && distance < d2_[o]) {
    third_[o] = second_[o];
    d3_[o] = d2_[o];
  }
  if (distance < d1_[o]) {
    second_[o] = near_[o];
    d2_[o] = d1_[o];
    near_[o] = slot;
    d1_[o] = distance;
  } else if (distance < d2_[o]) {
    second_[o] = slot;
    d2_[o] = distance;
  } else {
    promote_third(o, slot, distance);
  }
}

// The second nearest is gone: it becomes the third, or `slot` at `distance`.
template <class T>
void State<T>::promote_third(std::size_t o, int slot, T distance) {
  if (third_[o] < 0) {
    find_others(static_cast<Index>(o), near_[o]);
  } else if (distance < d3_[o]) {
    second_[o] = slot;
    d2_[o] = distance;
  } else {
    second_[o] = third_[o];
    d2_[o] = d3_[o];
    third_[o] = -1;
    d3_[o] = 0;
  }
}

// `slot` now has `distance`, not below that of the second nearest.
template <class T>
void State<T>::update_third(std::size_t o, int slot, T distance) {
  if (slot_of_[o] >= 0) {  // a medoid's own distance does not compete
    third_[o] = -1;
    d3_[o] = 0;
  } else if (third_[o] >= 0 && distance <= d3_[o]) {
    third_[o] = slot;
    d3_[o] = distance;
  } else if (third_[o] == slot) {
    third_[o] = -1;
    d3_[o] = 0;
  }
}

#define XCHG_INSTANTIATE(T) template class State<T>;
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
