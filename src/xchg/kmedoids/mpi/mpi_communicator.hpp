// The processes that mpirun starts, as ranks.
#pragma once

#include "xchg/kmedoids/communicator.hpp"

namespace xchg::kmedoids {

// All processes of the MPI job. Initialises MPI, and finalises it in the end, which waits for all of them:
// one object in a process, ever, used by one thread.
class MpiCommunicator final : public Communicator {
 public:
  MpiCommunicator();
  ~MpiCommunicator() override;
  MpiCommunicator(const MpiCommunicator&) = delete;
  MpiCommunicator& operator=(const MpiCommunicator&) = delete;

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  std::vector<Bytes> all_gather(const Bytes& own) override;
  Bytes broadcast(int root, const Bytes& own) override;

  // Ends all processes at once, since this one cannot go on.
  [[noreturn]] static void abort(int exit_code);

 private:
  int rank_ = 0, size_ = 1;
};

}  // namespace xchg::kmedoids
