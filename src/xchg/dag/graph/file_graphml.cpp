// Graphs in GraphML: the part of XML that it needs, without document types and entities of its own.
#include <fmt/format.h>

#include <set>

#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"
#include "xchg/dag/graph/file_names.hpp"

namespace xchg::dag {
namespace {

constexpr std::size_t deepest = 100;

// One start tag, end tag or text.
struct Piece {
  enum class Kind { Start, End, Text, Done } kind = Kind::Done;
  std::string name;  // of the tag, without a namespace prefix
  std::map<std::string, std::string> attributes;
  std::string text;
  bool empty = false;  // <tag/>
  std::size_t line = 1;
};

class Xml {
 public:
  Xml(std::string_view text, std::string source) : text_(text), source_(std::move(source)) {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
  }

  Piece next() {
    while (true) {
      Piece piece;
      piece.line = line_;
      if (at_ >= text_.size()) return piece;
      if (text_[at_] != '<') {
        piece.kind = Piece::Kind::Text;
        const std::size_t end = std::min(text_.find('<', at_), text_.size());
        piece.text = unescaped(take(end));
        return piece;
      }
      if (rest().starts_with("<?")) {
        skip_past("?>");
      } else if (rest().starts_with("<!--")) {
        skip_past("-->");
      } else if (rest().starts_with("<![CDATA[")) {
        at_ += 9;
        piece.kind = Piece::Kind::Text;
        const std::size_t end = text_.find("]]>", at_);
        if (end == std::string_view::npos) fail("a section of text has no end");
        piece.text = take(end);
        at_ += 3;
        return piece;
      } else if (rest().starts_with("<!")) {
        fail("document types are not read");
      } else {
        tag(piece);
        return piece;
      }
    }
  }

  [[noreturn]] void fail(const std::string& problem, const std::string& expected = {}) const {
    throw InputError(problem, {source_, line_}, expected);
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }

  std::string take(std::size_t end) {
    std::string part(text_.substr(at_, end - at_));
    for (const char c : part) line_ += c == '\n';
    at_ = end;
    return part;
  }

  void skip_past(std::string_view end) {
    const std::size_t found = text_.find(end, at_);
    if (found == std::string_view::npos) fail("'" + std::string(end) + "' is missing");
    take(found + end.size());
  }

  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
      line_ += text_[at_++] == '\n';
    }
  }

