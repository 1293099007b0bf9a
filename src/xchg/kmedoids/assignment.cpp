#include "xchg/kmedoids/assignment.hpp"

#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/blocks.hpp"
#include "xchg/kmedoids/message.hpp"
#include "xchg/kmedoids/own_state.hpp"
#include "xchg/kmedoids/totals.hpp"

namespace xchg::kmedoids {
namespace {

template <class T, class U>
void append(std::vector<T>& values, const std::vector<U>& more) {
  values.insert(values.end(), more.begin(), more.end());
}

}  // namespace

template <class T>
Result assign_together(Communicator& communicator, const Problem<T>& problem,
                       const std::vector<Index>& medoids, std::span<const double> weights, int threads) {
  const Share share(Blocks(problem.n), communicator);
  const std::vector<Bytes> parts = exchange(communicator, [&] {
    const OwnState<T> own(problem, medoids, share.begin, share.end, threads);
    MessageWriter message;
    message.add(share.size());
    message.add_all(std::span(own.nearest()));
    message.add_all(std::span(own.d1()));
    message.add_all(std::span(own.d2()));
    return message.take();
  });
  Result result;
  result.medoids = medoids;
  std::vector<T> d1, d2;
  for (const Bytes& part : parts) {
    MessageReader reader(part);
    const auto count = static_cast<std::size_t>(reader.next<Index>());
    append(result.labels, reader.next<std::int32_t>(count));
    append(d1, reader.next<T>(count));
    append(d2, reader.next<T>(count));
  }
  append(result.distance_to_medoid, d1);
  result.total_deviation = compensated_total(result.distance_to_medoid, weights);
  if (!std::isfinite(result.total_deviation))
    throw NumericError("the total deviation is over the range of double; scale the dissimilarities");
  if constexpr (std::is_integral_v<T>) {
    std::int64_t total = 0;
    for (std::size_t o = 0; o < d1.size(); ++o) total += problem.weight(static_cast<Index>(o)) * d1[o];
    result.total_deviation_exact = total;
    result.total_deviation = static_cast<double>(total);
  }
  result.average_medoid_silhouette =
      average_medoid_silhouette(d1, d2, weights, static_cast<int>(medoids.size()));
  return result;
}

#define XCHG_INSTANTIATE(T)                                                                    \
  template Result assign_together(Communicator&, const Problem<T>&, const std::vector<Index>&, \
                                  std::span<const double>, int);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
