#include "xchg/core/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace xchg {
namespace {

// The pieces of one loop, handed out in order.
class Loop {
 public:
  Loop(std::int64_t count, std::int64_t grain, const std::function<void(std::int64_t, std::int64_t)>& body)
      : count_(count), grain_(grain), body_(body) {}

  void work() {
    while (!failed_.load(std::memory_order_relaxed)) {
      const std::int64_t begin = next_.fetch_add(grain_, std::memory_order_relaxed);
      if (begin >= count_) return;
      try {
        body_(begin, std::min(begin + grain_, count_));
      } catch (...) {
        keep(begin, std::current_exception());
      }
    }
  }

  void rethrow() const {
    if (exception_) std::rethrow_exception(exception_);
  }

 private:
  void keep(std::int64_t begin, std::exception_ptr exception) {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    if (exception_ && begin > exception_begin_) return;
    exception_ = std::move(exception);
    exception_begin_ = begin;
  }

  std::int64_t count_, grain_;
  const std::function<void(std::int64_t, std::int64_t)>& body_;
  std::atomic<std::int64_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::exception_ptr exception_;
  std::int64_t exception_begin_ = 0;
};

}  // namespace

void parallel_for(int threads, std::int64_t count, std::int64_t grain,
                  const std::function<void(std::int64_t, std::int64_t)>& body) {
  grain = std::max<std::int64_t>(grain, 1);
  Loop loop(count, grain, body);
  const std::int64_t helpers = std::min<std::int64_t>(threads, (count + grain - 1) / grain) - 1;
  {
    std::vector<std::jthread> team;
    try {
      while (static_cast<std::int64_t>(team.size()) < helpers) team.emplace_back([&loop] { loop.work(); });
    } catch (const std::system_error&) {
      // The system gives no more threads: those that there are do the work.
    }
    loop.work();
  }
  loop.rethrow();
}

}  // namespace xchg
