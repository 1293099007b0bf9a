// Any bytes, read as any kind of input, either are refused with an error or are dissimilarities: finite, not
// negative, 0 from an object to itself, and symmetric where they say so.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "xchg/core/error.hpp"
#include "xchg/core/npy.hpp"
#include "xchg/kmedoids/input_parts.hpp"

namespace {

using namespace xchg;
using namespace xchg::kmedoids;

constexpr Index most_objects = 40;
constexpr double tolerance = 1e-6;

void require(bool condition) {
  if (!condition) std::abort();
}

// The first byte chooses the options.
InputOptions options_from(std::uint8_t choice) {
  InputOptions options;
  options.orientation = static_cast<Orientation>(choice % 3);
  options.precomputed = choice / 3 % 2 == 1;
  options.infinite_penalty = choice / 6 % 2 == 1;
  options.zero_diagonal = choice / 12 % 2 == 1;
  options.packed = choice / 24 % 4 == 3;
  if (choice / 96 == 1) options.metric = Metric::Gower;
  options.matrix = choice / 96 == 2 ? Matrix::Never : Matrix::Always;
  options.threads = 1;
  options.memory_budget_bytes = 1 << 20;
  return options;
}

Input read(std::string_view text, const InputOptions& options) {
  if (is_array(text)) {
    const npy::Array array = npy::parse(std::as_bytes(std::span(text)), "input");
    return options.precomputed ? read_matrix_array(array, "input", options)
                               : read_raw_array(array, "input", options);
  }
  if (!options.precomputed && is_word_list(text)) return read_string_list(text, "input", options);
  return options.precomputed ? read_matrix_table(text, "input", options)
                             : read_raw_table(text, "input", options);
}

void check(const Dissimilarity& data) {
  if (data.size() > most_objects) return;
  for (Index a = 0; a < data.size(); ++a) {
    require(data.at(a, a) == 0);
    for (Index b = 0; b < data.size(); ++b) {
      const double there = data.at(a, b), back = data.at(b, a);
      require(there >= 0 && std::isfinite(there));
      if (data.symmetric()) require(std::abs(there - back) <= tolerance * std::max(there, back));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  try {
    check(read({reinterpret_cast<const char*>(data + 1), size - 1}, options_from(data[0])).data);
  } catch (const InputError&) {
  } catch (const LimitError&) {
  } catch (const NumericError&) {
  }
  return 0;
}
