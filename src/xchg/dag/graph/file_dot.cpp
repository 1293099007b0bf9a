// Graphs in the DOT language: digraph NAME { a -> b [weight=0.5]; … }.
#include <fmt/format.h>

#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"
#include "xchg/dag/graph/file_names.hpp"

namespace xchg::dag {
namespace {

struct Token {
  std::string text;
  bool quoted = false;
  std::size_t line = 1;
  bool end = false;

  bool is(std::string_view symbol) const { return !quoted && !end && text == symbol; }
  // Keywords may be written in any case.
  bool is_keyword(std::string_view word) const {
    return !quoted && !end && text.size() == word.size() &&
           std::equal(text.begin(), text.end(), word.begin(),
                      [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b); });
  }
};

class Lexer {
 public:
  Lexer(std::string_view text, std::string source) : text_(text), source_(std::move(source)) {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
  }

  Token next() {
    skip();
    Token token;
    token.line = line_;
    if (at_ >= text_.size()) {
      token.end = true;
    } else if (text_[at_] == '"') {
      quoted(token);
    } else if (std::string_view("{}[];,=:").find(text_[at_]) != std::string_view::npos) {
      token.text = text_[at_++];
    } else if (text_.substr(at_, 2) == "->" || text_.substr(at_, 2) == "--") {
      token.text = text_.substr(at_, 2);
      at_ += 2;
    } else {
      word(token);
    }
    return token;
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const { throw InputError(problem, {source_, line_}); }

  void skip() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        ++at_;
      } else if (text_.substr(at_, 2) == "//" || c == '#') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (text_.substr(at_, 2) == "/*") {
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) fail("a comment has no end");
        for (; at_ < end + 2; ++at_) line_ += text_[at_] == '\n';
      } else {
        return;
      }
    }
  }

  void quoted(Token& token) {
    token.quoted = true;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      line_ += text_[at_] == '\n';
      if (text_[at_] == '\\' && at_ + 1 < text_.size() && (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\'))
        ++at_;
      token.text += text_[at_];
    }
    if (at_ >= text_.size()) fail("a quoted text has no end");
    ++at_;
  }

  void word(Token& token) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool sign = c == '-' && text_.substr(at_, 2) != "->" && text_.substr(at_, 2) != "--";
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          c == '_' || c == '.' || c == '+' || (c & 0x80) != 0;
      if (!letter && !sign) break;
      token.text += c;
      ++at_;
    }
    if (token.text.empty())
      fail(fmt::format("unexpected character '{}'", utf8::quoted(text_.substr(at_, 1))));
  }

  std::string_view text_;
  std::string source_;
  std::size_t at_ = 0, line_ = 1;
};

class Parser {
 public:
  Parser(std::string_view text, const std::string& source)
      : source_(source), lexer_(text, source), builder_(source) {
    advance();
  }

  NamedGraph graph() {
    if (now_.is_keyword("strict")) advance();
    if (!now_.is_keyword("digraph") && !now_.is_keyword("graph")) fail("digraph or graph");
    directed_ = now_.is_keyword("digraph");
    if (!directed_) builder_.symmetric();
    advance();
    if (!now_.is("{")) advance();  // its name
    expect("{");
    while (!now_.is("}")) {
      if (now_.end) fail("}");
      statement();
    }
    advance();
    if (!now_.end) fail("nothing after the graph");
    return builder_.graph();
  }

 private:
  [[noreturn]] void fail(const std::string& expected) const {
    throw InputError(now_.end ? "the file ends" : "found " + utf8::quoted(now_.text), {source_, now_.line},
                     expected);
  }
  void advance() { now_ = lexer_.next(); }
  void expect(std::string_view symbol) {
    if (!now_.is(symbol)) fail("'" + std::string(symbol) + "'");
    advance();
  }

  std::string name() {
    if (now_.end ||
        (!now_.quoted && std::string_view("{}[];,=:->--").find(now_.text) != std::string_view::npos)) {
      fail("the name of a node");
    }
    std::string text = now_.text;
    advance();
    if (now_.is(":")) fail("a node without a port");
    return text;
  }

