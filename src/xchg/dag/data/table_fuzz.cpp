// Any bytes, read with any options, either are refused with an InputError or are observations: as many names
// and regimes as there should be, finite numbers unless missing values may stay, columns that vary; and their
// second moments, where there are some, are symmetric with positive variances.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

#include "xchg/core/error.hpp"
#include "xchg/dag/data.hpp"

namespace {

using namespace xchg;
using namespace xchg::dag;

constexpr std::size_t most_columns = 30;

void require(bool condition) {
  if (!condition) std::abort();
}

// The first two bytes choose the options.
ReadOptions options_from(unsigned choice) {
  static const char* transforms[] = {"log(x+10)", "sqrt", "rank", "a=asinh(x-2)"};
  ReadOptions options;
  options.missing = static_cast<Missing>(choice % 4);
  options.drop_constant = (choice & 4) != 0;
  options.two_valued_text = (choice & 8) != 0;
  if ((choice & 16) != 0) options.where = {{"k", "x"}};
  if ((choice & 32) != 0) options.ignore = {"k"};
  if ((choice & 64) != 0) options.regime = "k";
  if ((choice & 128) != 0) options.transforms.push_back(parse_transform(transforms[choice / 256 % 4]));
  return options;
}

void check(const Data& data, Missing missing) {
  require(data.names.size() == data.nodes() && data.x.values.size() == data.rows() * data.nodes());
  require(std::set(data.names.begin(), data.names.end()).size() == data.names.size());
  require(data.regime.empty() || data.regime.size() == data.rows());
  for (const int regime : data.regime) require(regime >= 0 && regime < static_cast<int>(data.regimes.size()));
  const bool may_miss = missing == Missing::Pairwise || missing == Missing::Em;
  for (const double value : data.x.values) require(std::isfinite(value) || (may_miss && std::isnan(value)));
}

void check(const Gram& gram) {
  for (std::size_t i = 0; i < gram.nodes(); ++i) {
    require(gram.s(i, i) > 0);
    for (std::size_t j = 0; j < i; ++j) require(std::isfinite(gram.s(i, j)) && gram.s(i, j) == gram.s(j, i));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  const ReadOptions options = options_from(bytes[0] + 256U * bytes[1]);
  try {
    const Data data = parse_data({reinterpret_cast<const char*>(bytes + 2), size - 2}, options);
    check(data, options.missing);
    if (data.nodes() > most_columns || options.missing == Missing::Em) return 0;
    check(gram(data, {.missing = options.missing, .threads = 1}));
  } catch (const InputError&) {
  }
  return 0;
}
