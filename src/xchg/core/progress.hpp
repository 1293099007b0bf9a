// Progress of long calls, and their cancellation.
#pragma once

#include <string_view>

namespace xchg {

// A long call tells its Progress what it does and asks it now and then whether to stop. All functions may be
// called from the thread that made the call; cancelled() also from every thread that works for it. Cheap:
// update() may be called thousands of times a second.
class Progress {
 public:
  virtual ~Progress() = default;

  // A new stage begins: `total` units of `unit` are to be done (0: unknown).
  virtual void begin(std::string_view /*stage*/, double /*total*/, std::string_view /*unit*/) {}
  // So many units of the stage are done.
  virtual void update(double /*done*/) {}
  // A short remark that replaces the last one, such as "total deviation 98.13".
  virtual void note(std::string_view /*text*/) {}
  // True once the caller wants to stop. The callee then returns the best valid result it has, marked as not
  // converged, or throws CancelledError when it has none.
  virtual bool cancelled() const { return false; }

  // A Progress that shows nothing and never cancels.
  static Progress& none();
};

}  // namespace xchg
