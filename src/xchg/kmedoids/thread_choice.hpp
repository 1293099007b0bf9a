// Whether several threads are worth their while, by trying.
#pragma once

#include <algorithm>

namespace xchg::kmedoids {

// Fed with how fast pieces of work were done by one and by several threads; says whether the next piece
// should be done by several. After a try that did not pay it waits, each time twice as long.
class ThreadChoice {
 public:
  // Whether to try several threads now. False until one thread has been measured.
  bool several() const { return one_ > 0 && wait_ <= 0; }

  void measured_one(double items, double seconds) {
    wait_ -= seconds;
    if (seconds > 0) one_ = one_ > 0 ? 0.8 * one_ + 0.2 * items / seconds : items / seconds;
  }

  void measured_several(double items, double seconds) {
    constexpr double worthwhile = 1.15;
    if (items >= worthwhile * one_ * seconds) {
      next_wait_ = first_wait;
      return;
    }
    wait_ = std::max(next_wait_, 20 * seconds);
    next_wait_ = 2 * wait_;
  }

 private:
  static constexpr double first_wait = 0.05;  // seconds

  double one_ = 0;  // items a second
  double wait_ = 0, next_wait_ = first_wait;
};

}  // namespace xchg::kmedoids
