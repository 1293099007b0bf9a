#include "xchg/kmedoids/silhouette_state.hpp"

#include <algorithm>
#include <utility>

namespace xchg::kmedoids {

// Behind all that are not farther; a medoid comes first in its own list, also among others at distance 0.
template <class T>
void SilhouetteState<T>::Nearest::insert(Place place, bool first) {
  int at = 0;
  while (!first && at < count && places[static_cast<std::size_t>(at)].distance <= place.distance) ++at;
  count = std::min(count + 1, 3);
  for (int i = count - 1; i > at; --i)
    places[static_cast<std::size_t>(i)] = places[static_cast<std::size_t>(i - 1)];
  if (at < count) places[static_cast<std::size_t>(at)] = place;
}

template <class T>
SilhouetteState<T>::SilhouetteState(const Problem<T>& problem, std::span<const double> weights,
                                    std::vector<Index> medoids)
    : problem_(&problem), medoids_(std::move(medoids)) {
  const auto n = static_cast<std::size_t>(problem.n);
  objects_.resize(n);
  d1_.resize(n);
  d2_.resize(n);
  d3_.resize(n);
  for (std::size_t o = 0; o < weights.size(); ++o) objects_[o].weight = weights[o];
  std::vector<Nearest> nearest(n);
  for (std::size_t slot = 0; slot < medoids_.size(); ++slot) {  // row by row, since a row may have to be made
    objects_[static_cast<std::size_t>(medoids_[slot])].slot_of_self = static_cast<std::int32_t>(slot);
    const T* row = problem.row(medoids_[slot], buffer_);
    for (std::size_t o = 0; o < n; ++o) {
      nearest[o].insert({static_cast<std::int32_t>(slot), row[o]}, static_cast<Index>(o) == medoids_[slot]);
    }
  }
  for (std::size_t o = 0; o < n; ++o) store(o, nearest[o]);
  for (const SilhouetteObject& object : objects_) total_weight_ += object.weight;
  sum();
}

template <class T>
auto SilhouetteState<T>::nearest_of(std::size_t o) const -> Nearest {
  const SilhouetteObject& object = objects_[o];
  return {{Place{object.near, d1_[o]}, Place{object.second, d2_[o]}, Place{object.third, d3_[o]}},
          object.third < 0 ? 2 : 3};
}

template <class T>
void SilhouetteState<T>::assign(std::size_t o) {
  Nearest nearest;
  for (std::size_t slot = 0; slot < medoids_.size(); ++slot) {
    nearest.insert({static_cast<std::int32_t>(slot), problem_->at(static_cast<Index>(o), medoids_[slot])},
                   static_cast<Index>(o) == medoids_[slot]);
  }
  store(o, nearest);
}

template <class T>
void SilhouetteState<T>::store(std::size_t o, const Nearest& nearest) {
  const auto& [first, second, third] = nearest.places;
  const bool has_third = nearest.count == 3;
  d1_[o] = first.distance;
  d2_[o] = second.distance;
  d3_[o] = has_third ? third.distance : std::numeric_limits<T>::max();
  SilhouetteObject& object = objects_[o];
  object.near = first.slot;
  object.second = second.slot;
  object.third = has_third ? third.slot : -1;
  object.d1 = static_cast<double>(first.distance);
  object.d2 = static_cast<double>(second.distance);
  const double d3 = d3_or_infinity(static_cast<Index>(o));
  object.loss = silhouette_loss(object.d1, object.d2);
  object.near_removed = silhouette_loss(object.d2, d3) - object.loss;
  object.second_removed = silhouette_loss(object.d1, d3) - object.loss;
}

template <class T>
void SilhouetteState<T>::sum() {
  loss_ = 0;
  total_deviation_ = 0;
  removal_loss_.assign(medoids_.size(), 0.0);
  for (const SilhouetteObject& object : objects_) {
    loss_ += object.weight * object.loss;
    total_deviation_ += object.weight * object.d1;
    removal_loss_[static_cast<std::size_t>(object.near)] += object.weight * object.near_removed;
    removal_loss_[static_cast<std::size_t>(object.second)] += object.weight * object.second_removed;
  }
}

template <class T>
std::int64_t SilhouetteState<T>::swap(int slot, Index candidate) {
  objects_[static_cast<std::size_t>(medoids_[static_cast<std::size_t>(slot)])].slot_of_self = -1;
  objects_[static_cast<std::size_t>(candidate)].slot_of_self = slot;
  medoids_[static_cast<std::size_t>(slot)] = candidate;
  const T* row = problem_->row(candidate, buffer_);
  std::int64_t changed = 0;
  for (std::size_t o = 0; o < objects_.size(); ++o) {
    const SilhouetteObject& object = objects_[o];
    const bool had_slot = object.near == slot || object.second == slot || object.third == slot;
    const bool itself = static_cast<Index>(o) == candidate;
    if (!had_slot && !itself && row[o] >= d3_[o]) continue;
    ++changed;
    if (had_slot && k() > 3 && row[o] > d3_[o]) {  // a fourth medoid may come in
      assign(o);
      continue;
    }
    Nearest before = nearest_of(o), after;
    for (int i = 0; i < before.count; ++i) {
      const Place place = before.places[static_cast<std::size_t>(i)];
      if (place.slot != slot) after.insert(place, false);
    }
    after.insert({slot, row[o]}, itself);
    store(o, after);
  }
  sum();
  return changed;
}

#define XCHG_INSTANTIATE(T) template class SilhouetteState<T>;
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
