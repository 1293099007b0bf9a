#include "xchg/core/python/call.hpp"

namespace xchg::python {
namespace {

constexpr auto poll_interval = std::chrono::milliseconds(50);

}  // namespace

PythonProgress::PythonProgress(py::object callback)
    : callback_(std::move(callback)),
      caller_(std::this_thread::get_id()),
      asked_(std::chrono::steady_clock::now()) {
  if (!callback_.is_none() && PyCallable_Check(callback_.ptr()) == 0) {
    throw InputError("progress cannot be called", {}, "a function of (done, total, stage), or None");
  }
}

void PythonProgress::begin(std::string_view stage, double total, std::string_view) {
  stage_ = stage;
  total_ = total;
  done_ = 0;
  poll(true);
}

void PythonProgress::update(double done) {
  done_ = done;
  poll(false);
}

bool PythonProgress::cancelled() const {
  poll(false);
  return stop_;
}

void PythonProgress::raise_pending() {
  if (pending_) std::rethrow_exception(std::exchange(pending_, nullptr));
}

void PythonProgress::poll(bool at_once) const {
  if (stop_ || std::this_thread::get_id() != caller_) return;
  const auto now = std::chrono::steady_clock::now();
  if (!at_once && now - asked_ < poll_interval) return;
  asked_ = now;
  const py::gil_scoped_acquire lock;
  try {
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    if (callback_.is_none()) return;
    const py::object answer = callback_(done_, total_, stage_);
    if (answer.is(py::bool_(false))) stop_ = true;
  } catch (...) {
    pending_ = std::current_exception();
    stop_ = true;
  }
}

}  // namespace xchg::python
