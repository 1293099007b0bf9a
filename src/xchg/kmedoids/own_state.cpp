#include "xchg/kmedoids/own_state.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "xchg/core/parallel.hpp"

namespace xchg::kmedoids {
namespace {

// Second distance where there is no second medoid (k = 1).
template <class T>
constexpr T no_second = std::numeric_limits<T>::max();

}  // namespace

template <class T>
OwnState<T>::OwnState(const Problem<T>& problem, std::vector<Index> medoids, Index begin, Index end,
                      int threads)
    : problem_(&problem), medoids_(std::move(medoids)), begin_(begin), end_(end) {
  const auto count = static_cast<std::size_t>(size());
  slots_.assign(count, -1);
  near_.assign(count, 0);
  second_.assign(count, -1);
  d1_.assign(count, no_second<T>);
  d2_.assign(count, no_second<T>);
  parallel_for(threads, size(), piece_size(k()), [&](Index from, Index to) { assign_rows(from, to); });
  for (int slot = 0; slot < k(); ++slot) {
    const Index medoid = medoids_[static_cast<std::size_t>(slot)];
    if (medoid >= begin_ && medoid < end_) slots_[static_cast<std::size_t>(medoid - begin_)] = slot;
  }
  for (std::size_t at = 0; at < count; ++at) {
    if (slots_[at] >= 0) assign(at);
  }
}

// Row by row, since a row may have to be made. Places are counted from the begin of the range.
template <class T>
void OwnState<T>::assign_rows(Index from, Index to) {
  std::vector<T> buffer;
  for (std::int32_t slot = 0; slot < k(); ++slot) {
    const Index medoid = medoids_[static_cast<std::size_t>(slot)];
    const T* row = nullptr;
    if (problem_->rows.dense != nullptr) {
      row = problem_->rows.dense + medoid * problem_->n + begin_ + from;
    } else {
      buffer.resize(static_cast<std::size_t>(to - from));
      problem_->rows.maker->fill(medoid, begin_ + from, begin_ + to, buffer.data());
      row = buffer.data();
    }
    for (auto at = static_cast<std::size_t>(from); at < static_cast<std::size_t>(to); ++at) {
      const T distance = row[at - static_cast<std::size_t>(from)];
      if (slot == 0 || distance < d1_[at]) {
        second_[at] = slot == 0 ? -1 : near_[at];
        d2_[at] = d1_[at];
        near_[at] = slot;
        d1_[at] = distance;
      } else if (second_[at] < 0 || distance < d2_[at]) {
        second_[at] = slot;
        d2_[at] = distance;
      }
    }
  }
}

template <class T>
void OwnState<T>::assign(std::size_t at) {
  const Index object = begin_ + static_cast<Index>(at);
  std::int32_t nearest = slots_[at], second = -1;
  T nearest_distance = 0, second_distance = no_second<T>;
  if (nearest >= 0) nearest_distance = problem_->at(object, object);
  for (std::int32_t slot = 0; slot < k(); ++slot) {
    if (slot == slots_[at]) continue;
    const T distance = problem_->at(object, medoids_[static_cast<std::size_t>(slot)]);
    if (nearest < 0 || (slots_[at] < 0 && distance < nearest_distance)) {
      second = nearest;
      second_distance = nearest < 0 ? no_second<T> : nearest_distance;
      nearest = slot;
      nearest_distance = distance;
    } else if (second < 0 || distance < second_distance) {
      second = slot;
      second_distance = distance;
    }
  }
  near_[at] = nearest;
  d1_[at] = nearest_distance;
  second_[at] = second;
  d2_[at] = second_distance;
}

template <class T>
bool OwnState<T>::is_medoid(Index object) const {
  return std::find(medoids_.begin(), medoids_.end(), object) != medoids_.end();
}

template <class T>
StateView<T> OwnState<T>::view(Index from, Index to) const {
  const auto at = static_cast<std::size_t>(from - begin_);
  return {to - from, near_.data() + at, d1_.data() + at, d2_.data() + at,
          problem_->weights.empty() ? nullptr : problem_->weights.data() + from};
}

template <class T>
Sum<T> OwnState<T>::total_deviation(Index from, Index to) const {
  Sum<T> sum = 0;
  for (Index o = from; o < to; ++o)
    sum += problem_->weight(o) * static_cast<Sum<T>>(d1_[static_cast<std::size_t>(o - begin_)]);
  return sum;
}

template <class T>
std::vector<Sum<T>> OwnState<T>::removal_loss(Index from, Index to) const {
  std::vector<Sum<T>> losses(medoids_.size(), 0);
  for (Index o = from; o < to; ++o) {
    const auto at = static_cast<std::size_t>(o - begin_);
    const Sum<T> loss = static_cast<Sum<T>>(d2_[at]) - static_cast<Sum<T>>(d1_[at]);
    losses[static_cast<std::size_t>(near_[at])] += problem_->weight(o) * loss;
  }
  return losses;
}

template <class T>
const T* OwnState<T>::row(Index candidate, std::vector<T>& buffer) const {
  if (problem_->rows.dense != nullptr) return problem_->rows.dense + candidate * problem_->n + begin_;
  buffer.resize(static_cast<std::size_t>(size()));
  problem_->rows.maker->fill(candidate, begin_, end_, buffer.data());
  return buffer.data();
}

template <class T>
std::int64_t OwnState<T>::swap(int slot, Index candidate) {
  Index& medoid = medoids_[static_cast<std::size_t>(slot)];
  if (medoid >= begin_ && medoid < end_) slots_[static_cast<std::size_t>(medoid - begin_)] = -1;
  if (candidate >= begin_ && candidate < end_) slots_[static_cast<std::size_t>(candidate - begin_)] = slot;
  medoid = candidate;
  const T* row = this->row(candidate, buffer_);
  std::int64_t changed = 0;
  for (std::size_t at = 0; at < near_.size(); ++at) changed += replace(at, slot, row[at]) ? 1 : 0;
  return changed;
}

// `slot` has a new medoid at `distance`. Whether that changes the nearest or second nearest of the object.
template <class T>
bool OwnState<T>::replace(std::size_t at, int slot, T distance) {
  const bool was_near = near_[at] == slot, was_second = second_[at] == slot;
  if (!was_near && !was_second && slots_[at] != slot && !(distance < d2_[at])) return false;
  if (slots_[at] >= 0) {
    assign(at);
  } else if (was_near && distance < d2_[at]) {
    d1_[at] = distance;
  } else if (was_near || (was_second && distance > d2_[at])) {
    assign(at);
  } else if (distance < d1_[at]) {
    second_[at] = near_[at];
    d2_[at] = d1_[at];
    near_[at] = slot;
    d1_[at] = distance;
  } else {
    second_[at] = slot;
    d2_[at] = distance;
  }
  return true;
}

#define XCHG_INSTANTIATE(T) template class OwnState<T>;
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
