// One problem as doubles: what the programs of this folder are made of.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "xchg/hiring/certificate.hpp"
#include "xchg/hiring/instance.hpp"
#include "xchg/hiring/instance/law.hpp"

namespace xchg::hiring {

// Sizes, law, utilities and costs of an instance under some terms. The law is filled in profile by profile,
// or for all of them at once.
class Model {
 public:
  Model(const Instance& instance, const Terms& terms);

  std::size_t agents() const { return efforts.digits(); }
  std::size_t profiles() const { return efforts.count(); }
  std::size_t cells() const { return signals.count() * states; }
  int efforts_of(std::size_t i) const { return efforts.size(i); }
  int signals_of(std::size_t i) const { return signals.size(i); }

  // Agent `agent` alone, the others obeying and telling the truth under b. What is paid for is his report and
  // everything else that comes out, the others' reports and the state, or, with `own_reports`, the state
  // alone; that is called the state of the new model. Utility is 0.
  static Model alone(const Model& whole, std::size_t b, std::size_t agent, bool own_reports);

  // P^b(s, theta) at [s * states + theta]; valid for as many further calls as all agents' efforts
  // number where the law is not stored as a whole.
  std::span<const double> law(std::size_t b) const;
  // V(b) = sum over s of the best decision's expected utility.
  double value(std::size_t b) const;
  // k_i[b_i, b_i']: by how much obeying must pay more than the other effort.
  double required(std::size_t i, int effort, int other) const {
    return required_[i][static_cast<std::size_t>(effort * efforts_of(i) + other)];
  }
  // w_i + c_i(b_i): what obeying must at least pay; only where there is an outside option.
  double participation(std::size_t i, int effort) const {
    return participation_[i][static_cast<std::size_t>(effort)];
  }
  // The true cost of an effort.
  double cost(std::size_t i, int effort) const { return cost_[i][static_cast<std::size_t>(effort)]; }

  // Keeps P^b of all profiles in memory: profiles() * cells() doubles.
  void store_law();
  static std::uint64_t law_bytes(const Instance& instance);

  Radix efforts, signals;
  std::size_t states = 0;
  double payment_bound = 0;  // infinity: none
  bool has_outside = false;
  double expected_budget = 0;   // infinity: none
  double sure_budget = 0;       // infinity: none
  std::vector<double> utility;  // [decision * states + theta]
  double utility_range = 0;     // most minus least utility

 private:
  Model(Radix efforts, Radix signals, std::size_t states, std::vector<double> table);

  LawOfDoubles law_;
  // The last profiles asked for, where the law is not stored.
  struct Recent {
    std::size_t profile;
    std::vector<double> law;
  };
  mutable std::vector<Recent> recent_;
  mutable std::size_t oldest_ = 0;
  std::vector<double> stored_;
  std::vector<std::vector<double>> required_, participation_, cost_;
};

// The costs that obedience rows compare, exactly: c(b) (1 + e) - c(b') (1 - e) + slack; 0 for b = b'.
Rational required_gain(const Instance& instance, const Terms& terms, std::size_t i, int effort, int other);

}  // namespace xchg::hiring
