// Reports: one HTML page that opens offline.
#pragma once

namespace xchg::report {

class Chapter {};

}  // namespace xchg::report
