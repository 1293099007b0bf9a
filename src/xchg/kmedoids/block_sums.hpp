// Sums over all objects that all ranks know, from those of each one's blocks.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "xchg/kmedoids/blocks.hpp"
#include "xchg/kmedoids/evaluate.hpp"
#include "xchg/kmedoids/message.hpp"

namespace xchg::kmedoids {

// Adds the sums of blocks along a fixed binary tree: those of blocks 2i and 2i + 1 first, then those of four,
// and so on. So a rank can add what it has of the tree before it sends it, and yet every number of ranks
// makes the same additions.
template <class S>
class BlockTree {
 public:
  struct Node {
    std::int32_t begin, size;  // of the blocks; sizes are powers of two, and begins multiples of them
    std::vector<S> sums;
  };

  // The blocks after those that are there.
  void push(Node node) {
    nodes_.push_back(std::move(node));
    while (nodes_.size() > 1 && siblings(nodes_[nodes_.size() - 2], nodes_.back())) {
      add(nodes_[nodes_.size() - 2].sums, nodes_.back().sums);
      nodes_[nodes_.size() - 2].size *= 2;
      nodes_.pop_back();
    }
  }
  const std::vector<Node>& nodes() const { return nodes_; }
  // Of all blocks, of which there is at least one.
  std::vector<S> total() && {
    for (; nodes_.size() > 1; nodes_.pop_back()) add(nodes_[nodes_.size() - 2].sums, nodes_.back().sums);
    return std::move(nodes_.front().sums);
  }

 private:
  static bool siblings(const Node& a, const Node& b) {
    return a.size == b.size && a.begin + a.size == b.begin && a.begin % (2 * a.size) == 0;
  }
  static void add(std::vector<S>& sums, const std::vector<S>& more) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += more[i];
  }

  std::vector<Node> nodes_;  // by their begins
};

template <class S>
struct GatheredSums {
  bool stop = false;  // some rank wants to
  std::vector<S> sums;
};

// `make` returns `count` sums for each block of this rank, (blocks, count). Collective; an Error on one rank
// is thrown on all.
template <class S, class Make>
GatheredSums<S> gather_sums(Communicator& communicator, const Share& share, std::size_t count, bool stop,
                            const Make& make) {
  const std::vector<Bytes> messages = exchange(communicator, [&] {
    const std::vector<S> sums = make();
    BlockTree<S> own;
    auto of_block = sums.begin();
    for (int block = share.first_block; block < share.end_block; ++block) {
      const auto next = of_block + static_cast<std::ptrdiff_t>(count);
      own.push({block, 1, std::vector<S>(of_block, next)});
      of_block = next;
    }
    MessageWriter message;
    message.add(stop);
    for (const auto& node : own.nodes()) {
      message.add(node.begin);
      message.add(node.size);
      message.add_all(std::span<const S>(node.sums));
    }
    return message.take();
  });
  GatheredSums<S> all;
  BlockTree<S> tree;
  for (const Bytes& bytes : messages) {
    MessageReader reader(bytes);
    all.stop = reader.next<bool>() || all.stop;
    while (!reader.at_end()) {
      const auto begin = reader.next<std::int32_t>(), size = reader.next<std::int32_t>();
      tree.push({begin, size, reader.next<S>(count)});
    }
  }
  all.sums = std::move(tree).total();
  return all;
}

}  // namespace xchg::kmedoids
