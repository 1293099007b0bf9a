// k-medoids: choose k of n objects (medoids) so that the sum of the dissimilarities of every object to its
// nearest medoid (total deviation, TD) is small. FasterPAM (Schubert, Rousseeuw: "Fast and eager k-medoids
// clustering", Information Systems 101, 2021) with BUILD (Kaufman, Rousseeuw 1990) or random start.
//
//   auto data = xchg::kmedoids::Dissimilarity::points(coordinates, n, d);
//   auto result = xchg::kmedoids::cluster(data, {.k = 3});
//
// All functions may be called from several threads at once. They throw xchg::Error and leave nothing behind.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "xchg/core/isa.hpp"
#include "xchg/core/progress.hpp"
#include "xchg/kmedoids/dissimilarity.hpp"
#include "xchg/kmedoids/predict.hpp"

namespace xchg::kmedoids {

// Searches for medoids. The last four maximise silhouettes instead of minimising TD.
enum class Method {
  FasterPAM,    // eager swaps (Schubert & Rousseeuw 2021)
  FastPAM1,     // the best swap of all, found for all slots at once: PAM's swaps (2019)
  FastPAM2,     // the best swap of every slot per scan (2019)
  PAM,          // the best swap of all, each evaluated by itself (Kaufman & Rousseeuw 1990); the oracle
  Alternating,  // assign, then the best medoid of each cluster; a baseline with worse optima
  CLARA,        // PAM's swaps on samples (Kaufman & Rousseeuw 1990)
  FastCLARA,    // CLARA with larger samples (2019)
  FasterCLARA,  // FasterPAM on samples (2021)
  CLARANS,      // random swaps (Ng & Han 2002)
  FastCLARANS,  // random candidates, all slots at once (2019)
  FasterMSC,    // eager swaps for the average medoid silhouette (Lenssen & Schubert 2022)
  FastMSC,      // the best swap of all for it
  PAMMEDSIL,    // the same swaps, each evaluated by itself (van der Laan, Pollard & Bryan 2003)
  PAMSIL,       // best swaps for the mean silhouette itself; small n only
};
// Where a search starts.
enum class Init {
  Random,    // k different objects, uniform; the paper's choice for FasterPAM
  Build,     // greedy: the object that lowers TD most, k times
  LAB,       // BUILD on a small sample for each medoid (2019)
  PlusPlus,  // objects with a probability proportional to their distance, best of a few trials
  ParkJun,   // the k most central objects (Park & Jun 2009); poor, for comparison
  First,     // objects 0..k-1
  Given,     // Options::medoids
  Bound,     // the best set that 100 steps of the Lagrangian bound find; already improved by swaps
};
// What a method optimises.
enum class Objective { TotalDeviation, MedoidSilhouette, Silhouette };
// Which of several equal candidates BUILD takes; R's pam takes the last.
enum class Ties { First, Last };

// As in --method: "fasterpam".
std::string_view name(Method method);
// As in --init: "build".
std::string_view name(Init init);
// "td", "medoid-silhouette", "silhouette".
std::string_view name(Objective objective);
// The inverse of name(). Throws InputError that lists the methods.
Method parse_method(const std::string& text);
// The inverse of name(). Throws InputError that lists the starts.
Init parse_init(const std::string& text);
// The inverse of name(). Throws InputError that lists the objectives.
Objective parse_objective(const std::string& text);
// All methods, in the order of their type.
std::span<const Method> methods();
// All starts, in the order of their type.
std::span<const Init> inits();
// What it optimises.
Objective objective(Method method);
// Whether its results, once converged, claim that no single swap improves the objective.
bool ends_swap_optimal(Method method);

// What is asked for.
struct Options {
  int k = 0;  // number of medoids, 1..n; must be set
  Method method = Method::FasterPAM;
  Init init = Init::Random;
  std::vector<Index> medoids;        // start for Init::Given: k different objects
  std::span<const double> weights;   // (n), >= 0, not all zero; empty: all 1; PAMSIL takes none
  std::uint64_t seed = 1;            // of everything that is random
  int restarts = 1;                  // independent starts with seed streams 0, 1, ...; the best is kept
  int max_rounds = 300;              // passes over all candidates; 0: only the start
  bool shuffle = false;              // visit the candidates in a random order instead of 0..n-1
  std::vector<Index> order;          // or in this one, each object once; eager methods only
  Ties ties = Ties::First;           // of BUILD
  bool skip = true;                  // leave out candidates that a bound excludes; the result is the same
  double fastpam2_tolerance = 1;     // FastPAM2: 1 takes any further improvement, 0 only unaffected ones
  int samples = 5;                   // CLARA family
  Index sample_size = 0;             // 0: 40 + 2k (CLARA), 80 + 4k (fast ones)
  bool independent_samples = false;  // samples do not contain the best medoids so far
  int numlocal = 2;                  // CLARANS family: restarts
  double maxneighbor = 0;            // failures in a row that end one; 0: 1.25 % of k(n-k), at least 250
                                     // (CLARANS), 2.5 % of n-k (FastCLARANS); below 1: that share
  double plusplus_power = 1;         // exponent of the distance in PlusPlus
  int threads = 0;                   // 0: all processors; the result does not depend on it
  Isa isa = Isa::Auto;               // nor on this
  std::uint64_t memory_budget_bytes = 0;  // for tables; 0: half of the memory that is free
  double time_limit_seconds = std::numeric_limits<double>::infinity();
  bool certify = false;     // compute a lower bound of TD and try to prove the result optimal
  int certify_steps = 600;  // at most
};

// What the search did.
struct Statistics {
  double total_deviation_init = 0;               // TD of the start that led to the result
  std::int64_t rounds = 0;                       // passes over the candidates, the last one without a swap
  std::int64_t swaps = 0;                        //
  std::int64_t evaluated = 0;                    // candidates whose swaps were evaluated
  std::int64_t skipped = 0;                      // candidates left out because of a bound
  std::int64_t objects_changed = 0;              // nearest or second nearest medoid changed, over all swaps
  std::vector<double> total_deviation_per_swap;  // TD after each swap
  std::vector<double> objective_per_swap;        // silhouette methods: the objective after each swap
  std::vector<double> seconds_per_swap;          // when it was done, since the start of the search
  std::vector<double> lower_bound_per_step, upper_bound_per_step;  // of the certificate, the best so far
  double seconds_init = 0, seconds_swap = 0, seconds_bound = 0;
  Isa isa = Isa::Scalar;
  int restarts_done = 0;
  int best_start =
      0;  // number (from 0) of the start that led to the result: the stream of its random numbers
};

// A clustering, valid whether the search came to its end or was stopped.
struct Result {
  std::vector<Index> medoids;        // (k) by slot; all different
  std::vector<std::int32_t> labels;  // (n) slot of the nearest medoid; a medoid is always in its own slot
  std::vector<double> distance_to_medoid;  // (n)
  double total_deviation = 0;              // sum of weight * distance_to_medoid, compensated summation
  std::optional<std::int64_t> total_deviation_exact;  // for integers without broken weights
  double average_medoid_silhouette = 0;   // weighted mean of 1 - d1/d2 (0/0 counts as 1); 0 for k = 1
  std::optional<double> mean_silhouette;  // of PAMSIL, which maximises it
  std::optional<double> lower_bound;      // of TD over all sets of k medoids
  std::optional<double> gap;              // (TD - lower_bound) / TD
  bool optimal = false;                   // proven: no set of k medoids has a lower TD
  bool converged = false;                 // the search came to its end; see ends_swap_optimal()
  std::string stopped_by;  // why not: cancelled, the time limit, or the error of a later restart
  Method method = Method::FasterPAM;
  Statistics statistics;
};

// Clusters. On cancel, and when the time limit is reached, returns the best valid result so far with
// converged = false. Throws InputError (k, medoids, weights out of range), LimitError (integer sums could
// pass 2^63), NumericError (TD overflows).
Result cluster(const Dissimilarity& data, const Options& options, Progress& progress = Progress::none());

// One k of a curve over k.
struct CurvePoint {
  int k = 0;
  double total_deviation = 0;
  double average_medoid_silhouette = 0;
  std::optional<double> mean_silhouette;  // where the criterion needs it
  std::vector<Index> medoids;             // (k) by slot
  bool converged = false;
};

// Clusterings for several k, and the best of them.
struct RangeResult {
  Objective criterion = Objective::MedoidSilhouette;  // what the best one is chosen by
  std::vector<CurvePoint> curve;  // by rising k; when stopped early only the k that were reached
  int best_k = 0;                 // the smallest of several
  Result best;
  bool converged = false;  // all k were reached and converged
  std::string stopped_by;  // why not all k were reached: cancelled, the time limit, or the error of a later k
};
// What dynmsc() finds.
using PathResult = RangeResult;

// DynMSC (Lenssen & Schubert 2023): FasterMSC for k_max, then again and again the medoid is dropped whose
// removal lowers the medoid silhouette least and FasterMSC goes on from there, down to k_min. The best k is
// that of the greatest average medoid silhouette. k = 1 is allowed and has silhouette 0 by convention, k = n
// has 1. Options::k and method are not read; given medoids and restarts are those of k_max. On cancel and
// when the time limit is reached returns what there is. Throws InputError unless 1 <= k_min <= k_max <= n,
// and what cluster() throws.
PathResult dynmsc(const Dissimilarity& data, int k_min, int k_max, const Options& options,
                  Progress& progress = Progress::none());

// Clusters for every k of k_min..k_max by the method of the options (whose k is not read), each from a start
// of its own. The best k has the greatest average medoid silhouette or mean silhouette. TD always falls with
// k, so for it the best is the "elbow", the k with the greatest second difference TD(k-1) - 2 TD(k) +
// TD(k+1): a heuristic that answers also where there is none. On cancel, when the time limit is reached and
// after an error at a later k returns what there is. Throws InputError unless 1 <= k_min <= k_max <= n, for
// TD when there are fewer than three k, when medoids are given, and what cluster() throws for the first k.
RangeResult cluster_range(const Dissimilarity& data, int k_min, int k_max, const Options& options,
                          Objective criterion, Progress& progress = Progress::none());

// What no set of k medoids can be better than.
struct LowerBound {
  // No k medoids have a lower TD. What rounding can amount to is off; whole where sums are integers.
  double lower_bound = 0;
  // (n), u >= 0. The proof: lower_bound <= sum of u(o) + the k smallest of the sums over o of
  // min(0, w(o) d(o, x) - u(o)), one for each candidate x; sums of integers are rounded up. Empty where the
  // bound is 0, or k is 1 or n.
  std::vector<double> multipliers;
  std::vector<Index> medoids;  // (k) the best that were found on the way
  double total_deviation = 0;  // theirs
  double gap = 0;              // (total_deviation - lower_bound) / total_deviation, 0 when that is 0
  bool optimal = false;  // no k medoids are better than these: bound and TD meet; not whole: gap <= 1e-9
  std::vector<double> lower_bound_per_step, upper_bound_per_step;  // the best so far
};

// Lagrangian relaxation of the p-median problem (Christofides & Beasley 1982; Beasley 1985), its multipliers
// found by at most Options::certify_steps deflected subgradient steps; the sets of candidates that it favours
// are improved by FasterPAM. cluster() with Options::certify does this after its search. Reads k, weights,
// certify_steps, threads, isa and the time limit, and medoids, if there are any, as a set that is known
// already. Each step reads all dissimilarities once. For k = 1 and k = n the bound is the optimum. On cancel,
// and when the time limit is reached, returns the best bound so far. Throws what cluster() throws.
LowerBound lower_bound(const Dissimilarity& data, const Options& options,
                       Progress& progress = Progress::none());

// What an independent recomputation says about a result.
struct Check {
  bool right = false;
  std::string problem;         // the first thing that is wrong; empty if right
  double total_deviation = 0;  // recomputed
  // No single swap improves what the method optimises by more than 1e-9 (of TD, or absolute).
  bool swap_optimal = false;
  // The least change over all swaps (0 if k = n): of TD, or of 1 - the (medoid) silhouette.
  double best_swap_change = 0;
  Index best_swap_slot = -1, best_swap_object = -1;
};

// Recomputes labels, distances, TD, silhouettes and the change of the method's objective by every swap; one
// that improves makes the result wrong only if it converged and its method ends swap-optimal. Shares no code
// with cluster(). O(n^2), for PAMSIL O(n^2 k (n - k)). Throws InputError when the sizes do not belong to the
// data.
Check verify(const Dissimilarity& data, const Result& result, std::span<const double> weights = {},
             Progress& progress = Progress::none());

// Silhouette (Rousseeuw 1987) of every object, (n): (b - a) / max(a, b), a the mean dissimilarity to the
// others of its cluster, b the least mean dissimilarity to another cluster; 0 for a cluster of one. Labels
// 0..k-1, none empty. Uses d(object, other); O(n^2).
std::vector<double> silhouette(const Dissimilarity& data, std::span<const std::int32_t> labels,
                               int threads = 0);

// Their mean; at least one.
double mean_silhouette(std::span<const double> silhouettes);

// One row of the table of clusters.
struct ClusterSummary {
  Index medoid = 0;
  std::int64_t size = 0;
  double mean_distance = 0, max_distance = 0;  // to the medoid
  double diameter = 0;                         // greatest dissimilarity between two members
  double separation = 0;                       // least dissimilarity to an object outside; infinite for k = 1
  double silhouette = 0;                       // mean
};
// One row a slot; `silhouettes` come from silhouette(). O(n^2).
std::vector<ClusterSummary> summarize(const Dissimilarity& data, const Result& result,
                                      std::span<const double> silhouettes, int threads = 0);

// A picture of the objects in the plane from dissimilarities alone: classical scaling of landmarks (the
// medoids and a seeded sample, at most 200), the other objects placed by their distances to them (de Silva,
// Tenenbaum 2004). (n, 2) row-major. `kept` is the share of the landmarks' variance that the plane shows.
struct Projection {
  std::vector<double> coordinates;
  double kept = 0;
};
// Places the objects. The same seed gives the same picture; the sign of an axis is fixed.
Projection project(const Dissimilarity& data, std::span<const Index> medoids, std::uint64_t seed);

}  // namespace xchg::kmedoids
