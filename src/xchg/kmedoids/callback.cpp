// A function of the user as dissimilarity.
#include <algorithm>
#include <exception>
#include <mutex>

#include "xchg/kmedoids/places.hpp"

namespace xchg::kmedoids {
namespace {

class CallbackRows : public RowMaker<double> {
 public:
  CallbackRows(std::function<double(Index, Index)> distance, const CallbackOptions& options)
      : distance_(std::move(distance)), options_(options) {}

  void fill(Index candidate, Index begin, Index end, double* out) const override {
    for (Index o = begin; o < end; ++o) out[o - begin] = at(o, candidate);
  }
  double at(Index object, Index candidate) const override {
    if (object == candidate) return 0;
    if (options_.symmetric && object > candidate) std::swap(object, candidate);
    const double value = call(object, candidate);
    if (is_dissimilarity(value)) return value;
    throw InputError(
        fmt::format("the dissimilarity from object {} to object {} is {}", object, candidate, shown(value)),
        {}, "a finite number >= 0");
  }

 private:
  double call(Index object, Index candidate) const {
    std::unique_lock lock(mutex_, std::defer_lock);
    if (!options_.thread_safe) lock.lock();
    try {
      return distance_(object, candidate);
    } catch (const CancelledError&) {
      throw;
    } catch (const std::exception& error) {
      std::throw_with_nested(InputError(failure(object, candidate) + ": " + error.what()));
    } catch (...) {
      std::throw_with_nested(InputError(failure(object, candidate)));
    }
  }

  static std::string failure(Index object, Index candidate) {
    return fmt::format("the dissimilarity from object {} to object {} could not be computed", object,
                       candidate);
  }

  std::function<double(Index, Index)> distance_;
  CallbackOptions options_;
  mutable std::mutex mutex_;
};

}  // namespace

Dissimilarity Dissimilarity::callback(std::function<double(Index, Index)> distance, Index n,
                                      const CallbackOptions& options) {
  if (n < 1) throw InputError(fmt::format("there are {} objects", n), {}, "at least 1");
  if (!distance) throw InputError("there is no function that computes dissimilarities");
  return made<double>(std::make_shared<CallbackRows>(std::move(distance), options), n, options.symmetric);
}

}  // namespace xchg::kmedoids
