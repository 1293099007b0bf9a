#include "xchg/dag/data/moments.hpp"

#include <algorithm>
#include <cmath>

#include "xchg/core/parallel.hpp"
#include "xchg/dag/data/moments_kernel.hpp"

namespace xchg::dag {
namespace {

AddMoments kernel_for([[maybe_unused]] Isa isa) {
#if defined(__x86_64__)
  if (isa == Isa::Avx512) return add_moments_avx512;
  if (isa == Isa::Avx2) return add_moments_avx2;
#endif
  return add_moments_scalar;
}

// Rows of a chunk: at most 4 MiB of them.
std::int64_t chunk_rows(std::int64_t columns) {
  constexpr std::int64_t most_values = std::int64_t{1} << 19;
  return std::clamp<std::int64_t>(most_values / columns / 64 * 64, 64, 1024);
}

// How many chunks are worked on at once: where products are few, several a thread.
std::size_t slot_count(int threads, std::size_t products) {
  const std::size_t each =
      threads == 1 ? 1 : std::clamp<std::size_t>((std::size_t{1} << 16) / products, 1, 16);
  return static_cast<std::size_t>(threads) * each;
}

// sum + carry is as if added with twice the digits (Knuth's TwoSum).
void add_compensated(std::vector<double>& sum, std::vector<double>& carry, const std::vector<double>& value) {
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const double next = sum[i] + value[i];
    const double added = next - sum[i];
    carry[i] += (sum[i] - (next - added)) + (value[i] - added);
    sum[i] = next;
  }
}

}  // namespace

MomentSum::MomentSum(std::size_t columns, bool center, int threads, Isa isa)
    : columns_(static_cast<std::int64_t>(columns)),
      panels_((columns_ + panel_width - 1) / panel_width),
      chunk_(chunk_rows(columns_)),
      center_(center),
      threads_(threads),
      isa_(resolve_isa(isa)),
      shift_(static_cast<std::size_t>(panels_ * panel_width), 0.0),
      scale_(shift_.size(), 1.0),
      has_scale_(shift_.size()),
      products_(static_cast<std::size_t>(block_of(panels_, panels_)), 0.0),
      product_carries_(products_.size(), 0.0),
      sums_(shift_.size(), 0.0),
      sum_carries_(shift_.size(), 0.0) {
  slots_.resize(slot_count(threads_, products_.size()));
}

void MomentSum::add(std::span<const double> x) {
  const auto chunk_values = static_cast<std::size_t>(chunk_ * columns_);
  if (!rest_.empty()) {
    const std::size_t taken = std::min(chunk_values - rest_.size(), x.size());
    rest_.insert(rest_.end(), x.begin(), x.begin() + static_cast<std::ptrdiff_t>(taken));
    x = x.subspan(taken);
    if (rest_.size() < chunk_values) return;
    add_chunks(rest_.data(), chunk_);
    rest_.clear();
  }
  const std::size_t whole = x.size() / chunk_values * chunk_values;
  add_chunks(x.data(), static_cast<std::int64_t>(whole) / columns_);
  rest_.assign(x.begin() + static_cast<std::ptrdiff_t>(whole), x.end());
}

// The mean of the first chunk, found such that it is exact for equal values. Deviations from it are added up:
// their mean is near 0, and little is lost when its square is taken off in the end.
void MomentSum::choose_center(const double* x, std::int64_t rows) {
  for (std::int64_t j = 0; j < columns_; ++j) {
    double sum = 0;
    for (std::int64_t r = 1; r < rows; ++r) sum += x[r * columns_ + j] - x[j];
    shift_[static_cast<std::size_t>(j)] = x[j] + sum / static_cast<double>(rows);
  }
}

