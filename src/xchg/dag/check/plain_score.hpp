// Costs of a node given its parents, computed the plain way: what the check holds claims against.
#pragma once

#include <Eigen/Dense>
#include <memory>
#include <string>
#include <vector>

#include "xchg/dag/check/moments.hpp"
#include "xchg/dag/options.hpp"

namespace xchg::dag::check {

// A node regressed on parents. Noise is what a relative rounding of 2^-52 in each second moment may change.
struct PlainFit {
  double cost = 0;
  double cost_noise = 0;
  Eigen::VectorXd weights;       // (parents)
  Eigen::VectorXd weight_noise;  // (parents) of graph_fit(); else 0
  Eigen::VectorXd
      weight_scale;     // (parents) what differences are measured by: deviation left over that of the parent
  std::string trouble;  // why this fit cannot be relied on; or empty
};

// One score. Functions may be called from several threads at once.
class PlainScore {
 public:
  virtual ~PlainScore() = default;
  virtual PlainFit fit(int node, const std::vector<int>& parents) const = 0;
  // As graphs are refitted: linear scores have least-squares weights there, whose cost includes the penalty.
  virtual PlainFit graph_fit(int node, const std::vector<int>& parents) const { return fit(node, parents); }
  // dQ/dW(i, node) for all i, with L1 the least element of the subdifferential; empty where there is none.
  virtual Eigen::VectorXd gradient(int node, const std::vector<int>& parents, const PlainFit& fit) const = 0;
  // How exact weights and gradients of a right result are, relative to their scale. An iteration that ends
  // when its value is right to 1e-13 leaves weights right to the root of that, and one more step of Newton's
  // method to the square of this root: rounding is what remains.
  virtual double weight_precision() const { return 1e-9; }
  virtual double gradient_precision() const { return 1e-9; }
  // What |dQ/dW(i, node)| is measured by.
  virtual double gradient_scale(int i, int node) const = 0;
  // The order's cost of a node is the least over subsets of its predecessors.
  virtual bool takes_subsets() const { return false; }
  // Steps that a fit takes, about.
  virtual double work() const = 0;
};

// Least squares, Ridge, Bic, L1.
std::unique_ptr<PlainScore> plain_moment_score(const Moments& moments, Score score,
                                               const ScoreOptions& options);
std::unique_ptr<PlainScore> plain_l1_score(const Moments& moments, double lambda);
// Logistic, Poisson; Additive.
std::unique_ptr<PlainScore> plain_row_score(const Data& data, const GramOptions& gram_options, Score score,
                                            const ScoreOptions& options);
std::unique_ptr<PlainScore> plain_additive_score(const Data& data, const GramOptions& gram_options,
                                                 int degree);

// The columns of a factor that belong to these nodes.
Eigen::MatrixXd columns_of(const Factor& factor, const std::vector<int>& nodes);

// (p, p) the upper triangle of a QR factorisation of at least p rows, or with zeros below.
Eigen::MatrixXd triangle_of(const Eigen::MatrixXd& columns);

}  // namespace xchg::dag::check
