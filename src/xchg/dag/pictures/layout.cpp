#include "xchg/dag/pictures/layout.hpp"

#include <algorithm>
#include <cmath>

#include "xchg/dag/pictures/layers.hpp"

namespace xchg::dag {
namespace {

// How far neighbours of a row stand apart: real ones 1, lines less; where many lines pass, closer.
class Spacing {
 public:
  explicit Spacing(const Layers& layers) : real_(layers.real) {
    std::size_t most = 0;
    for (const auto& row : layers.rows) {
      most = std::max(most, static_cast<std::size_t>(std::count_if(
                                row.begin(), row.end(), [this](auto node) { return node >= real_; })));
    }
    line_ = std::min(0.35, 3.0 / static_cast<double>(std::max<std::size_t>(most, 1)));
  }
  double between(std::size_t a, std::size_t b) const {
    const bool a_real = a < real_, b_real = b < real_;
    if (a_real && b_real) return 1;
    return a_real || b_real ? std::max(line_, 0.5) : line_;
  }

 private:
  std::size_t real_;
  double line_ = 0;
};

// Places of a row that are nearest to those wanted (least squares) and keep their distances: isotonic
// regression by pooling adjacent violators.
void place_row(const std::vector<std::size_t>& row, const std::vector<double>& wanted,
               const std::vector<double>& weight, const Spacing& spacing, std::vector<double>& x) {
  struct Block {
    double weight, mean;
    std::size_t size;
  };
  std::vector<double> offset(row.size());
  std::vector<Block> blocks;
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (k > 0) offset[k] = offset[k - 1] + spacing.between(row[k - 1], row[k]);
    Block block{weight[k], wanted[k] - offset[k], 1};
    while (!blocks.empty() && blocks.back().mean >= block.mean) {
      const Block& before = blocks.back();
      const double sum = before.weight + block.weight;
      block = {sum, (before.weight * before.mean + block.weight * block.mean) / sum,
               before.size + block.size};
      blocks.pop_back();
    }
    blocks.push_back(block);
  }
  std::size_t k = 0;
  for (const Block& block : blocks) {
    for (std::size_t end = k + block.size; k < end; ++k) x[row[k]] = block.mean + offset[k];
  }
}

// One sweep: every row moves towards its neighbours. Links between virtual nodes count more, so that long
// edges become straight.
void sweep(const Layers& layers, const Spacing& spacing, bool down, bool both, std::vector<double>& x) {
  const std::size_t count = layers.rows.size();
  for (std::size_t k = 0; k < count; ++k) {
    const auto& row = layers.rows[down ? k : count - 1 - k];
    std::vector<double> wanted, weight;
    for (const std::size_t node : row) {
      double sum = 0, total = 0;
      const auto add = [&](const std::vector<std::size_t>& others) {
        for (const std::size_t other : others) {
          const bool virtual_link = node >= layers.real && other >= layers.real;
          const double link = virtual_link ? 8 : node >= layers.real || other >= layers.real ? 2 : 1;
          sum += link * x[other];
          total += link;
        }
      };
      if (both || down) add(layers.above[node]);
      if (both || !down) add(layers.below[node]);
      wanted.push_back(total > 0 ? sum / total : x[node]);
      weight.push_back(std::max(total, 0.1));
    }
    place_row(row, wanted, weight, spacing, x);
  }
}

std::vector<double> places(const Layers& layers) {
  const Spacing spacing(layers);
  std::vector<double> x(layers.layer.size());
  for (const auto& row : layers.rows) {
    std::vector<double> zero(row.size()), one(row.size(), 1);
    place_row(row, zero, one, spacing, x);
  }
  constexpr int sweeps = 12;
  for (int k = 0; k < sweeps; ++k) sweep(layers, spacing, k % 2 == 0, k >= sweeps / 2, x);
  return x;
}

}  // namespace

Layout layered_layout(std::size_t nodes, const std::vector<Edge>& edges, std::size_t most_in_layer) {
  const auto root = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(nodes))));
  const std::size_t most = most_in_layer > 0 ? most_in_layer : std::max<std::size_t>(root, 4);
  Layers layers = with_virtual_nodes(nodes, edges, assign_layers(nodes, edges, most));
  Layout layout;
  layout.crossings = reduce_crossings(layers);
  layout.layers = layers.rows.size();
  const std::vector<double> x = places(layers);
  layout.x.assign(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(nodes));
  for (std::size_t i = 0; i < nodes; ++i) layout.y.push_back(static_cast<double>(layers.layer[i]));
  for (const auto& chain : layers.chain) {
    std::vector<std::pair<double, double>> bends;
    for (const std::size_t node : chain) bends.emplace_back(x[node], static_cast<double>(layers.layer[node]));
    layout.bends.push_back(std::move(bends));
  }
  return layout;
}

}  // namespace xchg::dag
