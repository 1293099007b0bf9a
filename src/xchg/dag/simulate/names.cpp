#include <algorithm>
#include <array>
#include <utility>

#include "xchg/core/error.hpp"
#include "xchg/dag/simulate.hpp"

namespace xchg::dag {
namespace {

template <class T, std::size_t count>
using Names = std::array<std::pair<T, std::string_view>, count>;

constexpr Names<GraphKind, 4> graph_kinds = {{{GraphKind::ErdosRenyi, "er"},
                                              {GraphKind::ScaleFree, "sf"},
                                              {GraphKind::Bipartite, "bipartite"},
                                              {GraphKind::Chain, "chain"}}};
constexpr Names<Noise, 4> noises = {{{Noise::Gauss, "gauss"},
                                     {Noise::Exponential, "exp"},
                                     {Noise::Gumbel, "gumbel"},
                                     {Noise::Uniform, "uniform"}}};
constexpr Names<Mechanism, 6> mechanisms = {{{Mechanism::Linear, "linear"},
                                             {Mechanism::Logistic, "logistic"},
                                             {Mechanism::Poisson, "poisson"},
                                             {Mechanism::Mlp, "mlp"},
                                             {Mechanism::Mim, "mim"},
                                             {Mechanism::AdditiveGp, "additive-gp"}}};

template <class T, std::size_t count>
std::string_view name_in(const Names<T, count>& names, T value) {
  return std::find_if(names.begin(), names.end(), [&](const auto& pair) { return pair.first == value; })
      ->second;
}

template <class T, std::size_t count>
T parse_in(const Names<T, count>& names, const std::string& text, const std::string& what) {
  std::string list;
  for (const auto& [value, name] : names) {
    if (name == text) return value;
    list += (list.empty() ? "" : ", ") + std::string(name);
  }
  throw InputError("unknown " + what + " '" + text + "'", {}, "one of " + list);
}

}  // namespace

std::string_view name(GraphKind value) { return name_in(graph_kinds, value); }
std::string_view name(Noise value) { return name_in(noises, value); }
std::string_view name(Mechanism value) { return name_in(mechanisms, value); }
GraphKind parse_graph_kind(const std::string& text) { return parse_in(graph_kinds, text, "kind of graph"); }
Noise parse_noise(const std::string& text) { return parse_in(noises, text, "noise"); }
Mechanism parse_mechanism(const std::string& text) { return parse_in(mechanisms, text, "mechanism"); }

}  // namespace xchg::dag