  void statement() {
    if (now_.is(";")) return advance();
    if (now_.is("{") || now_.is_keyword("subgraph")) fail("nodes and edges without subgraphs");
    const bool keyword = now_.is_keyword("node") || now_.is_keyword("edge") || now_.is_keyword("graph");
    const Token first = now_;
    std::vector<int> chain;
    std::string own = name();
    if (now_.is("=")) {  // an attribute of the graph
      advance();
      name();
      return;
    }
    if (keyword) {
      attributes();
      return;
    }
    chain.push_back(builder_.node(own));
    while (now_.is("->") || now_.is("--")) {
      if (now_.is("->") != directed_) fail(directed_ ? "'->' in a digraph" : "'--' in a graph");
      advance();
      chain.push_back(builder_.node(name()));
    }
    const Attributes found = attributes();
    if (chain.size() == 1 && found.label && !found.label->empty()) builder_.name(chain[0], *found.label);
    if (chain.size() > 1) edges(chain, found, {source_, first.line});
  }

  struct Attributes {
    std::optional<std::string> weight, label, frequency;
    bool open = false;
  };

  void edges(const std::vector<int>& chain, const Attributes& found, const Where& where) {
    FileEdge edge;
    if (found.weight) {
      edge.weight = parse_weight(*found.weight, where);
    } else if (found.label && looks_like_number(*found.label)) {
      edge.weight = parse_weight(*found.label, where);
    }
    if (found.frequency) edge.frequency = parse_weight(*found.frequency, where);
    edge.open = found.open;
    for (std::size_t k = 1; k < chain.size(); ++k) {
      edge.from = chain[k - 1];
      edge.to = chain[k];
      builder_.edge(edge, where);
    }
  }

  static bool looks_like_number(const std::string& text) {
    return text.find_first_not_of("+-.0123456789eE") == std::string::npos && !text.empty() && text != "e" &&
           text != "E";
  }

  Attributes attributes() {
    Attributes found;
    while (now_.is("[")) {
      advance();
      while (!now_.is("]")) {
        const std::string key = name();
        expect("=");
        const std::string value = name();
        if (key == "weight") found.weight = value;
        if (key == "label") found.label = value;
        if (key == "frequency") found.frequency = value;
        if (key == "dir") found.open = value == "none";
        if (now_.is(",") || now_.is(";")) advance();
      }
      advance();
    }
    return found;
  }

  std::string source_;
  Lexer lexer_;
  GraphBuilder builder_;
  Token now_;
  bool directed_ = true;
};

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

NamedGraph parse_dot(std::string_view text, const std::string& source) {
  return Parser(text, source).graph();
}

std::string format_dot(const NamedGraph& graph) {
  double largest = 0;
  for (const double value : graph.w.values) largest = std::max(largest, std::abs(value));
  std::string text = "digraph dag {\n  node [shape=box, style=rounded];\n";
  for (const std::string& name : graph.names) text += "  " + quoted(name) + ";\n";
  for (std::size_t i = 0; i < graph.w.rows; ++i) {
    for (std::size_t j = 0; j < graph.w.columns; ++j) {
      const double weight = graph.w(i, j);
      if (weight == 0) continue;
      text += fmt::format("  {} -> {} [weight=\"{}\", label=\"{}\", penwidth={:.2f}", quoted(graph.names[i]),
                          quoted(graph.names[j]), text::exact(weight), text::brief(weight, 3),
                          0.5 + 3 * std::abs(weight) / largest);
      if (is_undirected(graph, i, j)) text += ", dir=none";
      if (!graph.frequency.empty()) {
        text += fmt::format(", frequency={}", text::exact(graph.frequency(i, j)));
        if (graph.frequency(i, j) < 0.7) text += ", style=dashed";
      }
      text += "];\n";
    }
  }
  return text + "}\n";
}

}  // namespace xchg::dag
