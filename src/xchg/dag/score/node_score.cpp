#include "xchg/dag/score/node_score.hpp"

#include "xchg/core/error.hpp"
#include "xchg/dag/score/linear_score.hpp"
#include "xchg/dag/score/row_score.hpp"

namespace xchg::dag {

std::unique_ptr<NodeScore> make_node_score(const Gram& gram, const Data* data, const Constraints& constraints,
                                           Score score, const ScoreOptions& options, std::uint64_t seed) {
  const auto rows = [&]() -> const Data& {
    if (data == nullptr) {
      throw InputError(
          "the score " + std::string(name(score)) + " needs the rows, not only their second moments", {},
          "a table of observations");
    }
    if (!gram.parts.empty()) {
      throw InputError("the score " + std::string(name(score)) + " takes no interventions", {},
                       "least-squares, l1, ridge or bic");
    }
    return *data;
  };
  const double penalty = options.l1 ? options.lambda1 : 0;
  switch (score) {
    case Score::LeastSquares:
      return make_least_squares_score(gram, constraints);
    case Score::L1:
      return make_l1_score(gram, constraints, options.lambda1);
    case Score::Ridge:
      return make_ridge_score(gram, constraints, options.lambda2);
    case Score::Bic:
      return make_bic_score(gram, constraints);
    case Score::Logistic:
      return make_logistic_score(rows(), constraints, options.intercept, penalty);
    case Score::Poisson:
      return make_poisson_score(rows(), constraints, options.intercept, penalty);
    case Score::Additive:
      return make_additive_score(rows(), constraints, options.degree);
    case Score::Mlp:
      return make_mlp_score(rows(), constraints, options, seed);
  }
  throw InputError("unknown score");
}

}  // namespace xchg::dag