  std::string name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n/>=<\"'").find(text_[at_]) == std::string_view::npos)
      ++at_;
    if (at_ == begin) fail("a name is missing");
    const std::string full(text_.substr(begin, at_ - begin));
    const std::size_t colon = full.find(':');
    return colon == std::string::npos ? full : full.substr(colon + 1);
  }

  void tag(Piece& piece) {
    ++at_;
    const bool closing = rest().starts_with('/');
    if (closing) ++at_;
    piece.kind = closing ? Piece::Kind::End : Piece::Kind::Start;
    piece.name = name();
    while (true) {
      skip_blanks();
      if (at_ >= text_.size()) fail("a tag has no end");
      if (rest().starts_with('>')) {
        ++at_;
        return;
      }
      if (!closing && rest().starts_with("/>")) {
        at_ += 2;
        piece.empty = true;
        return;
      }
      const std::string key = name();
      skip_blanks();
      if (!rest().starts_with('=')) fail("attribute " + utf8::quoted(key) + " has no value");
      ++at_;
      skip_blanks();
      const char quote = at_ < text_.size() ? text_[at_] : ' ';
      if (quote != '"' && quote != '\'') fail("attribute " + utf8::quoted(key) + " has no quotes");
      ++at_;
      const std::size_t end = text_.find(quote, at_);
      if (end == std::string_view::npos) fail("attribute " + utf8::quoted(key) + " has no end");
      if (!piece.attributes.emplace(key, unescaped(take(end))).second) {
        fail("attribute " + utf8::quoted(key) + " comes twice");
      }
      ++at_;
    }
  }

  std::string unescaped(const std::string& text) const {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '&') {
        out += text[i];
        continue;
      }
      const std::size_t end = text.find(';', i);
      if (end == std::string::npos) fail("'&' without an entity", "&amp;");
      out += entity(text.substr(i + 1, end - i - 1));
      i = end;
    }
    return out;
  }

  std::string entity(const std::string& name) const {
    static const std::map<std::string, std::string> known = {
        {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}};
    if (const auto found = known.find(name); found != known.end()) return found->second;
    if (!name.starts_with('#') || name.size() < 2 || name.size() > 9) fail("unknown entity &" + name + ";");
    const bool hex = name[1] == 'x';
    const std::string digits = name.substr(hex ? 2 : 1);
    if (digits.empty() ||
        digits.find_first_not_of(hex ? "0123456789abcdefABCDEF" : "0123456789") != std::string::npos) {
      fail("unknown entity &" + name + ";");
    }
    const unsigned long code = std::stoul(digits, nullptr, hex ? 16 : 10);
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
      fail("&" + name + "; is no character");
    return encoded(static_cast<std::uint32_t>(code));
  }

  static std::string encoded(std::uint32_t code) {
    const auto byte = [](std::uint32_t bits) { return static_cast<char>(bits); };
    if (code < 0x80) return {byte(code)};
    if (code < 0x800) return {byte(0xC0 | code >> 6), byte(0x80 | (code & 63))};
    if (code < 0x10000)
      return {byte(0xE0 | code >> 12), byte(0x80 | (code >> 6 & 63)), byte(0x80 | (code & 63))};
    return {byte(0xF0 | code >> 18), byte(0x80 | (code >> 12 & 63)), byte(0x80 | (code >> 6 & 63)),
            byte(0x80 | (code & 63))};
  }

  std::string_view text_;
  std::string source_;
  std::size_t at_ = 0, line_ = 1;
};

class Parser {
 public:
  Parser(std::string_view text, const std::string& source)
      : source_(source), xml_(text, source), builder_(source) {}

  NamedGraph graph() {
    for (Piece piece = xml_.next(); piece.kind != Piece::Kind::Done; piece = xml_.next()) {
      if (piece.kind == Piece::Kind::Text) {
        if (open_.empty() && !trimmed(piece.text).empty()) xml_.fail("text outside of all elements");
        text_ += piece.text;
        continue;
      }
      if (piece.kind == Piece::Kind::Start) {
        start(piece);
        if (!piece.empty) continue;
      }
      end(piece);
    }
    if (!open_.empty()) xml_.fail("the file ends within <" + open_.back() + ">");
    if (!seen_graph_) xml_.fail("has no <graph>", "GraphML");
    if (builder_.nodes() != defined_.size()) xml_.fail("an edge has an end that is no <node>");
    return builder_.graph();
  }

 private:
  static std::string attribute(const Piece& piece, const std::string& key) {
    const auto found = piece.attributes.find(key);
    return found == piece.attributes.end() ? "" : found->second;
  }
  std::string needed(const Piece& piece, const std::string& key) const {
    const auto found = piece.attributes.find(key);
    if (found == piece.attributes.end()) xml_.fail("<" + piece.name + "> has no " + key);
    return found->second;
  }

