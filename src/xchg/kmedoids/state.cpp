#include "xchg/kmedoids/state.hpp"

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
  find_second(object, nearest_slot);
}

template <class T>
void State<T>::find_second(Index object, int nearest_slot) {
  std::int32_t best = -1;
  T best_distance = no_second<T>;
  for (std::int32_t slot = 0; slot < k(); ++slot) {
    if (slot == nearest_slot) continue;
    const T distance = problem_->at(object, medoids_[static_cast<std::size_t>(slot)]);
    if (best < 0 || distance < best_distance) {
      best = slot;
      best_distance = distance;
    }
  }
  second_[static_cast<std::size_t>(object)] = best;
  d2_[static_cast<std::size_t>(object)] = best_distance;
}

template <class T>
Sum<T> State<T>::total_deviation() const {
  Sum<T> sum = 0;
  for (Index o = 0; o < problem_->n; ++o)
    sum += problem_->weight(o) * static_cast<Sum<T>>(d1_[static_cast<std::size_t>(o)]);
  return sum;
}

template <class T>
StateView<T> State<T>::view() const {
  return {problem_->n, near_.data(), d1_.data(), d2_.data(),
          problem_->weights.empty() ? nullptr : problem_->weights.data()};
}

template <class T>
void State<T>::change_removal_loss(Index object, int sign) {
  const auto o = static_cast<std::size_t>(object);
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
std::int64_t State<T>::swap(int slot, Index candidate) {
  slot_of_[static_cast<std::size_t>(medoids_[static_cast<std::size_t>(slot)])] = -1;
  slot_of_[static_cast<std::size_t>(candidate)] = slot;
  medoids_[static_cast<std::size_t>(slot)] = candidate;
  const T* row = problem_->row(candidate, buffer_);
  std::int64_t changed = 0;
  for (Index object = 0; object < problem_->n; ++object) {
    const auto o = static_cast<std::size_t>(object);
    const T distance = row[object];
    const bool was_near = near_[o] == slot, was_second = second_[o] == slot;
    if (distance >= d2_[o] && !was_near && !was_second && object != candidate) continue;
    ++changed;
    change_removal_loss(object, -1);
    if (object == candidate) {
      if (!was_near) {
        second_[o] = near_[o];
        d2_[o] = d1_[o];
      }
      near_[o] = slot;
      d1_[o] = distance;
    } else if (slot_of_[o] >=
               0) {  // another medoid stays its own nearest, also at distance 0 from the new one
      if (was_second || distance < d2_[o]) find_second(object, near_[o]);
    } else if (was_near && distance < d2_[o]) {
      d1_[o] = distance;
    } else if (was_near) {
      assign(object);
    } else if (distance < d1_[o]) {
      second_[o] = near_[o];
      d2_[o] = d1_[o];
      near_[o] = slot;
      d1_[o] = distance;
    } else if (distance < d2_[o]) {
      second_[o] = slot;
      d2_[o] = distance;
    } else {
      find_second(object, near_[o]);
    }
    change_removal_loss(object, 1);
  }
  return changed;
}

#define XCHG_INSTANTIATE(T) template class State<T>;
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
