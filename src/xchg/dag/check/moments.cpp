#include "xchg/dag/check/moments.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "xchg/core/error.hpp"

namespace xchg::dag::check {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// The power of two next to a size; 1 for 0.
double power_of_two(double size) { return size > 0 ? std::exp2(std::round(std::log2(size))) : 1; }

Factor factor_of_moments(const Matrix& s, std::int64_t rows) {
  const auto d = static_cast<Index>(s.rows);
  Factor factor;
  factor.rows = rows;
  factor.unit.resize(d);
  for (Index i = 0; i < d; ++i) {
    const auto at = static_cast<std::size_t>(i);
    factor.unit(i) = power_of_two(std::sqrt(s(at, at)));
  }
  MatrixXd moments(d, d);
  for (Index i = 0; i < d; ++i) {
    for (Index j = 0; j < d; ++j)
      moments(i, j) =
          s(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) / factor.unit(i) / factor.unit(j);
  }
  const Eigen::LLT<MatrixXd> cholesky(moments);
  if (cholesky.info() == Eigen::Success) {
    factor.columns = cholesky.matrixU();
  } else {  // singular: a root of it by eigenvectors
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(moments);
    factor.columns =
        solver.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal() * solver.eigenvectors().transpose();
  }
  return factor;
}

// The triangle of a QR factorisation of R on top of more rows.
MatrixXd stacked(const MatrixXd& triangle, const MatrixXd& more) {
  MatrixXd both(triangle.rows() + more.rows(), more.cols());
  both << triangle, more;
  const Index kept = std::min(both.rows(), both.cols());
  const Eigen::HouseholderQR<MatrixXd> qr(both);
  return qr.matrixQR().topRows(kept).template triangularView<Eigen::Upper>();
}

void require_complete(const Data& data) {
  for (std::size_t i = 0; i < data.x.rows; ++i) {
    for (std::size_t j = 0; j < data.x.columns; ++j) {
      if (!std::isfinite(data.x(i, j)))
        throw InputError(
            "a value of '" + data.names[j] + "' in row " + std::to_string(i + 1) + " is no finite number", {},
            "complete rows");
    }
  }
}

}  // namespace

Factor factor_of_rows(std::int64_t rows, Index columns, bool centred, const MakeRow& make_row) {
  constexpr std::int64_t piece = 1024;
  Eigen::RowVectorXd row(columns);
  Eigen::RowVectorXd largest = Eigen::RowVectorXd::Zero(columns);
  for (std::int64_t i = 0; i < rows; ++i) {
    make_row(i, row);
    largest = largest.cwiseMax(row.cwiseAbs());
  }
  const auto n = static_cast<double>(rows);
  // Means twice: of the values, then of what that left.
  Eigen::RowVectorXd unit = largest.unaryExpr([](double size) { return power_of_two(size); });
  Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(columns);
  for (int pass = 0; centred && pass < 2; ++pass) {
    Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(columns);
    for (std::int64_t i = 0; i < rows; ++i) {
      make_row(i, row);
      sum += (row - mean).cwiseQuotient(unit);
    }
    mean += sum.cwiseProduct(unit) / n;
  }
  MatrixXd triangle(0, columns);
  for (std::int64_t begin = 0; begin < rows; begin += piece) {
    const std::int64_t count = std::min(piece, rows - begin);
    MatrixXd more(count, columns);
    for (std::int64_t i = 0; i < count; ++i) {
      make_row(begin + i, row);
      more.row(i) = (row - mean).cwiseQuotient(unit) / std::sqrt(n);
    }
    triangle = stacked(triangle, more);
  }
  // Once more, so that columns of small spread on a large mean have a norm near 1, too.
  Factor factor{std::move(triangle), unit.transpose(), rows};
  for (Index j = 0; j < columns; ++j) {
    const double again = power_of_two(factor.columns.col(j).norm());
    factor.columns.col(j) /= again;
    factor.unit(j) *= again;
  }
  return factor;
}

Moments::Moments(const Gram& gram) {
  factors_.push_back(factor_of_moments(gram.s, gram.n));
  for (const Gram::Part& part : gram.parts) factors_.push_back(factor_of_moments(part.s, part.n));
  part_of_.assign(gram.nodes(), 0);
  for (std::size_t j = 0; j < gram.part_of.size(); ++j)
    part_of_[j] = gram.part_of[j] < 0 ? 0 : static_cast<std::size_t>(gram.part_of[j]) + 1;
}

Moments::Moments(const Data& data, const GramOptions& options) {
  require_complete(data);
  const auto d = static_cast<Index>(data.nodes());
  const auto factor = [&](const std::vector<std::int64_t>& rows) {
    return factor_of_rows(static_cast<std::int64_t>(rows.size()), d, options.center,
                          [&](std::int64_t i, Eigen::RowVectorXd& values) {
                            const auto row =
                                data.x.row(static_cast<std::size_t>(rows[static_cast<std::size_t>(i)]));
                            values = Eigen::Map<const Eigen::RowVectorXd>(row.data(), d);
                          });
  };
  std::vector<std::int64_t> every(data.rows());
  std::iota(every.begin(), every.end(), 0);
  factors_.push_back(factor(every));
  std::map<std::vector<std::int64_t>, std::size_t> known{{every, 0}};
  for (Index j = 0; j < d; ++j) {
    auto rows = rows_of(data, options, static_cast<int>(j));
    const auto [place, is_new] = known.try_emplace(rows, factors_.size());
    if (is_new) factors_.push_back(factor(rows));
    part_of_.push_back(place->second);
  }
  if (!options.standardize) return;
  VectorXd deviation(d);
  for (Index j = 0; j < d; ++j) deviation(j) = std::sqrt(all().variance(j));
  for (Factor& each : factors_) each.unit = each.unit.cwiseQuotient(deviation);
}

std::vector<std::int64_t> rows_of(const Data& data, const GramOptions& options, int node) {
  std::vector<bool> left_out(data.regimes.size());
  for (const auto& [regime, targets] : options.targets) {
    const auto found = std::find(data.regimes.begin(), data.regimes.end(), regime);
    if (found == data.regimes.end())
      throw InputError("no row has the regime '" + regime + "'", {}, "a regime of the data");
    for (const std::string& target : targets) {
      if (target == data.names[static_cast<std::size_t>(node)])
        left_out[static_cast<std::size_t>(found - data.regimes.begin())] = true;
    }
  }
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    if (data.regime.empty() || !left_out[static_cast<std::size_t>(data.regime[i])])
      rows.push_back(static_cast<std::int64_t>(i));
  }
  return rows;
}

}  // namespace xchg::dag::check
