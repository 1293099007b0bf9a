// What processes that work on one problem together tell each other.
//
// The processes (ranks 0, 1, ..., size - 1) run the same program and call the functions here in the same
// order; each call waits for all of them. mpi/mpi_communicator.hpp implements it with MPI.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace xchg::kmedoids {

// A message.
using Bytes = std::vector<std::byte>;

// The processes that work together: what a search on several of them needs of MPI. All ranks make the same
// calls in the same order.
class Communicator {
 public:
  virtual ~Communicator() = default;
  // Which of the processes this one is.
  virtual int rank() const = 0;
  // How many there are.
  virtual int size() const = 0;
  // The bytes of every rank, in the order of the ranks; their sizes may differ.
  virtual std::vector<Bytes> all_gather(const Bytes& own) = 0;
  // The bytes of rank `root`; those of the others are not looked at.
  virtual Bytes broadcast(int root, const Bytes& own) = 0;
};

// One process by itself.
class SingleProcess final : public Communicator {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  std::vector<Bytes> all_gather(const Bytes& own) override { return {own}; }
  Bytes broadcast(int /*root*/, const Bytes& own) override { return own; }
};

// all_gather() of what `make` returns on each rank. When it throws an Error on some of them, all ranks throw
// that of the first of these, as InputError, LimitError, CancelledError or NumericError by its exit code: so
// no rank waits for one that has failed. Other exceptions pass.
std::vector<Bytes> exchange(Communicator& communicator, const std::function<Bytes()>& make);
// The same for what `make` returns on rank 0, where alone it is called.
Bytes from_first(Communicator& communicator, const std::function<Bytes()>& make);
// Whether it is so on one of the ranks at least.
bool any_rank(Communicator& communicator, bool here);

}  // namespace xchg::kmedoids
