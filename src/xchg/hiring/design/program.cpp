#include "xchg/hiring/design/program.hpp"

#include <algorithm>
#include <numeric>

namespace xchg::hiring {

Program::Program(const Model& model, const ProgramOptions& options)
    : model_(model), profiles_(options.profiles) {
  if (profiles_.empty()) {
    profiles_.resize(model.profiles());
    std::iota(profiles_.begin(), profiles_.end(), std::size_t{0});
  }
  add_rows(options);
  list_payments();
  add_profile_columns();
  add_payment_columns(options.double_deviations);
  add_misreport_columns();
}

void Program::add_rows(const ProgramOptions& options) {
  mass_row_ = lp_.add_row(1, 1);
  for (std::size_t i = 0; i < model_.agents(); ++i) {
    rows_.emplace_back(static_cast<std::size_t>(model_.efforts_of(i)),
                       Rows(model_.efforts_of(i), model_.signals_of(i)));
  }
  for (const std::size_t b : profiles_) {
    for (std::size_t i = 0; i < model_.agents(); ++i) {
      rows_[i][static_cast<std::size_t>(model_.efforts.digit(b, i))].used = true;
    }
  }
  for (std::size_t i = 0; i < model_.agents(); ++i) {
    for (int effort = 0; effort < model_.efforts_of(i); ++effort) {
      if (rows(i, effort).used) add_rows_of(i, effort, options.double_deviations);
    }
  }
  if (model_.expected_budget != unbounded) budget_row_ = lp_.add_row(-unbounded, model_.expected_budget);
  if (options.objective_row) objective_row_ = lp_.add_row(-unbounded, unbounded);
}

void Program::add_rows_of(std::size_t agent, int effort, bool double_deviations) {
  Rows& rows = rows_[agent][static_cast<std::size_t>(effort)];
  const int signals = model_.signals_of(agent);
  for (int other = 0; other < model_.efforts_of(agent); ++other) {
    if (other != effort) rows.obedience(other) = lp_.add_row(0, unbounded);
    if (other != effort && !double_deviations) continue;
    for (int z = 0; z < signals; ++z) {
      for (int r = 0; r < signals; ++r) {
        if (other != effort || z != r) rows.misreport(other, z, r) = lp_.add_row(0, unbounded);
      }
    }
  }
  if (model_.has_outside) rows.participation = lp_.add_row(0, unbounded);
}

void Program::list_payments() {
  for (std::size_t position = 0; position < profiles_.size(); ++position) {
    first_of_.push_back(payments_.size());
    const std::span<const double> law = model_.law(profiles_[position]);
    for (std::size_t i = 0; i < model_.agents(); ++i) {
      for (std::size_t cell = 0; cell < model_.cells(); ++cell) {
        if (law[cell] > 0) payments_.push_back({position, i, cell});
      }
    }
  }
  first_of_.push_back(payments_.size());
  const bool shared = model_.sure_budget != unbounded;
  bound_row_.assign(payments_.size(), -1);
  sure_row_.assign(payments_.size(), -1);
  std::vector<int> of_cell;
  for (std::size_t k = 0; k < payments_.size(); ++k) {
    // With a sure budget that is not above M, the shared row bounds each payment, too.
    if (model_.payment_bound != unbounded && !(model_.sure_budget <= model_.payment_bound)) {
      bound_row_[k] = lp_.add_row(-unbounded, 0);
    }
    if (!shared) continue;
    if (payments_[k].agent == 0) {
      of_cell.resize(model_.cells());
      of_cell[payments_[k].cell] = lp_.add_row(-unbounded, 0);
    }
    sure_row_[k] = of_cell[payments_[k].cell];
  }
}

void Program::add_profile_columns() {
  std::vector<LinearProgram::Cell> cells;
  for (std::size_t position = 0; position < profiles_.size(); ++position) {
    const std::size_t b = profiles_[position];
    cells.assign(1, {mass_row_, 1});
    for (std::size_t i = 0; i < model_.agents(); ++i) {
      const int effort = model_.efforts.digit(b, i);
      const Rows& rows = this->rows(i, effort);
      for (int other = 0; other < model_.efforts_of(i); ++other) {
        if (rows.obedience(other) >= 0) {
          cells.push_back({rows.obedience(other), -model_.required(i, effort, other)});
        }
      }
      if (rows.participation >= 0) cells.push_back({rows.participation, -model_.participation(i, effort)});
    }
    for (std::size_t k = first_of_[position]; k < first_of_[position + 1]; ++k) {
      if (bound_row_[k] >= 0) cells.push_back({bound_row_[k], -model_.payment_bound});
      if (sure_row_[k] >= 0 && payments_[k].agent == 0) cells.push_back({sure_row_[k], -model_.sure_budget});
    }
    const double value = model_.value(b);
    if (objective_row_ >= 0) cells.push_back({objective_row_, value});
    lp_.add_column(value, 0, unbounded, cells);
  }
}

void Program::add_payment_columns(bool double_deviations) {
  std::vector<LinearProgram::Cell> cells;
  for (std::size_t k = 0; k < payments_.size(); ++k) {
    const auto [position, agent, cell] = payments_[k];
    const std::size_t b = profiles_[position];
    cells.clear();
    payment_cells<double>(
        model_, rows(agent, model_.efforts.digit(b, agent)), b, agent, cell, double_deviations,
        [&](std::size_t profile) { return model_.law(profile); },
        [&](int row, double value) {
          cells.push_back({row, value});
        });
    const double honest = model_.law(b)[cell];
    if (budget_row_ >= 0) cells.push_back({budget_row_, honest});
    if (bound_row_[k] >= 0) cells.push_back({bound_row_[k], 1});
    if (sure_row_[k] >= 0) cells.push_back({sure_row_[k], 1});
    if (objective_row_ >= 0) cells.push_back({objective_row_, -honest});
    lp_.add_column(-honest, 0, unbounded, cells);
  }
}

void Program::add_misreport_columns() {
  std::vector<LinearProgram::Cell> cells;
  for (std::size_t i = 0; i < model_.agents(); ++i) {
    const int signals = model_.signals_of(i);
    for (int effort = 0; effort < model_.efforts_of(i); ++effort) {
      const Rows& rows = this->rows(i, effort);
      for (int other = 0; other < model_.efforts_of(i); ++other) {
        if (other == effort || rows.misreport(other, 0, 0) < 0) continue;
        for (int z = 0; z < signals; ++z) {
          cells.assign(1, {rows.obedience(other), -1});
          for (int r = 0; r < signals; ++r) cells.push_back({rows.misreport(other, z, r), 1});
          lp_.add_column(0, 0, unbounded, cells);
        }
      }
    }
  }
}

DoubleMultipliers Program::multipliers(const std::vector<double>& row_dual) const {
  // A row >= 0 of a maximum has a dual <= 0; a multiplier is its size.
  const auto of = [&](int row) {
    return row < 0 ? 0.0 : std::max(0.0, -row_dual[static_cast<std::size_t>(row)]);
  };
  DoubleMultipliers result;
  for (std::size_t i = 0; i < model_.agents(); ++i) {
    const int efforts = model_.efforts_of(i), signals = model_.signals_of(i);
    auto& obedience = result.obedience.emplace_back();
    auto& truth = result.truth.emplace_back();
    auto& outside = result.outside.emplace_back();
    for (int effort = 0; effort < efforts; ++effort) {
      const Rows& rows = this->rows(i, effort);
      for (int other = 0; other < efforts; ++other) {
        obedience.push_back(of(rows.obedience(other)));
        for (int z = 0; z < signals; ++z) {
          for (int r = 0; r < signals; ++r) truth.push_back(of(rows.misreport(other, z, r)));
        }
      }
      outside.push_back(of(rows.participation));
    }
  }
  if (budget_row_ >= 0) result.budget = std::max(0.0, row_dual[static_cast<std::size_t>(budget_row_)]);
  complete(model_, result);
  return result;
}

namespace {

// Truth multipliers of one signal that is seen: brought to the sum `target`. What is missing goes to the
// honest report, where it tempts nobody more than before.
void bring_to(std::span<double> multipliers, std::size_t seen, double target) {
  const double sum = std::accumulate(multipliers.begin(), multipliers.end(), 0.0);
  if (sum > target) {
    for (double& value : multipliers) value *= target / sum;
  } else {
    multipliers[seen] += target - sum;
  }
}

}  // namespace

void complete(const Model& model, DoubleMultipliers& multipliers) {
  for (std::size_t i = 0; i < model.agents(); ++i) {
    const auto efforts = static_cast<std::size_t>(model.efforts_of(i));
    const auto signals = static_cast<std::size_t>(model.signals_of(i));
    for (double& value : multipliers.truth[i]) value = std::max(0.0, value);
    for (double& value : multipliers.obedience[i]) value = std::max(0.0, value);
    for (std::size_t pair = 0; pair < efforts * efforts; ++pair) {
      const auto of_seen = [&](std::size_t z) {
        return std::span(multipliers.truth[i]).subspan((pair * signals + z) * signals, signals);
      };
      double& obedience = multipliers.obedience[i][pair];
      if (pair / efforts == pair % efforts) {
        // The effort itself costs the same, so any obedience multiplier does; the largest sum is one.
        for (std::size_t z = 0; z < signals; ++z) {
          const auto row = of_seen(z);
          obedience = std::max(obedience, std::accumulate(row.begin(), row.end(), 0.0));
        }
      }
      for (std::size_t z = 0; z < signals; ++z) bring_to(of_seen(z), z, obedience);
    }
  }
}

}  // namespace xchg::hiring
