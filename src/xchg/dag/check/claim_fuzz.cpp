// Any bytes either are refused with an error or are a claim whose parts fit together; and whatever is claimed
// of three variables, the check ends, and accepts no graph with a cycle.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "xchg/core/error.hpp"
#include "xchg/dag/verify.hpp"

namespace {

using namespace xchg;

void require(bool condition) {
  if (!condition) std::abort();
}

dag::Gram moments(const std::vector<std::string>& names) {
  dag::Gram gram;
  gram.s = dag::Matrix(3, 3);
  gram.s.values = {1, 0.5, 0.25, 0.5, 2, -0.5, 0.25, -0.5, 3};
  gram.n = 100;
  gram.mean.assign(3, 0);
  gram.names = names;
  return gram;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const dag::Claim claim =
        dag::parse_claim(std::string_view(reinterpret_cast<const char*>(data), size), "result.json");
    const std::size_t d = claim.names.size();
    require(d > 0 && claim.w.rows == d && claim.w.columns == d);
    for (const int node : claim.order) require(node >= 0 && static_cast<std::size_t>(node) < d);
    for (const double weight : claim.w.values) require(std::isfinite(weight));
    if (d != 3) return 0;
    const dag::Verdict verdict = dag::verify(moments(claim.names), claim);
    require(verdict.ok == verdict.findings.empty());
    if (claim.w(0, 1) != 0 && claim.w(1, 0) != 0) require(!verdict.ok);
  } catch (const InputError&) {
  }
  return 0;
}
