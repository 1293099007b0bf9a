// The HTML of a report.
#include <fmt/format.h>

#include "xchg/core/report.hpp"
#include "xchg/core/report_text.hpp"

namespace xchg::report {

std::string Report::html(const RendererAssets& assets) const {
  return fmt::format("<!doctype html><title>{}</title>{}", escaped(title), assets.style);
}

}  // namespace xchg::report
