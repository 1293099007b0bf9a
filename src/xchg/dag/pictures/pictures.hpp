// Pictures of a learnt graph.
//
// Every function throws InputError when sizes do not fit or an id is not made of [a-z0-9-].
#pragma once

#include <span>
#include <string>
#include <vector>

#include "xchg/core/chart.hpp"
#include "xchg/dag/learn.hpp"

namespace xchg::dag {

// Edges found in fewer resamples than this are drawn as uncertain.
inline constexpr double stable_frequency = 0.7;

// What is drawn of a graph besides its edges.
struct NetworkWords {
  std::string title, caption;
  std::vector<std::string> tooltips;  // (d) said about each node, or empty
};

// A graph in layers, causes above effects: lines as thick as |W|, dashed where `frequency` (d, d; or empty)
// is below stable_frequency, without arrow head where `graph_class` leaves the direction open (all of one
// direction: nothing undirected in it).
chart::Chart network_picture(const std::string& id, const std::vector<std::string>& names, const Matrix& w,
                             const Matrix& frequency, const Cpdag& graph_class, const NetworkWords& words);
// Of a result: with positions and standard errors when pointed at.
chart::Chart network_picture(const std::string& id, const Result& result);

// The score after every step of the search, with the lower bound; over seconds or over steps.
enum class StepsOver { Steps, Seconds };
chart::Chart score_picture(const std::string& id, const Result& result, StepsOver over = StepsOver::Steps);

// Weights (d, d) as a heat map, rows and columns in this order: edges lie above the diagonal where they
// follow it.
chart::Chart weights_picture(const std::string& id, const std::string& title,
                             const std::vector<std::string>& names, const Matrix& w,
                             std::span<const int> order);

// What exchanging any two nodes of the order would cost, in per cent of the least-squares score: pairs near 0
// are exchangeable.
chart::Chart exchanges_picture(const std::string& id, const Gram& gram, const Result& result);

// The variance of every variable at its position: rising, the order could have been read off the units.
chart::Chart variance_picture(const std::string& id, const Gram& gram, const Result& result);

// How often resamples have each edge: those of the graph and other frequent ones, `most` in all. Throws
// InputError without a bootstrap.
chart::Chart frequency_picture(const std::string& id, const Result& result, std::size_t most = 30);

}  // namespace xchg::dag
