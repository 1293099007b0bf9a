#include "xchg/core/progress.hpp"

namespace xchg {

Progress& Progress::none() {
  static Progress silent;
  return silent;
}

}  // namespace xchg
