// Ranks as threads of one process: what several processes do, in tests without MPI.
#pragma once

#include <algorithm>
#include <barrier>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

#include "xchg/kmedoids/communicator.hpp"

namespace xchg::kmedoids::testing {

class ThreadCommunicator final : public Communicator {
 public:
  // What the ranks have in common.
  struct Board {
    explicit Board(int size) : messages(static_cast<std::size_t>(size)), barrier(size) {}
    std::vector<Bytes> messages;
    std::barrier<> barrier;
  };

  ThreadCommunicator(Board& board, int rank) : board_(board), rank_(rank) {}
  int rank() const override { return rank_; }
  int size() const override { return static_cast<int>(board_.messages.size()); }
  std::vector<Bytes> all_gather(const Bytes& own) override {
    board_.messages[static_cast<std::size_t>(rank_)] = own;
    board_.barrier.arrive_and_wait();
    std::vector<Bytes> all = board_.messages;
    board_.barrier.arrive_and_wait();
    return all;
  }
  Bytes broadcast(int root, const Bytes& own) override {
    return all_gather(own)[static_cast<std::size_t>(root)];
  }

 private:
  Board& board_;
  int rank_;
};

// What `body` returns on each of `size` ranks. Rethrows what the first of them threw that threw.
template <class Value>
std::vector<Value> on_ranks(int size, const std::function<Value(Communicator&)>& body) {
  ThreadCommunicator::Board board(size);
  std::vector<Value> values(static_cast<std::size_t>(size));
  std::vector<std::exception_ptr> errors(values.size());
  {
    std::vector<std::jthread> threads;
    for (int rank = 0; rank < size; ++rank) {
      threads.emplace_back([&, rank] {
        ThreadCommunicator communicator(board, rank);
        try {
          values[static_cast<std::size_t>(rank)] = body(communicator);
        } catch (...) {
          errors[static_cast<std::size_t>(rank)] = std::current_exception();
          board.barrier.arrive_and_drop();
        }
      });
    }
  }
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
  return values;
}

}  // namespace xchg::kmedoids::testing