// Powers of two that bring the first deviations of a column that are not 0 near 1, so that no square
// overflows or vanishes; exact.
void MomentSum::choose_scales(const double* x, std::int64_t rows) {
  for (std::int64_t j = 0; j < columns_; ++j) {
    const auto at = static_cast<std::size_t>(j);
    if (has_scale_[at] != 0) continue;
    double largest = 0;
    for (std::int64_t r = 0; r < rows; ++r)
      largest = std::max(largest, std::abs(x[r * columns_ + j] - shift_[at]));
    if (largest == 0) continue;
    has_scale_[at] = 1;
    scale_[at] = std::ldexp(1.0, std::clamp(-std::ilogb(largest), -1000, 1000));
  }
}

void MomentSum::multiply(Slot& slot, const double* x, std::int64_t rows) const {
  slot.packed.resize(static_cast<std::size_t>(panels_ * panel_width * chunk_));
  slot.products.resize(products_.size());
  slot.sums.resize(sums_.size());
  kernel_for(isa_)({x, rows, columns_, panels_, chunk_, shift_.data(), scale_.data(), slot.packed.data(),
                    slot.sums.data(), slot.products.data()});
}

void MomentSum::fold(const Slot& slot) {
  add_compensated(products_, product_carries_, slot.products);
  add_compensated(sums_, sum_carries_, slot.sums);
}

void MomentSum::add_chunks(const double* x, std::int64_t rows) {
  if (rows == 0) return;
  if (rows_ == 0 && center_) choose_center(x, std::min(rows, chunk_));
  rows_ += rows;
  const std::int64_t wave = static_cast<std::int64_t>(slots_.size()) * chunk_;
  for (std::int64_t from = 0; from < rows; from += wave) {
    const std::int64_t end = std::min(rows, from + wave);
    for (std::int64_t r = from; r < end; r += chunk_)
      choose_scales(x + r * columns_, std::min(chunk_, end - r));
    const std::int64_t chunks = (end - from + chunk_ - 1) / chunk_;
    parallel_for(threads_, chunks, 1, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t c = first; c < last; ++c) {
        const std::int64_t begin = from + c * chunk_;
        multiply(slots_[static_cast<std::size_t>(c)], x + begin * columns_, std::min(chunk_, end - begin));
      }
    });
    for (std::int64_t c = 0; c < chunks; ++c) fold(slots_[static_cast<std::size_t>(c)]);
  }
}

Gram::Part MomentSum::moments() {
  add_chunks(rest_.data(), static_cast<std::int64_t>(rest_.size()) / columns_);
  slots_.clear();
  for (std::size_t i = 0; i < products_.size(); ++i) products_[i] += product_carries_[i];
  product_carries_ = {};
  const auto n = static_cast<double>(rows_);
  const auto d = static_cast<std::size_t>(columns_);
  Gram::Part part{Matrix(d, d), rows_, std::vector<double>(d, 0.0)};
  std::vector<double> drift(d);  // of the means from the shift, scaled
  std::vector<int> exponent(d);
  for (std::size_t i = 0; i < d; ++i) {
    drift[i] = center_ ? (sums_[i] + sum_carries_[i]) / n : 0;
    exponent[i] = -std::ilogb(scale_[i]);
    if (center_) part.mean[i] = shift_[i] + drift[i] / scale_[i];
  }
  for (std::int64_t i = 0; i < columns_; ++i) {
    for (std::int64_t j = i; j < columns_; ++j) {
      const std::int64_t p = i / panel_width, q = j / panel_width;
      const std::int64_t at =
          block_of(p, panels_) + (q - p) * block_size + i % panel_width * panel_width + j % panel_width;
      const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
      const double scaled = products_[static_cast<std::size_t>(at)] / n - drift[a] * drift[b];
      part.s(a, b) = part.s(b, a) = std::ldexp(scaled, exponent[a] + exponent[b]);
    }
  }
  return part;
}

Gram::Part moments(std::span<const double> x, std::int64_t rows, std::size_t columns, bool center,
                   int threads, Isa isa) {
  MomentSum sum(columns, center, threads, isa);
  sum.add(x.subspan(0, static_cast<std::size_t>(rows) * columns));
  return sum.moments();
}

}  // namespace xchg::dag
