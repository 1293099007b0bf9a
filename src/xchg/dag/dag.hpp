// Directed acyclic graphs of causes, learnt by swapping positions of a topological order (TOPO: Deng, Bello,
// Aragam, Ravikumar, "Optimizing NOTEARS objectives via topological swaps", ICML 2023).
//
//   const auto data = xchg::dag::read_data("cells.csv");
//   const auto result = xchg::dag::learn(data, {}, {.method = xchg::dag::Method::Exact});
//
// W(i, j) != 0 is the edge i -> j: rows are causes, columns effects. All functions may be called from several
// threads at once; they throw xchg::Error and leave nothing behind.
#pragma once

#include "xchg/dag/data.hpp"
#include "xchg/dag/graph.hpp"
#include "xchg/dag/graph_file.hpp"
#include "xchg/dag/identifiability.hpp"
#include "xchg/dag/knowledge.hpp"
#include "xchg/dag/learn.hpp"
#include "xchg/dag/matrix.hpp"
#include "xchg/dag/options.hpp"
#include "xchg/dag/simulate.hpp"
#include "xchg/dag/verify.hpp"
