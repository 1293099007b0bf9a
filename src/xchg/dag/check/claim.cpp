// Claims from results and from result.json.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/json.hpp"
#include "xchg/core/text.hpp"
#include "xchg/dag/verify.hpp"

namespace xchg::dag {
namespace {

using json::Range;
using json::Reader;

// Node numbers by name.
class Nodes {
 public:
  explicit Nodes(const std::vector<std::string>& names) : names_(names) {
    for (std::size_t k = 0; k < names.size(); ++k) numbers_.emplace(names[k], static_cast<int>(k));
  }

  int number(const Reader& place) const {
    const auto found = numbers_.find(place.text());
    if (found == numbers_.end())
      place.fail("unknown variable '" + place.text() + "'" + text::suggestion(place.text(), names_));
    return found->second;
  }

  std::vector<int> numbers(const Reader& list) const {
    std::vector<int> result;
    for (const Reader& entry : list.array()) result.push_back(number(entry));
    return result;
  }

 private:
  const std::vector<std::string>& names_;
  std::unordered_map<std::string, int> numbers_;
};

std::vector<std::string> read_names(const Reader& list) {
  constexpr std::size_t most = 10000;
  std::vector<std::string> names;
  for (const Reader& entry : list.array()) {
    if (names.size() == most) entry.fail("more than 10000 variables");
    names.push_back(entry.text());
  }
  if (names.empty()) list.fail("there is no name", "the names of the variables");
  std::vector<std::string> sorted = names;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) list.fail("the name '" + *twice + "' comes twice", "different names");
  return names;
}

void read_options(Reader options, ScoreOptions& target) {
  const auto read = [&](const char* key, auto&& take) {
    if (const auto found = options.optional(key)) take(*found);
  };
  read("lambda1", [&](const Reader& value) { target.lambda1 = value.number(Range::at_least(0)); });
  read("lambda2", [&](const Reader& value) { target.lambda2 = value.number(Range::at_least(0)); });
  read("intercept", [&](const Reader& value) { target.intercept = value.boolean(); });
  read("l1", [&](const Reader& value) { target.l1 = value.boolean(); });
  read("degree", [&](const Reader& value) { target.degree = static_cast<int>(value.integer(1, 3)); });
  read("hidden_units",
       [&](const Reader& value) { target.hidden_units = static_cast<int>(value.integer(1, 1 << 20)); });
  read("bias", [&](const Reader& value) { target.bias = value.boolean(); });
}

std::vector<Edge> read_pairs(const Reader& list, const Nodes& nodes) {
  std::vector<Edge> edges;
  for (const Reader& entry : list.array()) {
    const std::vector<int> pair = nodes.numbers(entry);
    if (pair.size() != 2) entry.fail("not a pair", "two names");
    edges.push_back({pair[0], pair[1]});
  }
  return edges;
}

Knowledge read_knowledge_member(Reader object, const Nodes& nodes) {
  Knowledge knowledge;
  if (const auto list = object.optional("required")) knowledge.required = read_pairs(*list, nodes);
  if (const auto list = object.optional("forbidden")) knowledge.forbidden = read_pairs(*list, nodes);
  if (const auto list = object.optional("before")) knowledge.before = read_pairs(*list, nodes);
  if (const auto list = object.optional("tiers")) {
    for (const Reader& tier : list->array()) knowledge.tiers.push_back(nodes.numbers(tier));
  }
  if (const auto list = object.optional("roots")) knowledge.roots = nodes.numbers(*list);
  if (const auto list = object.optional("leaves")) knowledge.leaves = nodes.numbers(*list);
  if (auto targets = object.optional("targets")) {
    for (const auto& [regime, list] : targets->members()) knowledge.targets[regime] = nodes.numbers(list);
  }
  object.finish();
  return knowledge;
}

void read_edges(const Reader& list, const Nodes& nodes, Matrix& w) {
  std::vector<bool> seen(w.values.size());
  for (Reader edge : list.array()) {
    const auto from = static_cast<std::size_t>(nodes.number(edge.at("from")));
    const auto to = static_cast<std::size_t>(nodes.number(edge.at("to")));
    if (seen[from * w.columns + to]) edge.fail("this edge comes twice", "each edge once");
    seen[from * w.columns + to] = true;
    w(from, to) = edge.at("weight").number();
  }
}

Score read_score(const Reader& place) {
  try {
    return parse_score(place.text());
  } catch (const InputError& error) {
    place.fail(error.problem(), error.expected());
  }
}

std::optional<double> optional_number(Reader& file, const char* key) {
  const auto found = file.optional(key);
  return found ? std::optional(found->number()) : std::nullopt;
}

Claim claim_of(const json::Value& document, const std::string& source) {
  Reader file(document, source);
  Claim claim;
  claim.names = read_names(file.at("names"));
  const Nodes nodes(claim.names);
  claim.order = nodes.numbers(file.at("order"));
  claim.score = read_score(file.at("score"));
  if (const auto options = file.optional("options")) read_options(*options, claim.score_options);
  claim.w = Matrix(claim.names.size(), claim.names.size());
  read_edges(file.at("edges"), nodes, claim.w);
  claim.score_order = file.at("score_order").number();
  claim.score_graph = file.at("score_graph").number();
  claim.lower_bound = optional_number(file, "lower_bound");
  claim.gap = optional_number(file, "gap");
  claim.kkt_residual = optional_number(file, "kkt_residual");
  claim.status = file.at("status").choice({"optimal", "local", "interrupted"});
  if (const auto knowledge = file.optional("knowledge"))
    claim.knowledge = read_knowledge_member(*knowledge, nodes);
  return claim;
}

}  // namespace

Claim claim(const Result& result, const Options& options) {
  Claim claim;
  claim.names = result.names;
  claim.order = result.order;
  claim.score = options.score;
  claim.score_options = options.score_options;
  claim.w = result.w;
  claim.score_order = result.score_order;
  claim.score_graph = result.score_graph;
  claim.lower_bound = result.lower_bound;
  claim.gap = result.gap;
  claim.kkt_residual = result.kkt_residual;
  claim.status = result.status == Status::Optimal ? "optimal"
                 : result.status == Status::Local ? "local"
                                                  : "interrupted";
  claim.knowledge = options.knowledge;
  return claim;
}

Claim read_claim(const std::filesystem::path& path) {
  return claim_of(json::read(path), path == "-" ? "standard input" : path.string());
}

Claim parse_claim(std::string_view text, const std::string& source) {
  return claim_of(json::parse(text, source), source);
}

}  // namespace xchg::dag
