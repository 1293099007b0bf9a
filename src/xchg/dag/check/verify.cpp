#include "xchg/dag/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "xchg/core/error.hpp"
#include "xchg/dag/check/best_order.hpp"
#include "xchg/dag/check/plain_score.hpp"
#include "xchg/dag/check/rules.hpp"

namespace xchg::dag {
namespace {

using check::PlainFit;
using check::PlainScore;
using check::Rules;
using Eigen::Index;

constexpr double tolerance = 1e-9;
constexpr double rounding = 64 * 0x1p-52;  // of noise: of second moments, several times over

std::string number(double value) { return fmt::format("{:.17g}", value); }

// A sum of costs with the size of its terms and their noise.
struct Total {
  double value = 0, size = 0, noise = 0;
  void add(double cost, double cost_noise) {
    value += cost;
    size += std::abs(cost);
    noise += cost_noise;
  }
  double allowance() const { return tolerance * size + rounding * noise; }
  bool agrees(double claimed) const { return std::abs(claimed - value) <= allowance(); }
};

// R^-1 of S = R^T R; nothing where variables depend on each other.
std::optional<Eigen::MatrixXd> inverse_triangle(const check::Factor& factor) {
  constexpr double least_pivot = 1e-6;
  const Eigen::MatrixXd triangle = check::triangle_of(factor.columns);
  for (Index k = 0; k < triangle.rows(); ++k) {
    if (std::abs(triangle(k, k)) <= least_pivot * factor.columns.col(k).norm()) return std::nullopt;
  }
  return triangle.triangularView<Eigen::Upper>().solve(
      Eigen::MatrixXd::Identity(triangle.rows(), triangle.rows()));
}

// Half of what all others leave of a node's variance.
struct Rest {
  double cost = 0, noise = 0;
};

// With column j of S^-1 = R^-1 R^-T: 1/2 / (S^-1)_jj, and the regression's weights are -(S^-1)_ij /
// (S^-1)_jj.
Rest rest_of(const check::Factor& factor, const Eigen::MatrixXd& inverse, int node) {
  const Eigen::VectorXd column = inverse * inverse.row(node).transpose();
  const double units = factor.unit(node) * factor.unit(node), size = column(node);
  double reach = 0;
  for (Index i = 0; i < column.size(); ++i)
    reach += std::abs(column(i)) / size * factor.columns.col(i).norm();
  return {0.5 * units / size, 0.5 * units * reach * reach};
}

// Goes through a claim. `score` and `moments` are null where they cannot be had.
class Checker {
 public:
  Checker(const Claim& claim, const std::vector<std::string>& names, Verdict& verdict)
      : claim_(claim), names_(names), verdict_(verdict), rules_(claim.knowledge, names.size()) {}

  // False when nothing more can be said.
  bool structure();
  void graph(const PlainScore& score);
  void order(const PlainScore& score);
  void bound(const check::Moments& moments);
  void gap();
  void kkt(const PlainScore& score);
  void status(const PlainScore& score, Progress& progress);

