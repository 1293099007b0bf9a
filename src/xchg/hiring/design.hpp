// The best mechanism when everything is known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/hiring/certificate.hpp"
#include "xchg/hiring/instance.hpp"
#include "xchg/hiring/mechanism.hpp"

namespace xchg::hiring {

// Classes of mechanisms; each contains the one before.
enum class Class {
  Own,      // one profile always; an agent's pay depends on his own report and the state
  Det,      // one profile always; pay depends on all reports and the state
  Product,  // efforts drawn independently; two agents only, found by search: a lower bound
  Corr,     // any mechanism
};

// How Corr is computed.
enum class Method {
  Automatic,  // the fast path where it is proven right, the program where it fits, else columns
  Program,    // the linear program as a whole
  Columns,    // column generation
  FastPath,   // agent by agent; only where signals are independent given the state and no effort moves
              // another's
};

// Options of design().
struct Options {
  std::optional<Bound> payment_bound;  // nothing: the instance's
  std::vector<Rational> outside;       // see Terms; empty or one for each agent
  Rational slack;
  Rational cost_error;
  std::optional<Rational> expected_budget;
  std::optional<Rational> sure_budget;

  Class mechanism = Class::Corr;
  Method method = Method::Automatic;
  // Where the supremum is not attained: how far below it the mechanism may be, as a share of the range of the
  // utility.
  double epsilon = 1e-6;
  bool exact = true;           // the mechanism is made incentive compatible exactly, not up to rounding
  bool ladder = true;          // the other classes, too
  double lp_tolerance = 1e-9;  // primal and dual, of the solver
  std::uint64_t memory_bytes = std::uint64_t{4} << 30;
  double time_limit_seconds = std::numeric_limits<double>::infinity();
};

// What simpler mechanisms reach; nothing where it was not computed.
struct Ladder {
  std::optional<double> own, det, product, corr, first_best;
  // Payments by a scaled scoring rule of a fixed kind, the best profile that it makes worth its effort.
  std::optional<double> quadratic, logarithmic, spherical;
};

// What was done.
struct Statistics {
  std::string method;  // "program", "columns", "fast path"
  std::int64_t rows = 0, columns = 0, nonzeros = 0;
  std::int64_t iterations = 0;  // of the simplex method
  std::int64_t rounds = 0;      // of column generation
  double build_seconds = 0, solve_seconds = 0, certify_seconds = 0, ladder_seconds = 0;
  std::string repair;  // how the mechanism was made exact: "vertex", "rounded", "mixed", "none"
};

// The best mechanism and what is proven about it.
struct Result {
  double value = 0;  // of `mechanism`, truthful play
  Rational value_exact;
  double upper_bound = 0;  // no mechanism is worth more
  Rational upper_bound_exact;
  double supremum = 0;  // what mechanisms come as close to as one likes; = value where attained
  bool attained = true;
  bool incentive_compatible = false;  // proven exactly
  Rational ic_violation;              // largest gain of a single agent, exactly; <= 0 where compatible
  std::string status;                 // "optimal", "supremum", "interval"
  Mechanism mechanism;
  Rational largest_payment;
  Certificate certificate;
  Ladder ladder;
  Statistics statistics;
  Warnings warnings;
};

// The mechanism that leaves the principal the most, with a two-sided certificate (Cacciamani, Castiglioni,
// Gatti 2023; linear program over mu(b) and mu(b) gamma_i[b, s, theta]). Throws InputError for terms that
// contradict each other or do not belong to the instance, LimitError (bytes needed, profiles) before memory
// runs out, NumericError when there is no certified mechanism at all. On cancel or at the time limit returns
// a certified interval, status "interval".
Result design(const Instance& instance, const Options& options = {}, Progress& progress = Progress::none());

// One point of a frontier.
struct FrontierPoint {
  Bound payment_bound;
  double value = 0;
  double expected_payment = 0;
  std::vector<std::size_t> profiles;  // recommended
};

// value(M) for each payment bound; between neighbours that differ by more than `refine` of the whole rise,
// the geometric mean is added until there are `most` points. On cancel what is done.
std::vector<FrontierPoint> frontier(const Instance& instance, std::vector<Bound> bounds,
                                    const Options& options = {}, double refine = 0.1, std::size_t most = 200,
                                    Progress& progress = Progress::none());

}  // namespace xchg::hiring
