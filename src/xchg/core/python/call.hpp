// How a binding calls its engine: without the GIL, with progress, stopped by Ctrl-C.
#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "xchg/core/error.hpp"
#include "xchg/core/progress.hpp"

namespace xchg::python {

namespace py = pybind11;

// Tells a Python function how far the work is, and stops the work when a signal handler of Python raises
// (Ctrl-C), when the function raises, or when it returns False. Python is asked at most every 50 ms, and only
// from the thread that made the call; so the work ends within about 0.1 s.
class PythonProgress final : public Progress {
 public:
  // `callback` is None or called as callback(done, total, stage); total is 0 where it is not known.
  explicit PythonProgress(py::object callback);
  PythonProgress(const PythonProgress&) = delete;
  PythonProgress& operator=(const PythonProgress&) = delete;
  ~PythonProgress() override = default;

  void begin(std::string_view stage, double total, std::string_view unit) override;
  void update(double done) override;
  bool cancelled() const override;

  // Raises in Python what a signal handler or the callback raised meanwhile. With the GIL.
  void raise_pending();

 private:
  // Asks Python, if this is the caller's thread and the last time was long enough ago.
  void poll(bool at_once) const;

  py::object callback_;
  std::thread::id caller_;
  std::string stage_;
  double total_ = 0, done_ = 0;
  mutable std::chrono::steady_clock::time_point asked_;
  mutable std::atomic<bool> stop_ = false;
  mutable std::exception_ptr pending_;
};

// function(progress) with the GIL released. What Python raised meanwhile (KeyboardInterrupt) comes before the
// result and before the engine's CancelledError.
template <class Function>
auto call_engine(const py::object& callback, Function&& function) {
  PythonProgress progress(callback);
  try {
    auto result = [&] {
      const py::gil_scoped_release without_lock;
      return std::forward<Function>(function)(static_cast<Progress&>(progress));
    }();
    progress.raise_pending();
    return result;
  } catch (const CancelledError&) {
    progress.raise_pending();
    throw;
  }
}

}  // namespace xchg::python