 private:
  void holds(std::string line) { verdict_.checked.push_back(std::move(line)); }
  void fails(std::string line) { verdict_.findings.push_back(std::move(line)); }
  void open(std::string line) { verdict_.unchecked.push_back(std::move(line)); }
  const std::string& name(std::size_t node) const { return names_[node]; }
  const std::string& name(int node) const { return names_[static_cast<std::size_t>(node)]; }
  void compare(const char* what, const Total& total, double claimed);
  bool order_is_permutation();
  void edges_follow_order();
  // The allowed predecessors of the node at a position.
  std::vector<int> predecessors(std::size_t position) const;
  bool walk(const std::vector<std::vector<bool>>& reach, int from, int to) const {
    return reach[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
  }
  std::vector<std::vector<bool>> walks(double zero) const;

  const Claim& claim_;
  const std::vector<std::string>& names_;
  Verdict& verdict_;
  Rules rules_;
  std::vector<PlainFit> order_fits_;  // by position
  Total order_total_;
  bool order_known_ = false;
  double own_bound_ = -std::numeric_limits<double>::infinity();
  double own_bound_allowance_ = 0;
  bool dependent_ = false;  // variables, so that there is no bound of our own
};

void Checker::compare(const char* what, const Total& total, double claimed) {
  if (total.agrees(claimed)) {
    holds(fmt::format("{} {}", what, number(total.value)));
  } else {
    fails(fmt::format("{} is {}, the result says {}", what, number(total.value), number(claimed)));
  }
}

bool Checker::order_is_permutation() {
  std::vector<bool> seen(names_.size());
  for (const int node : claim_.order) {
    if (node < 0 || static_cast<std::size_t>(node) >= names_.size()) {
      fails(fmt::format("the order names node {}, there are {}", node, names_.size()));
      return false;
    }
    if (seen[static_cast<std::size_t>(node)]) {
      fails(fmt::format("the order names '{}' twice", name(node)));
      return false;
    }
    seen[static_cast<std::size_t>(node)] = true;
  }
  if (claim_.order.size() == names_.size()) return true;
  fails(fmt::format("the order has {} of {} nodes", claim_.order.size(), names_.size()));
  return false;
}

void Checker::edges_follow_order() {
  std::vector<std::size_t> position(names_.size());
  for (std::size_t k = 0; k < claim_.order.size(); ++k)
    position[static_cast<std::size_t>(claim_.order[k])] = k;
  std::size_t edges = 0, against = 0;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    for (std::size_t j = 0; j < names_.size(); ++j) {
      if (claim_.w(i, j) == 0) continue;
      ++edges;
      if (position[i] < position[j]) continue;
      ++against;
      fails(fmt::format("the edge '{}' -> '{}' goes against the order", name(i), name(j)));
    }
  }
  if (against == 0) holds(fmt::format("{} edges follow the order", edges));
}

bool Checker::structure() {
  const std::size_t d = names_.size();
  if (claim_.names.size() != d) {
    fails(fmt::format("the result has {} variables, the data {}", claim_.names.size(), d));
    return false;
  }
  for (std::size_t j = 0; j < d; ++j) {
    if (claim_.names[j] == name(j)) continue;
    fails(
        fmt::format("variable {} of the result is '{}', of the data '{}'", j + 1, claim_.names[j], name(j)));
    return false;
  }
  holds(fmt::format("{} names", d));
  if (claim_.w.rows != d || claim_.w.columns != d) {
    fails(fmt::format("the weights are {} x {}, there are {} variables", claim_.w.rows, claim_.w.columns, d));
    return false;
  }
  for (const double weight : claim_.w.values) {
    if (std::isfinite(weight)) continue;
    fails("a weight is no finite number");
    return false;
  }
  if (check::has_cycle(claim_.w)) {
    fails("the graph has a cycle");
  } else {
    holds("the graph is acyclic");
  }
  if (!order_is_permutation()) return false;
  edges_follow_order();
  const auto broken = rules_.broken(claim_.w, claim_.order, names_);
  for (const std::string& line : broken) fails(line);
  if (rules_.any() && broken.empty()) holds("the order and the graph agree with the knowledge");
  return true;
}

void Checker::graph(const PlainScore& score) {
  Total total;
  double largest = 0;
  std::size_t count = 0, wrong = 0;
  for (std::size_t j = 0; j < names_.size(); ++j) {
    std::vector<int> parents;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (claim_.w(i, j) != 0) parents.push_back(static_cast<int>(i));
    }
    const PlainFit fit = score.graph_fit(static_cast<int>(j), parents);
    if (!fit.trouble.empty()) {
      open(fmt::format("the weights of '{}' and the score of the graph: {}", name(j), fit.trouble));
      return;
    }
    total.add(fit.cost, fit.cost_noise);
    for (Index k = 0; k < fit.weights.size(); ++k) {
      const auto i = static_cast<std::size_t>(parents[static_cast<std::size_t>(k)]);
      const double scale = std::max(std::abs(fit.weights(k)), fit.weight_scale(k));
      const double difference = std::abs(claim_.w(i, j) - fit.weights(k));
      ++count;
      largest = std::max(largest, difference / scale);
      if (difference <= score.weight_precision() * scale + rounding * fit.weight_noise(k)) continue;
      ++wrong;
      fails(fmt::format("the weight of '{}' -> '{}' is {}, the result says {}", name(i), name(j),
                        number(fit.weights(k)), number(claim_.w(i, j))));
    }
  }
  if (wrong == 0) holds(fmt::format("{} weights (largest difference {:.2g} of their scale)", count, largest));
  compare("the score of the graph", total, claim_.score_graph);
}

std::vector<int> Checker::predecessors(std::size_t position) const {
  std::vector<int> before(claim_.order.begin(), claim_.order.begin() + static_cast<std::ptrdiff_t>(position));
  std::sort(before.begin(), before.end());
  return rules_.allowed(claim_.order[position], before);
}

void Checker::order(const PlainScore& score) {
  constexpr std::size_t most_candidates = 16;
  for (std::size_t k = 0; k < claim_.order.size(); ++k) {
    const std::vector<int> before = predecessors(k);
    if (score.takes_subsets()) {
      if (before.size() > most_candidates) {
        open(fmt::format("the score of the order: '{}' has 2^{} sets of parents", name(claim_.order[k]),
                         before.size()));
        return;
      }
      const PlainFit all = score.fit(claim_.order[k], before);
      order_total_.add(check::least_over_subsets(score, rules_, claim_.order[k], before).back(),
                       all.cost_noise);
      continue;
    }
    order_fits_.push_back(score.fit(claim_.order[k], before));
    if (!order_fits_.back().trouble.empty()) {
      open(fmt::format("the score of the order: {}", order_fits_.back().trouble));
      order_fits_.clear();
      return;
    }
    order_total_.add(order_fits_.back().cost, order_fits_.back().cost_noise);
  }
  order_known_ = true;
  compare("the score of the order", order_total_, claim_.score_order);
}

// (d/2) det(S)^(1/d), and the sum of what all others leave of each node: no order scores below either.
void Checker::bound(const check::Moments& moments) {
  const bool has_bound =
      claim_.score == Score::LeastSquares || claim_.score == Score::L1 || claim_.score == Score::Ridge;
  if (!has_bound) return;
  const auto d = static_cast<double>(names_.size());
  Total rests;
  double relative = 0;
  std::map<const check::Factor*, Eigen::MatrixXd> inverses;
  for (int node = 0; node < static_cast<int>(names_.size()); ++node) {
    const check::Factor& factor = moments.of(node);
    if (inverses.count(&factor) == 0) {
      const auto inverse = inverse_triangle(factor);
      dependent_ = !inverse;
      if (dependent_) return;
      inverses[&factor] = *inverse;
    }
    const Rest rest = rest_of(factor, inverses[&factor], node);
    rests.add(rest.cost, rest.noise);
    relative += rest.noise / rest.cost / d;
  }
  own_bound_ = rests.value;
  own_bound_allowance_ = rests.allowance();
  if (moments.has_parts()) return;
  const Eigen::MatrixXd triangle = check::triangle_of(moments.all().columns);
  double log_determinant = 0;
  for (Index k = 0; k < triangle.rows(); ++k)
    log_determinant += 2 * (std::log(std::abs(triangle(k, k))) + std::log(moments.all().unit(k)));
  const double by_determinant = 0.5 * d * std::exp(log_determinant / d);
  if (by_determinant <= own_bound_) return;
  own_bound_ = by_determinant;
  own_bound_allowance_ = by_determinant * (tolerance + rounding * relative);
}

void Checker::gap() {
  if (!claim_.lower_bound) {
    if (claim_.gap) fails("there is a gap without a lower bound");
    return;
  }
  if (!claim_.gap) return;
  const bool is_difference = claim_.score == Score::Bic;
  const double bound = *claim_.lower_bound;
  const double gap = is_difference ? claim_.score_order - bound : claim_.score_order / bound - 1;
  const double scale =
      is_difference ? std::max(std::abs(bound), std::abs(claim_.score_order)) : 1 + std::abs(gap);
  if (std::abs(gap - *claim_.gap) <= 1e-12 * scale) {
    holds(fmt::format("the gap {:.6g}", gap));
  } else {
    fails(fmt::format("the gap is {}, the result says {}", number(gap), number(*claim_.gap)));
  }
}

// reach[i][j]: a directed walk goes from i to j in the regression on the order. Weights up to `zero` of their
// scale are none.
std::vector<std::vector<bool>> Checker::walks(double zero) const {
  const std::size_t d = names_.size();
  std::vector<std::vector<bool>> reach(d, std::vector<bool>(d));
  for (std::size_t k = 0; k < d; ++k) {
    const auto node = static_cast<std::size_t>(claim_.order[k]);
    const std::vector<int> before = predecessors(k);
    const PlainFit& fit = order_fits_[k];
    for (std::size_t p = 0; p < before.size(); ++p) {
      const auto parent = static_cast<std::size_t>(before[p]);
      if (std::abs(fit.weights(static_cast<Index>(p))) <= zero * fit.weight_scale(static_cast<Index>(p)))
        continue;
      reach[parent][node] = true;
      for (std::size_t i = 0; i < d; ++i) {
        if (reach[i][parent]) reach[i][node] = true;
      }
    }
  }
  return reach;
}

void Checker::kkt(const PlainScore& score) {
  if (!claim_.kkt_residual) return;
  const double claimed = *claim_.kkt_residual;
  if (!(claimed >= 0)) {
    fails(fmt::format("the KKT residual is {}", number(claimed)));
    return;
  }
  if (order_fits_.empty()) {
    open("the KKT residual");
    return;
  }
  // Which weights are exactly 0 may depend on rounding: the residual lies between these two.
  constexpr double nearly_zero = 1e-7;
  const auto most_walks = walks(0), least_walks = walks(nearly_zero);
  double low = 0, high = 0;
  std::vector<std::size_t> position(names_.size());
  for (std::size_t k = 0; k < position.size(); ++k) position[static_cast<std::size_t>(claim_.order[k])] = k;
  for (std::size_t k = 0; k < claim_.order.size(); ++k) {
    const int j = claim_.order[k];
    const Eigen::VectorXd gradient = score.gradient(j, predecessors(k), order_fits_[k]);
    if (gradient.size() == 0) {
      open("the KKT residual: this score has no gradient");
      return;
    }
    for (int i = 0; i < static_cast<int>(names_.size()); ++i) {
      if (i == j || rules_.forbidden(i, j) || rules_.before(j, i)) continue;
      const bool precedes = position[static_cast<std::size_t>(i)] < k;
      const double allowance = score.gradient_precision() * score.gradient_scale(i, j),
                   size = std::abs(gradient(i));
      if (precedes || !walk(most_walks, j, i)) low = std::max(low, size - allowance);
      if (precedes || !walk(least_walks, j, i)) high = std::max(high, size + allowance);
    }
  }
  if (claimed >= low && claimed <= high) {
    holds(fmt::format("the KKT residual {:.3g}", claimed));
  } else {
    fails(fmt::format("the KKT residual lies between {:.3g} and {:.3g}, the result says {}", low, high,
                      number(claimed)));
  }
}

void Checker::status(const PlainScore& score, Progress& progress) {
  const bool optimal = claim_.status == "optimal";
  const double allowance = order_total_.allowance();
  if (claim_.lower_bound) {
    const double bound = *claim_.lower_bound;
    if (!(bound <= claim_.score_order + allowance))
      fails(fmt::format("the lower bound {} is above the score of the order", number(bound)));
  }
  const bool has_own = std::isfinite(own_bound_);
  const bool own_proves = has_own && claim_.score_order <= own_bound_ + own_bound_allowance_ + allowance;
  if (optimal && claim_.lower_bound && !(std::abs(*claim_.lower_bound - claim_.score_order) <= allowance))
    fails(fmt::format("an optimum is its own lower bound, the result says {}", number(*claim_.lower_bound)));
  bool needs_proof = optimal && !own_proves;
  if (!optimal && claim_.lower_bound) {
    const double bound = *claim_.lower_bound;
    if (dependent_) {
      open("the lower bound: variables depend on each other");
    } else if (has_own && std::abs(bound - own_bound_) <= own_bound_allowance_) {
      holds(fmt::format("the lower bound {}", number(own_bound_)));
    } else if (claim_.status == "local" || (has_own && bound < own_bound_)) {
      fails(has_own
                ? fmt::format("the lower bound is {}, the result says {}", number(own_bound_), number(bound))
                : fmt::format("there is no proof of the lower bound {}", number(bound)));
    } else {
      needs_proof = true;
    }
  }
  if (optimal && own_proves) holds("optimal: the score is at the lower bound of all orders");
  if (!needs_proof) return;
  const char* what = optimal ? "that the order is optimal" : "the lower bound of the search";
  if (!order_known_ || !check::can_try_all_orders(score, names_.size())) {
    open(fmt::format("{}: all orders of {} nodes are too many to try", what, names_.size()));
    return;
  }
  const auto best = check::least_order_score(score, rules_, names_.size(), progress);
  const double claimed = optimal ? claim_.score_order : *claim_.lower_bound;
  if (!best) {
    open(fmt::format("{}: some regressions cannot be relied on", what));
  } else if (claimed <= *best + allowance) {
    holds(fmt::format("{}: all orders were tried", what));
  } else {
    fails(fmt::format("an order has the score {}, the result claims a bound of {}", number(*best),
                      number(claimed)));
  }
}

void check_all(Checker& checker, const PlainScore& score, const check::Moments& moments, Progress& progress) {
  checker.graph(score);
  checker.order(score);
  checker.bound(moments);
  checker.gap();
  checker.kkt(score);
  checker.status(score, progress);
}

bool is_of_moments(Score score) {
  return score == Score::LeastSquares || score == Score::Ridge || score == Score::Bic || score == Score::L1;
}

std::unique_ptr<PlainScore> moment_score(const check::Moments& moments, const Claim& claim) {
  if (claim.score == Score::L1) return check::plain_l1_score(moments, claim.score_options.lambda1);
  return check::plain_moment_score(moments, claim.score, claim.score_options);
}

}  // namespace

