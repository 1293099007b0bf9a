// Numbers far from 1, without overflow: second moments in other units.
#pragma once

#include "xchg/dag/learn.hpp"

namespace xchg::dag {

// Second moments near the ends of the range of doubles are divided by one power of four, which changes no
// digit; results are given back in the units of the input. Scores from rows stay as they are.
class Units {
 public:
  // Keeps references where nothing is to be done. Throws InputError when variances are further apart than
  // doubles allow.
  Units(const Gram& gram, const Options& options);

  const Gram& gram() const { return factor_ == 1 ? original_ : scaled_; }
  const Options& options() const { return factor_ == 1 ? original_options_ : scaled_options_; }
  void restore(Result& result) const;

 private:
  const Gram& original_;
  const Options& original_options_;
  Gram scaled_;
  Options scaled_options_;
  double factor_ = 1;  // second moments were multiplied by it
};

}  // namespace xchg::dag
