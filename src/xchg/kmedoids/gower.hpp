// Gower's dissimilarity between the rows of a table (Gower 1971).
#pragma once

#include <span>
#include <vector>

#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

// Candidate rows of a table, made column by column. See Dissimilarity::table for definition and errors.
class GowerRows : public RowMaker<double> {
 public:
  GowerRows(std::span<const TableColumn> columns, const RawOptions& options);

  void fill(Index candidate, Index begin, Index end, double* out) const override;
  double at(Index object, Index candidate) const override;
  Index size() const { return n_; }

 private:
  struct Kind {
    ColumnType type;
    double range;
  };
  // `columns` holds value c of object o at [c * stride + o].
  void run(Index candidate, const double* columns, Index stride, Index begin, Index end, double* out) const;
  [[noreturn]] void refuse(Index object, Index candidate) const;

  Index n_ = 0, width_ = 0;
  std::vector<Kind> kinds_;         // (width)
  std::vector<double> columns_;     // (width, n)
  std::vector<double> rows_;        // (n, width)
  bool always_comparable_ = false;  // a column counts for every pair
  std::string source_;
  std::size_t first_line_ = 0;
};

}  // namespace xchg::kmedoids
