#include <cstdint>

#include "xchg/core/error.hpp"
#include "xchg/hiring/estimate.hpp"

// Panels and labels: what is accepted gives an instance whose law sums to 1, or a clear refusal.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    const auto panel = xchg::hiring::parse_panel(text, "fuzz");
    xchg::hiring::EstimateOptions options;
    options.independent = true;
    for (const auto& report : panel.reports) options.costs.items.push_back({report.agent, report.effort, 1});
    xchg::hiring::check(xchg::hiring::estimate(panel, options));
  } catch (const xchg::InputError&) {
  }
  try {
    xchg::hiring::EstimateOptions options;
    options.costs.per_label = 1;
    xchg::hiring::check(
        xchg::hiring::estimate_pools(xchg::hiring::parse_labels(text, "fuzz"), 1, {0, 1}, options));
  } catch (const xchg::InputError&) {
  }
  return 0;
}
