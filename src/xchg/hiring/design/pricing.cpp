#include "xchg/hiring/design/pricing.hpp"

#include <algorithm>

namespace xchg::hiring {
namespace {

// rc of one agent: slices of cells that share everything but his report lie `stride` apart.
void reduced_costs_of(const Model& model, const DoubleMultipliers& multipliers, std::size_t b, std::size_t i,
                      double* rc) {
  const auto efforts = static_cast<std::size_t>(model.efforts_of(i)),
             signals = static_cast<std::size_t>(model.signals_of(i));
  const auto effort = static_cast<std::size_t>(model.efforts.digit(b, i));
  const std::size_t stride = model.signals.stride(i) * model.states, cells = model.cells();
  double honest = -1 - multipliers.budget;
  for (std::size_t other = 0; other < efforts; ++other)
    honest += multipliers.obedience[i][effort * efforts + other];
  if (model.has_outside) honest += multipliers.outside[i][effort];
  const std::span<const double> own = model.law(b);
  for (std::size_t cell = 0; cell < cells; ++cell) rc[cell] = honest * own[cell];
  for (std::size_t other = 0; other < efforts; ++other) {
    const std::span<const double> law = model.law(model.efforts.with(b, i, static_cast<int>(other)));
    for (std::size_t seen = 0; seen < signals; ++seen) {
      for (std::size_t reported = 0; reported < signals; ++reported) {
        const double w =
            multipliers.truth[i][((effort * efforts + other) * signals + seen) * signals + reported];
        if (w == 0) continue;
        for (std::size_t block = 0; block < cells; block += stride * signals) {
          const double* const from = law.data() + block + seen * stride;
          double* const to = rc + block + reported * stride;
          for (std::size_t k = 0; k < stride; ++k) to[k] -= w * from[k];
        }
      }
    }
  }
}

double gain_within_budget(const Model& model, std::vector<double>& gains) {
  std::sort(gains.begin(), gains.end(), std::greater<>());
  double left = model.sure_budget, total = 0;
  for (const double gain : gains) {
    if (gain <= 0 || left <= 0) break;
    const double amount = std::min(left, model.payment_bound);
    total += amount * gain;
    left -= amount;
  }
  return total;
}

double gains_of(const Model& model, std::size_t b, const std::vector<double>& rc, double tolerance) {
  const std::size_t cells = model.cells();
  double total = 0;
  if (model.sure_budget != unbounded) {
    std::vector<double> gains(model.agents());
    for (std::size_t cell = 0; cell < cells; ++cell) {
      for (std::size_t i = 0; i < gains.size(); ++i) gains[i] = rc[i * cells + cell];
      total += gain_within_budget(model, gains);
    }
    return total;
  }
  if (model.payment_bound != unbounded) {
    for (const double value : rc) total += std::max(0.0, value);
    return total * model.payment_bound;
  }
  const std::span<const double> own = model.law(b);
  for (std::size_t k = 0; k < rc.size(); ++k) {
    if (rc[k] > tolerance * own[k % cells] && own[k % cells] > 0) return unbounded;
  }
  return 0;
}

}  // namespace

void reduced_costs(const Model& model, const DoubleMultipliers& multipliers, std::size_t b,
                   std::vector<double>& rc) {
  rc.resize(model.agents() * model.cells());
  for (std::size_t i = 0; i < model.agents(); ++i) {
    reduced_costs_of(model, multipliers, b, i, rc.data() + i * model.cells());
  }
}

std::vector<double> profile_bounds(const Model& model, const DoubleMultipliers& multipliers,
                                   double tolerance) {
  std::vector<double> bounds(model.profiles()), rc;
  for (std::size_t b = 0; b < model.profiles(); ++b) {
    reduced_costs(model, multipliers, b, rc);
    double bound = model.value(b) + gains_of(model, b, rc, tolerance);
    for (std::size_t i = 0; i < model.agents(); ++i) {
      const int effort = model.efforts.digit(b, i);
      for (int other = 0; other < model.efforts_of(i); ++other) {
        bound -= multipliers.obedience[i][static_cast<std::size_t>(effort * model.efforts_of(i) + other)] *
                 model.required(i, effort, other);
      }
      if (model.has_outside) {
        bound -= multipliers.outside[i][static_cast<std::size_t>(effort)] * model.participation(i, effort);
      }
    }
    bounds[b] = bound + (model.expected_budget == unbounded ? 0 : multipliers.budget * model.expected_budget);
  }
  return bounds;
}

}  // namespace xchg::hiring
