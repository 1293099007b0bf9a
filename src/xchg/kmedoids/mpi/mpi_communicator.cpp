#include "xchg/kmedoids/mpi/mpi_communicator.hpp"

#include <mpi.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <numeric>

namespace xchg::kmedoids {
namespace {

// Counts of bytes are int in MPI.
constexpr std::uint64_t most_at_once = std::numeric_limits<int>::max();

}  // namespace

// MPI ends the job by itself when one of its functions fails.
MpiCommunicator::MpiCommunicator() {
  int provided = 0;  // other threads of ours do not call MPI
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
}

MpiCommunicator::~MpiCommunicator() { MPI_Finalize(); }

std::vector<Bytes> MpiCommunicator::all_gather(const Bytes& own) {
  const std::uint64_t own_size = own.size();
  std::vector<std::uint64_t> sizes(static_cast<std::size_t>(size_));
  MPI_Allgather(&own_size, 1, MPI_UINT64_T, sizes.data(), 1, MPI_UINT64_T, MPI_COMM_WORLD);
  std::vector<Bytes> all;
  if (std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0}) > most_at_once) {
    for (int root = 0; root < size_; ++root) all.push_back(broadcast(root, own));
    return all;
  }
  std::vector<int> counts(sizes.begin(), sizes.end()), places(sizes.size(), 0);
  std::partial_sum(counts.begin(), counts.end() - 1, places.begin() + 1);
  Bytes together(static_cast<std::size_t>(places.back() + counts.back()));
  MPI_Allgatherv(own.data(), static_cast<int>(own.size()), MPI_BYTE, together.data(), counts.data(),
                 places.data(), MPI_BYTE, MPI_COMM_WORLD);
  for (std::size_t rank = 0; rank < sizes.size(); ++rank) {
    const auto first = together.begin() + places[rank];
    all.emplace_back(first, first + counts[rank]);
  }
  return all;
}

Bytes MpiCommunicator::broadcast(int root, const Bytes& own) {
  std::uint64_t size = own.size();
  MPI_Bcast(&size, 1, MPI_UINT64_T, root, MPI_COMM_WORLD);
  Bytes bytes = rank_ == root ? own : Bytes(size);
  for (std::uint64_t at = 0; at < size; at += most_at_once) {
    const std::uint64_t piece = std::min(most_at_once, size - at);
    MPI_Bcast(bytes.data() + at, static_cast<int>(piece), MPI_BYTE, root, MPI_COMM_WORLD);
  }
  return bytes;
}

void MpiCommunicator::abort(int exit_code) {
  MPI_Abort(MPI_COMM_WORLD, exit_code);
  std::abort();  // not reached
}

}  // namespace xchg::kmedoids
