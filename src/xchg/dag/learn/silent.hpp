// Internal: the progress of work on other threads than the caller's.
#pragma once

#include <chrono>
#include <limits>

#include "xchg/core/progress.hpp"

namespace xchg::dag {

// Cancels with another, or after a time; shows nothing.
class Silent final : public Progress {
 public:
  explicit Silent(const Progress& outer, double seconds = std::numeric_limits<double>::infinity())
      : outer_(outer), seconds_(seconds), began_(Clock::now()) {}
  bool cancelled() const override {
    return outer_.cancelled() || std::chrono::duration<double>(Clock::now() - began_).count() > seconds_;
  }

 private:
  using Clock = std::chrono::steady_clock;
  const Progress& outer_;
  double seconds_;
  Clock::time_point began_;
};

}  // namespace xchg::dag
