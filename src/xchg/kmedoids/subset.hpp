// The dissimilarities between some of the objects.
#pragma once

#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "xchg/kmedoids/problem.hpp"

namespace xchg::kmedoids {

// Makes the rows of some objects from those of all, which must outlive it.
template <class T>
class SubsetRows : public RowMaker<T> {
 public:
  SubsetRows(Rows<T> rows, Index n, std::vector<Index> objects)
      : all_{rows, n, {}}, objects_(std::move(objects)) {}
  void fill(Index candidate, Index begin, Index end, T* out) const override {
    for (Index o = begin; o < end; ++o) out[o - begin] = at(o, candidate);
  }
  T at(Index object, Index candidate) const override {
    return all_.at(objects_[static_cast<std::size_t>(object)], objects_[static_cast<std::size_t>(candidate)]);
  }

 private:
  Problem<T> all_;
  std::vector<Index> objects_;
};

// Object i of the result is objects[i] of `data`, which must outlive it.
inline Dissimilarity subset(const Dissimilarity& data, const std::vector<Index>& objects) {
  return std::visit(
      [&]<class T>(const Rows<T>& rows) {
        return Dissimilarity::made<T>(std::make_shared<SubsetRows<T>>(rows, data.size(), objects),
                                      static_cast<Index>(objects.size()), data.symmetric(), data.largest());
      },
      data.rows());
}

}  // namespace xchg::kmedoids