  void start(const Piece& piece) {
    if (open_.empty() && seen_root_) xml_.fail("has several outermost elements", "one");
    seen_root_ = true;
    if (open_.size() >= deepest) xml_.fail("elements are nested too deep");
    open_.push_back(piece.name);
    text_.clear();
    if (piece.name == "key") {
      keys_[needed(piece, "id")] = {attribute(piece, "for"), attribute(piece, "attr.name")};
    } else if (piece.name == "graph") {
      if (seen_graph_) xml_.fail("has several graphs", "one");
      seen_graph_ = true;
      if (attribute(piece, "edgedefault") == "undirected") builder_.symmetric();
    } else if (piece.name == "hyperedge") {
      xml_.fail("has edges of several nodes", "edges of two");
    } else if (piece.name == "node") {
      const std::string id = needed(piece, "id");
      if (!defined_.insert(id).second) xml_.fail("node " + utf8::quoted(id) + " comes twice");
      node_ = builder_.node(id);
    } else if (piece.name == "edge") {
      edge_ = {builder_.node(needed(piece, "source")), builder_.node(needed(piece, "target")), 1, false, {}};
      edge_.open = attribute(piece, "directed") == "false";
    } else if (piece.name == "data") {
      key_ = attribute(piece, "key");
    }
  }

  void end(const Piece& piece) {
    if (open_.empty() || open_.back() != piece.name) xml_.fail("</" + piece.name + "> ends what is not open");
    open_.pop_back();
    const std::string parent = open_.empty() ? "" : open_.back();
    const Where where{source_, piece.line};
    if (piece.name == "data") {
      const auto key = keys_.find(key_);
      const std::string name = key == keys_.end() ? "" : key->second.name;
      if (parent == "edge" && (name == "weight" || key_ == "weight")) {
        edge_.weight = parse_weight(trimmed(text_), where);
      }
      if (parent == "edge" && name == "frequency") edge_.frequency = parse_weight(trimmed(text_), where);
      if (parent == "edge" && name == "undirected") edge_.open = trimmed(text_) == "true";
      if (parent == "node" && (name == "name" || name == "label")) builder_.name(node_, text_);
    } else if (piece.name == "edge") {
      builder_.edge(edge_, where);
    }
    text_.clear();
  }

  static std::string trimmed(const std::string& text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) return "";
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
  }

  struct Key {
    std::string element, name;
  };
  std::string source_;
  Xml xml_;
  GraphBuilder builder_;
  std::map<std::string, Key> keys_;
  std::set<std::string> defined_;
  std::vector<std::string> open_;
  std::string text_, key_;
  bool seen_root_ = false, seen_graph_ = false;
  int node_ = 0;
  FileEdge edge_;
};

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("&#{};", static_cast<int>(c));
        } else {
          out += c;
        }
    }
  }
  return out;
}

}  // namespace

NamedGraph parse_graphml(std::string_view text, const std::string& source) {
  return Parser(text, source).graph();
}

std::string format_graphml(const NamedGraph& graph) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml "
      "xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
      "  <key id=\"weight\" for=\"edge\" attr.name=\"weight\" attr.type=\"double\"/>\n"
      "  <key id=\"undirected\" for=\"edge\" attr.name=\"undirected\" attr.type=\"boolean\"/>\n";
  if (!graph.frequency.empty()) {
    text += "  <key id=\"frequency\" for=\"edge\" attr.name=\"frequency\" attr.type=\"double\"/>\n";
  }
  text += "  <graph edgedefault=\"directed\">\n";
  for (const std::string& name : graph.names) text += "    <node id=\"" + escaped(name) + "\"/>\n";
  for (std::size_t i = 0; i < graph.w.rows; ++i) {
    for (std::size_t j = 0; j < graph.w.columns; ++j) {
      if (graph.w(i, j) == 0) continue;
      text += fmt::format("    <edge source=\"{}\" target=\"{}\"><data key=\"weight\">{}</data>",
                          escaped(graph.names[i]), escaped(graph.names[j]), text::exact(graph.w(i, j)));
      if (is_undirected(graph, i, j)) text += "<data key=\"undirected\">true</data>";
      if (!graph.frequency.empty()) {
        text += fmt::format("<data key=\"frequency\">{}</data>", text::exact(graph.frequency(i, j)));
      }
      text += "</edge>\n";
    }
  }
  return text + "  </graph>\n</graphml>\n";
}

}  // namespace xchg::dag
