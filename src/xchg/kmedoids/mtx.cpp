#include "xchg/kmedoids/mtx.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numeric>

#include "xchg/core/file.hpp"
#include "xchg/core/utf8.hpp"
#include "xchg/kmedoids/budget.hpp"
#include "xchg/kmedoids/places.hpp"

namespace xchg::kmedoids {
namespace {

constexpr double largest_int32 = 2147483647;
constexpr Index most_objects = Index{1} << 31;

struct Header {
  bool pattern = false, symmetric = false;
};

struct Entry {
  Index row, column;
  double value;
  std::size_t line;
};

// Words of lines, with the place for errors.
class Lines {
 public:
  Lines(std::string_view text, const std::string& source) : rest_(text), source_(source) {}

  // Goes to the next line that is neither blank nor a comment; false at the end.
  bool next() {
    while (next_raw()) {
      if (!words_.empty() && words_.front() != '%') return true;
    }
    return false;
  }
  bool next_raw() {
    if (rest_.empty()) return false;
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    words_ = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++line_;
    skip_blanks();
    return true;
  }

  // The next word of the line; empty at its end.
  std::string_view word() {
    const std::string_view word = words_.substr(0, std::min(words_.find_first_of(" \t\r"), words_.size()));
    words_.remove_prefix(word.size());
    skip_blanks();
    return word;
  }
  template <class T>
  T number(std::string_view expected) {
    const std::string_view text = word();
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
      fail(text.empty() ? "the line ends too early" : utf8::quoted(text) + " is no such number", expected);
    return value;
  }
  void finish(std::string_view expected) {
    if (!words_.empty()) fail("there is more: " + utf8::quoted(words_), expected);
  }

  std::size_t line() const { return line_; }
  std::size_t bytes_left() const { return rest_.size(); }
  [[noreturn]] void fail(std::string problem, std::string_view expected) const {
    throw InputError(std::move(problem), {.file = source_, .line = line_}, std::string(expected));
  }

 private:
  void skip_blanks() { words_.remove_prefix(std::min(words_.find_first_not_of(" \t\r"), words_.size())); }

  std::string_view rest_, words_;
  const std::string& source_;
  std::size_t line_ = 0;
};

Header read_header(Lines& lines) {
  constexpr std::string_view expected =
      "%%MatrixMarket matrix coordinate real|integer|pattern general|symmetric";
  std::string words[5];
  if (!lines.next_raw()) lines.fail("the file is empty", expected);
  for (std::string& word : words) {
    word = lines.word();
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  }
  const auto& [banner, object, format, field, symmetry] = words;
  const bool known = banner == "%%matrixmarket" && object == "matrix" && format == "coordinate" &&
                     (field == "real" || field == "integer" || field == "pattern") &&
                     (symmetry == "general" || symmetry == "symmetric");
  if (!known) lines.fail("this is no sparse matrix of dissimilarities in MatrixMarket's format", expected);
  lines.finish(expected);
  return {field == "pattern", symmetry == "symmetric"};
}

// The line "rows columns entries".
std::pair<Index, Index> read_size(Lines& lines) {
  constexpr std::string_view expected = "rows, columns and the number of entries";
  if (!lines.next()) lines.fail("the file ends before its size", expected);
  const auto rows = lines.number<Index>(expected), columns = lines.number<Index>(expected),
             entries = lines.number<Index>(expected);
  lines.finish(expected);
  if (rows != columns) {
    lines.fail(fmt::format("the matrix is not square: {} rows and {} columns", rows, columns),
               "as many columns as rows");
  }
  if (rows < 1 || rows > most_objects || entries < 0)
    lines.fail(fmt::format("the matrix has {} rows and {} entries", rows, entries), "1 to 2^31 rows");
  return {rows, entries};
}

Entry read_entry(Lines& lines, const Header& header, Index n) {
  constexpr std::string_view expected = "row, column (from 1) and value";
  const auto row = lines.number<Index>(expected), column = lines.number<Index>(expected);
  const double value = header.pattern ? 1 : lines.number<double>(expected);
  lines.finish(header.pattern ? "row and column (from 1)" : expected);
  if (row < 1 || row > n || column < 1 || column > n)
    lines.fail(fmt::format("row {}, column {} does not exist", row, column), fmt::format("1 to {}", n));
  if (header.symmetric && column > row)
    lines.fail(fmt::format("row {}, column {} is above the diagonal", row, column),
               "only the lower triangle in a symmetric file");
  return {row - 1, column - 1, value, lines.line()};
}

void check_value(const Entry& entry, const MatrixOptions& options) {
  const Where where{.file = options.source, .line = entry.line};
  if (!is_dissimilarity(entry.value, options.infinite_penalty)) {
    throw InputError(
        fmt::format("the value in {} is {}", element(entry.row, entry.column), shown(entry.value)), where,
        expected_dissimilarity(options.infinite_penalty));
  }
  if (entry.row == entry.column && entry.value != 0 && !options.zero_diagonal) {
    throw InputError(
        fmt::format("the diagonal value in {} is {}", element(entry.row, entry.row), shown(entry.value)),
        where, "0 (--zero-diagonal ignores the diagonal)");
  }
}

std::vector<Entry> read_entries(Lines& lines, const Header& header, Index n, Index count,
                                const MatrixOptions& options) {
  std::vector<Entry> entries;
  entries.reserve(std::min(static_cast<std::size_t>(count), lines.bytes_left() / 4));
  while (lines.next()) {
    if (static_cast<Index>(entries.size()) == count)
      lines.fail("there are more entries than the size says", fmt::format("{} entries", count));
    entries.push_back(read_entry(lines, header, n));
    check_value(entries.back(), options);
  }
  if (static_cast<Index>(entries.size()) != count)
    lines.fail(fmt::format("the file ends after {} entries", entries.size()),
               fmt::format("{} entries", count));
  return entries;
}

// By row and column. Refuses pairs that are there twice, naming the later line.
void sort_entries(std::vector<Entry>& entries, const std::string& source) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.row, a.column, a.line) < std::tie(b.row, b.column, b.line);
  });
  const auto twice = std::adjacent_find(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.row == b.row && a.column == b.column;
  });
  if (twice == entries.end()) return;
  const Entry& again = *(twice + 1);
  throw InputError(
      fmt::format("{} is there twice, first on line {}", element(again.row, again.column), twice->line),
      {.file = source, .line = again.line}, "each pair once");
}

