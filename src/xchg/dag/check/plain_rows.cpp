// Logistic and Poisson regression by Newton's method on the rows.
#include <cmath>

#include "xchg/dag/check/plain_score.hpp"

namespace xchg::dag::check {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

class RowScore final : public PlainScore {
 public:
  RowScore(const Data& data, const GramOptions& gram_options, Score score, bool intercept)
      : is_logistic_(score == Score::Logistic), intercept_(intercept) {
    const auto d = static_cast<Index>(data.nodes());
    for (Index j = 0; j < d; ++j) {
      const auto rows = rows_of(data, gram_options, static_cast<int>(j));
      if (rows.size() == data.rows() && !tables_.empty() && first_is_complete_) {
        table_of_.push_back(0);
        continue;
      }
      MatrixXd table(static_cast<Index>(rows.size()), d);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto row = data.x.row(static_cast<std::size_t>(rows[i]));
        table.row(static_cast<Index>(i)) = Eigen::Map<const Eigen::RowVectorXd>(row.data(), d);
      }
      if (tables_.empty()) first_is_complete_ = rows.size() == data.rows();
      table_of_.push_back(tables_.size());
      tables_.push_back(std::move(table));
    }
  }

  PlainFit fit(int node, const std::vector<int>& parents) const override {
    const MatrixXd& table = tables_[table_of_[static_cast<std::size_t>(node)]];
    const VectorXd y = table.col(node);
    const MatrixXd x = design(table, parents);
    const auto n = static_cast<double>(y.size());
    VectorXd w = VectorXd::Zero(x.cols());
    double value = mean_loss(x * w, y);
    PlainFit fit;
    for (int round = 0; round < 200 && x.cols() > 0; ++round) {
      const VectorXd m = x * w;
      const VectorXd mean =
          m.unaryExpr([this](double v) { return is_logistic_ ? 1 / (1 + std::exp(-v)) : std::exp(v); });
      const VectorXd spread = mean.unaryExpr([this](double v) { return is_logistic_ ? v * (1 - v) : v; });
      const VectorXd gradient = x.transpose() * (mean - y) / n;
      const MatrixXd hessian = x.transpose() * spread.asDiagonal() * x / n;
      const VectorXd step = hessian.ldlt().solve(gradient);
      if (!step.allFinite()) break;
      double length = 1, next = mean_loss(x * (w - step), y);
      while (!(next <= value) && length > 1e-10) {
        length /= 2;
        next = mean_loss(x * (w - length * step), y);
      }
      if (!(next <= value)) break;
      const bool ended = length == 1 && step.cwiseAbs().maxCoeff() <= 1e-13 * (1 + w.cwiseAbs().maxCoeff());
      w -= length * step;
      value = next;
      if (ended) break;
    }
    // The engine stops such weights at 30.
    if (w.size() > 0 && w.cwiseAbs().maxCoeff() > 25) fit.trouble = "its values are (nearly) separated";
    fit.cost = value;
    fit.cost_noise = std::abs(value);
    fit.weights = w.head(static_cast<Index>(parents.size()));
    fit.weight_scale = VectorXd::Ones(fit.weights.size());
    fit.weight_noise = VectorXd::Zero(fit.weights.size());
    return fit;
  }

  VectorXd gradient(int node, const std::vector<int>& parents, const PlainFit& fit) const override {
    const MatrixXd& table = tables_[table_of_[static_cast<std::size_t>(node)]];
    const MatrixXd x = design(table, parents);
    VectorXd m = x.leftCols(fit.weights.size()) * fit.weights;
    if (intercept_) m.array() += intercept_of(m, table.col(node));
    const VectorXd mean =
        m.unaryExpr([this](double v) { return is_logistic_ ? 1 / (1 + std::exp(-v)) : std::exp(v); });
    VectorXd gradient = table.transpose() * (mean - table.col(node)) / static_cast<double>(table.rows());
    gradient(node) = 0;
    return gradient;
  }

  double gradient_scale(int i, int node) const override {
    const MatrixXd& table = tables_[table_of_[static_cast<std::size_t>(node)]];
    return table.col(i).norm() * (1 + table.col(node).norm()) / static_cast<double>(table.rows());
  }

  double weight_precision() const override { return 2e-6; }
  double gradient_precision() const override { return 1e-6; }

  double work() const override {
    const MatrixXd& table = tables_.front();
    return 20 * static_cast<double>(table.rows()) * std::pow(static_cast<double>(table.cols()), 2);
  }

 private:
  MatrixXd design(const MatrixXd& table, const std::vector<int>& parents) const {
    const auto p = static_cast<Index>(parents.size());
    MatrixXd x(table.rows(), p + (intercept_ ? 1 : 0));
    for (Index k = 0; k < p; ++k) x.col(k) = table.col(parents[static_cast<std::size_t>(k)]);
    if (intercept_) x.col(p).setOnes();
    return x;
  }

  double mean_loss(const VectorXd& m, const VectorXd& y) const {
    double sum = 0;
    for (Index i = 0; i < m.size(); ++i) {
      const double normaliser = !is_logistic_ ? std::exp(m(i))
                                : m(i) > 0    ? m(i) + std::log1p(std::exp(-m(i)))
                                              : std::log1p(std::exp(m(i)));
      sum += normaliser - y(i) * m(i);
    }
    return sum / static_cast<double>(m.size());
  }

  // The intercept at which the gradient by it is 0, by bisection.
  double intercept_of(const VectorXd& m, const VectorXd& y) const {
    double low = -100, high = 100;
    for (int round = 0; round < 200; ++round) {
      const double middle = (low + high) / 2;
      const double excess = m.unaryExpr([&](double v) {
                               return is_logistic_ ? 1 / (1 + std::exp(-v - middle)) : std::exp(v + middle);
                             }).sum() -
                            y.sum();
      (excess > 0 ? high : low) = middle;
    }
    return (low + high) / 2;
  }

  bool is_logistic_, intercept_, first_is_complete_ = false;
  std::vector<MatrixXd> tables_;
  std::vector<std::size_t> table_of_;
};

}  // namespace

std::unique_ptr<PlainScore> plain_row_score(const Data& data, const GramOptions& gram_options, Score score,
                                            const ScoreOptions& options) {
  return std::make_unique<RowScore>(data, gram_options, score, options.intercept);
}

}  // namespace xchg::dag::check