Verdict verify(const Gram& gram, const Claim& claim, Progress& progress) {
  Verdict verdict;
  Checker checker(claim, gram.names, verdict);
  if (checker.structure()) {
    if (is_of_moments(claim.score)) {
      const check::Moments moments(gram);
      check_all(checker, *moment_score(moments, claim), moments, progress);
    } else {
      checker.gap();
      verdict.unchecked.emplace_back("weights, scores, bound and status: this score needs the rows");
    }
  }
  verdict.ok = verdict.findings.empty();
  return verdict;
}

Verdict verify(const Data& data, const GramOptions& gram_options, const Claim& claim, Progress& progress) {
  const bool incomplete =
      std::any_of(data.x.values.begin(), data.x.values.end(), [](double x) { return std::isnan(x); });
  if (incomplete && is_of_moments(claim.score)) {
    Verdict verdict = verify(gram(data, gram_options, progress), claim, progress);
    verdict.unchecked.emplace_back("the second moments of rows with missing values");
    return verdict;
  }
  Verdict verdict;
  Checker checker(claim, data.names, verdict);
  if (checker.structure()) {
    GramOptions options = gram_options;
    for (const auto& [regime, nodes] : claim.knowledge.targets) {
      for (const int node : nodes)
        options.targets[regime].push_back(data.names.at(static_cast<std::size_t>(node)));
    }
    const check::Moments moments(data, options);
    if (is_of_moments(claim.score)) {
      check_all(checker, *moment_score(moments, claim), moments, progress);
    } else if (claim.score == Score::Additive) {
      check_all(checker, *check::plain_additive_score(data, options, claim.score_options.degree), moments,
                progress);
    } else if (claim.score != Score::Mlp) {
      check_all(checker, *check::plain_row_score(data, options, claim.score, claim.score_options), moments,
                progress);
    } else {
      checker.gap();
      verdict.unchecked.emplace_back("weights, scores, bound and status: networks are not trained again");
    }
  }
  verdict.ok = verdict.findings.empty();
  return verdict;
}

}  // namespace xchg::dag