template <class T>
Dissimilarity sparse_of(const std::vector<Entry>& entries, Index n, const SparseOptions& options) {
  std::vector<Index> starts(static_cast<std::size_t>(n) + 1), columns;
  std::vector<T> values;
  for (const Entry& entry : entries) {
    ++starts[static_cast<std::size_t>(entry.row) + 1];
    columns.push_back(entry.column);
    values.push_back(static_cast<T>(entry.value));
  }
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  return Dissimilarity::sparse<T>(n, starts, columns, values, options);
}

bool is_small_whole(double value) { return value == std::floor(value) && value <= largest_int32 / 2; }

}  // namespace

Dissimilarity parse_mtx(std::string_view text, const SparseOptions& options) {
  const MatrixOptions& matrix = options.matrix;
  Lines lines(text, matrix.source);
  const Header header = read_header(lines);
  const auto [n, count] = read_size(lines);
  constexpr std::size_t bytes_a_row = 4 * sizeof(Index);
  if (static_cast<std::uint64_t>(n) * bytes_a_row > resolved_budget(matrix.memory_budget_bytes)) {
    throw LimitError(fmt::format("a sparse matrix of {} objects does not fit", n),
                     static_cast<std::uint64_t>(n) * bytes_a_row, resolved_budget(matrix.memory_budget_bytes),
                     "give more with --memory");
  }
  std::vector<Entry> entries = read_entries(lines, header, n, count, matrix);
  if (header.symmetric) {
    const std::size_t stored = entries.size();
    for (std::size_t at = 0; at < stored; ++at) {
      const Entry& entry = entries[at];
      if (entry.row != entry.column) entries.push_back({entry.column, entry.row, entry.value, entry.line});
    }
  }
  sort_entries(entries, matrix.source);
  const bool whole = std::all_of(entries.begin(), entries.end(),
                                 [](const Entry& entry) { return is_small_whole(entry.value); }) &&
                     (std::isnan(options.absent) || is_small_whole(options.absent));
  return whole ? sparse_of<std::int32_t>(entries, n, options) : sparse_of<double>(entries, n, options);
}

Dissimilarity read_mtx(const std::string& path, const SparseOptions& options) {
  SparseOptions named = options;
  if (named.matrix.source.empty()) named.matrix.source = path == "-" ? "standard input" : path;
  return parse_mtx(file::read(path), named);
}

}  // namespace xchg::kmedoids
