#include "xchg/hiring/design/vertex.hpp"

#include <algorithm>

#include "xchg/hiring/design/elimination.hpp"

namespace xchg::hiring {

ExactProgram::ExactProgram(const Program& program, const Model& model, const Instance& instance,
                           const Terms& terms)
    : program_(program), model_(model), instance_(instance), terms_(terms) {}

const std::vector<Rational>& ExactProgram::law(std::size_t b) const {
  auto found = laws_.find(b);
  if (found == laws_.end()) found = laws_.emplace(b, exact_law(instance_, b)).first;
  return found->second;
}

void ExactProgram::profile_cells(std::size_t position, std::vector<std::pair<int, Rational>>& cells) const {
  const std::size_t b = program_.profiles()[position];
  cells.emplace_back(program_.mass_row(), 1);
  for (std::size_t i = 0; i < model_.agents(); ++i) {
    const int effort = model_.efforts.digit(b, i);
    const Rows& rows = program_.rows(i, effort);
    for (int other = 0; other < model_.efforts_of(i); ++other) {
      if (rows.obedience(other) >= 0) {
        cells.emplace_back(rows.obedience(other), -required_gain(instance_, terms_, i, effort, other));
      }
    }
    if (rows.participation >= 0) {
      const Rational& cost = instance_.agents[i].costs[static_cast<std::size_t>(effort)];
      cells.emplace_back(rows.participation, -(terms_.outside[i] + cost * (1 + terms_.cost_error)));
    }
  }
  for (std::size_t k = program_.first_of(position); k < program_.first_of(position + 1); ++k) {
    if (program_.bound_row(k) >= 0) cells.emplace_back(program_.bound_row(k), -terms_.payment_bound.amount());
    if (program_.sure_row(k) >= 0 && program_.payments()[k].agent == 0) {
      cells.emplace_back(program_.sure_row(k), -*terms_.sure_budget);
    }
  }
}

std::vector<std::pair<int, Rational>> ExactProgram::column(int j) const {
  std::vector<std::pair<int, Rational>> cells;
  const auto first_payment = static_cast<std::size_t>(program_.first_payment());
  const auto index = static_cast<std::size_t>(j);
  if (index < first_payment) {
    profile_cells(index, cells);
  } else if (index < first_payment + program_.payments().size()) {
    const std::size_t k = index - first_payment;
    const auto [position, agent, cell] = program_.payments()[k];
    const std::size_t b = program_.profiles()[position];
    payment_cells<Rational>(
        model_, program_.rows(agent, model_.efforts.digit(b, agent)), b, agent, cell, true,
        [&](std::size_t profile) -> const std::vector<Rational>& { return law(profile); },
        [&](int row, const Rational& value) { cells.emplace_back(row, value); });
    if (program_.budget_row() >= 0) cells.emplace_back(program_.budget_row(), law(b)[cell]);
    if (program_.bound_row(k) >= 0) cells.emplace_back(program_.bound_row(k), 1);
    if (program_.sure_row(k) >= 0) cells.emplace_back(program_.sure_row(k), 1);
  } else {
    const auto rows = program_.lp().rows_of(j);
    const auto values = program_.lp().values_of(j);
    for (std::size_t c = 0; c < rows.size(); ++c) cells.emplace_back(rows[c], values[c] > 0 ? 1 : -1);
  }
  return cells;
}

Rational ExactProgram::objective(int j) const {
  const auto first_payment = static_cast<std::size_t>(program_.first_payment());
  const auto index = static_cast<std::size_t>(j);
  if (index >= first_payment + program_.payments().size()) return 0;
  if (index >= first_payment) {
    const auto [position, agent, cell] = program_.payments()[index - first_payment];
    return -law(program_.profiles()[position])[cell];
  }
  const std::vector<Rational>& p = law(program_.profiles()[index]);
  Rational total;
  for (std::size_t s = 0; s < model_.signals.count(); ++s) {
    Rational best;
    for (std::size_t a = 0; a < instance_.decisions.size(); ++a) {
      Rational expected;
      for (std::size_t t = 0; t < model_.states; ++t)
        expected += p[s * model_.states + t] * instance_.utility[a][t];
      if (a == 0 || expected > best) best = expected;
    }
    total += best;
  }
  return total;
}

Rational ExactProgram::right_side(int row) const {
  if (row == program_.mass_row()) return 1;
  if (row == program_.budget_row()) return *terms_.expected_budget;
  return 0;
}

namespace {

struct Core {
  std::vector<int> columns;        // basic ones
  std::vector<int> number_of_row;  // of tight rows; -1 for others
  int rows = 0;
};

std::optional<Core> core_of(const LpSolution& solution, std::size_t most) {
  Core core;
  for (std::size_t j = 0; j < solution.column_basic.size(); ++j) {
    if (solution.column_basic[j]) core.columns.push_back(static_cast<int>(j));
  }
  for (const bool basic : solution.row_basic) core.number_of_row.push_back(basic ? -1 : core.rows++);
  if (core.columns.size() > most || core.columns.size() != static_cast<std::size_t>(core.rows)) return {};
  return core;
}

}  // namespace

std::optional<std::vector<Rational>> primal_vertex(const Program& program, const ExactProgram& exact,
                                                   const LpSolution& solution, std::size_t most) {
  const auto core = core_of(solution, most);
  if (!core) return {};
  std::vector<Equation> equations(static_cast<std::size_t>(core->rows));
  for (std::size_t k = 0; k < core->columns.size(); ++k) {
    for (auto& [row, value] : exact.column(core->columns[k])) {
      const int number = core->number_of_row[static_cast<std::size_t>(row)];
      if (number >= 0)
        equations[static_cast<std::size_t>(number)].cells.emplace_back(static_cast<int>(k), value);
    }
  }
  for (int row = 0; row < program.lp().rows(); ++row) {
    const int number = core->number_of_row[static_cast<std::size_t>(row)];
    if (number >= 0) equations[static_cast<std::size_t>(number)].sum = exact.right_side(row);
  }
  const auto values = solve_exactly(std::move(equations), core->rows);
  if (!values) return {};
  std::vector<Rational> x(static_cast<std::size_t>(program.lp().columns()));
  for (std::size_t k = 0; k < core->columns.size(); ++k)
    x[static_cast<std::size_t>(core->columns[k])] = (*values)[k];
  return x;
}

std::optional<std::vector<Rational>> dual_vertex(const Program& program, const ExactProgram& exact,
                                                 const LpSolution& solution, std::size_t most) {
  const auto core = core_of(solution, most);
  if (!core) return {};
  std::vector<Equation> equations(core->columns.size());
  for (std::size_t k = 0; k < core->columns.size(); ++k) {
    for (auto& [row, value] : exact.column(core->columns[k])) {
      const int number = core->number_of_row[static_cast<std::size_t>(row)];
      if (number >= 0) equations[k].cells.emplace_back(number, value);
    }
    equations[k].sum = exact.objective(core->columns[k]);
  }
  const auto values = solve_exactly(std::move(equations), core->rows);
  if (!values) return {};
  std::vector<Rational> dual(static_cast<std::size_t>(program.lp().rows()));
  for (std::size_t row = 0; row < dual.size(); ++row) {
    const int number = core->number_of_row[row];
    if (number >= 0) dual[row] = (*values)[static_cast<std::size_t>(number)];
  }
  return dual;
}

namespace {

// As complete() of program.hpp, exactly.
void complete_exactly(const Model& model, Multipliers& multipliers) {
  const auto sum_of = [](const Rational* first, std::size_t count) {
    Rational sum;
    for (std::size_t r = 0; r < count; ++r) sum += first[r];
    return sum;
  };
  for (std::size_t i = 0; i < model.agents(); ++i) {
    const auto efforts = static_cast<std::size_t>(model.efforts_of(i));
    const auto signals = static_cast<std::size_t>(model.signals_of(i));
    for (Rational& value : multipliers.truth[i]) value = std::max(value, Rational(0));
    for (Rational& value : multipliers.obedience[i]) value = std::max(value, Rational(0));
    for (std::size_t pair = 0; pair < efforts * efforts; ++pair) {
      Rational* const first = multipliers.truth[i].data() + pair * signals * signals;
      Rational& obedience = multipliers.obedience[i][pair];
      if (pair / efforts == pair % efforts) {
        for (std::size_t z = 0; z < signals; ++z)
          obedience = std::max(obedience, sum_of(first + z * signals, signals));
      }
      for (std::size_t z = 0; z < signals; ++z) {
        Rational* const row = first + z * signals;
        const Rational sum = sum_of(row, signals);
        if (sum > obedience) {
          for (std::size_t r = 0; r < signals; ++r) row[r] *= obedience / sum;
        } else {
          row[z] += obedience - sum;
        }
      }
    }
  }
}

Rational rounded(double value, bool simple) { return simple ? simplest(value, 1e-10) : to_rational(value); }

}  // namespace

Multipliers exact_multipliers(const Program& program, const Model& model,
                              const std::vector<Rational>& row_dual) {
  const auto of = [&](int row) {
    return row < 0 ? Rational(0) : Rational(-row_dual[static_cast<std::size_t>(row)]);
  };
  Multipliers result;
  for (std::size_t i = 0; i < model.agents(); ++i) {
    const int efforts = model.efforts_of(i), signals = model.signals_of(i);
    auto& obedience = result.obedience.emplace_back();
    auto& truth = result.truth.emplace_back();
    auto& outside = result.outside.emplace_back();
    for (int effort = 0; effort < efforts; ++effort) {
      const Rows& rows = program.rows(i, effort);
      for (int other = 0; other < efforts; ++other) {
        obedience.push_back(of(rows.obedience(other)));
        for (int z = 0; z < signals; ++z) {
          for (int r = 0; r < signals; ++r) truth.push_back(of(rows.misreport(other, z, r)));
        }
      }
      outside.push_back(std::max(Rational(0), of(rows.participation)));
    }
  }
  if (program.budget_row() >= 0) {
    result.budget = std::max(Rational(0), row_dual[static_cast<std::size_t>(program.budget_row())]);
  }
  if (!model.has_outside) result.outside.clear();
  complete_exactly(model, result);
  return result;
}

Multipliers rounded_multipliers(const Model& model, const DoubleMultipliers& multipliers, bool simple) {
  const auto round_all = [&](const std::vector<std::vector<double>>& values) {
    std::vector<std::vector<Rational>> result;
    for (const auto& list : values) {
      auto& to = result.emplace_back();
      for (const double value : list) to.push_back(rounded(value, simple));
    }
    return result;
  };
  Multipliers result{.obedience = round_all(multipliers.obedience),
                     .truth = round_all(multipliers.truth),
                     .outside = round_all(multipliers.outside),
                     .budget = rounded(multipliers.budget, simple)};
  if (!model.has_outside) result.outside.clear();
  complete_exactly(model, result);
  return result;
}

}  // namespace xchg::hiring
