// P^b(s, theta) as integers over one denominator for all profiles: no fraction is ever reduced.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "xchg/hiring/instance.hpp"

namespace xchg::hiring {

// Reads the instance's factors or table itself, for the checker alone.
class IntegerLaw {
 public:
  explicit IntegerLaw(const Instance& instance);

  // Numerators of P^b, [s * states + theta]. Valid as long as the law.
  const std::vector<Integer>& profile(std::size_t b) const;
  // Forgets the profiles that were asked for.
  void forget() const { profiles_.clear(); }
  const Integer& denominator() const { return denominator_; }

 private:
  std::vector<Integer> compute(std::size_t b) const;

  const Instance& instance_;
  Radix efforts_, signals_;
  Integer denominator_ = 1;
  std::vector<Integer> prior_, state_;                                  // numerators; [w * states + theta]
  std::vector<std::vector<std::vector<std::vector<Integer>>>> signal_;  // [agent][effort][w][z]
  mutable std::map<std::size_t, std::vector<Integer>> profiles_;
};

// The least common multiple of the denominators.
template <class List>
void take_denominators(const List& values, Integer& common) {
  for (const Rational& value : values) common = boost::multiprecision::lcm(common, denominator(value));
}
// value * common, which is a whole number.
inline Integer times(const Rational& value, const Integer& common) {
  return numerator(value) * (common / denominator(value));
}

}  // namespace xchg::hiring
