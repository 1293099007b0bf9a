#include "xchg/core/csv.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <optional>

#include "xchg/core/csv_scan.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"

namespace xchg::csv {
namespace {

using scan::Kind;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::string count_of(std::size_t count, const char* thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

// What an error says that a number was expected instead of `text`.
std::string expected_number(std::string_view text) {
  const std::string_view trimmed = scan::trim(text);
  const bool comma = trimmed.find_first_not_of("0123456789,-+eE") == std::string_view::npos &&
                     std::count(trimmed.begin(), trimmed.end(), ',') == 1;
  return comma ? "a number with a decimal point" : "a number";
}

[[noreturn]] void throw_text(std::string_view text, Where where) {
  throw InputError("found text " + utf8::quoted(text), std::move(where), expected_number(text));
}

[[noreturn]] void throw_missing(Where where) {
  throw InputError("a value is missing", std::move(where), "a number");
}

// Refuses what is no text in UTF-8 as a whole and returns it without its byte order mark.
std::string_view without_mark(std::string_view text, const std::string& source) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    throw InputError("is UTF-16", {source}, "UTF-8 text; convert it with: iconv -f utf-16 -t utf-8");
  const std::size_t zero = text.find('\0');
  if (zero != std::string_view::npos) {
    const auto line = static_cast<std::size_t>(std::count(text.begin(), text.begin() + zero, '\n')) + 1;
    throw InputError("holds a zero byte", {source, line, 0, {}}, "text, not a binary file");
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

void check(const Options& options) {
  if (options.decimal != '.' && options.decimal != ',')
    throw InputError("the decimal separator is not known", {}, "'.' or ','");
  const char c = options.delimiter;
  const bool of_cells =
      std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0 || c == options.decimal;
  if (c != 0 && (of_cells || std::string_view("\"\n\r+-.").find(c) != std::string_view::npos))
    throw InputError("the delimiter cannot be " + utf8::quoted({&c, 1}), {},
                     "a character that is in no number");
}

// Reads rows of numbers. Where columns turn out to be text it goes on and marks them, or, when it is strict,
// throws.
class Reader {
 public:
  Reader(std::string_view text, const Options& options, const std::string& source, bool strict)
      : text_(without_mark(text, source)),
        source_(source),
        classify_(options),
        scanner_(text_, scan::detect(text_, options, classify_), source),
        text_end_(text_.data() + text_.size()),
        strict_(strict) {
    read_first_row(options.header);
    // Up to the last line end that has 8 bytes behind it, the fast path may read without looking for the end.
    const std::size_t safe = text_.size() < 8 ? 0 : text_.size() - 8;
    const std::size_t last = text_.substr(0, safe).find_last_of("\n\r");
    fast_end_ = options.decimal == '.' && last != std::string_view::npos ? text_.data() + last : nullptr;
  }

  std::size_t columns() const { return names_.size(); }
  const std::vector<std::string>& names() const { return names_; }
  bool had_header() const { return had_header_; }
  char delimiter() const { return scanner_.dialect().delimiter; }
  bool is_text(std::size_t column) const { return is_text_[column] != 0; }
  std::size_t first_text_row(std::size_t column) const { return first_text_row_[column]; }
  const Lines& lines() const { return lines_; }
  std::size_t rows() const { return rows_; }

  // Reads the next row into columns() numbers at `out`, NaN where missing or text; false at the end.
  bool read_numbers(double* out);

  // How many rows there are, about, once some have been read.
  std::size_t estimated_rows() const {
    const auto used = static_cast<double>(scanner_.position() - body_);
    const auto all = static_cast<double>(text_.data() + text_.size() - body_);
    return rows_ == 0 ? 0 : static_cast<std::size_t>(static_cast<double>(rows_) * all / used * 1.02) + 16;
  }

  // After the last row: throws if a column of numbers has one too large, and if there was no row.
  void finish() const;

  // Reads the texts of the text columns of `table`, in a second pass.
  void read_texts(Table& table);

 private:
  void read_first_row(Header header);
  const char* read_fast(double* out, std::size_t& column);
  void read_slow(double* out, std::size_t column, std::size_t line);
  void take_other(Kind kind, std::string_view cell, const Where& where);
  Where place(std::size_t line, std::size_t column) const { return {source_, line, column + 1, {}}; }
  [[noreturn]] void throw_ragged(std::size_t cells, std::size_t line) const;

  std::string_view text_;
  const std::string& source_;
  scan::Classifier classify_;
  scan::Scanner scanner_;
  const char* text_end_;
  bool strict_;
  const char* fast_end_ = nullptr;
  const char* body_ = nullptr;  // where the rows begin, below the header
  std::size_t body_line_ = 1;
  std::size_t first_line_ = 1;  // of the first row, header or not
  bool had_header_ = false;
  std::size_t rows_ = 0;
  Lines lines_;
  std::vector<std::string> names_;
  std::vector<char> is_text_;
  std::vector<std::size_t> first_text_row_;
  std::vector<std::optional<InputError>> too_large_;  // one a column; an error if it stays one of numbers
};

void Reader::read_first_row(Header header) {
  if (!scanner_.start_row()) throw InputError("is empty", {source_}, "a table");
  const char* start = scanner_.position();
  first_line_ = scanner_.line();
  bool some_text = false, some_data = false;
  for (bool last = false; !last;) {
    std::string_view cell;
    last = scanner_.read_cell(cell, names_.size() + 1);
    double value = 0;
    const Kind kind = classify_(cell, value);
    some_text = some_text || kind == Kind::Text;
    some_data = some_data || (kind != Kind::Text && !scan::trim(cell).empty());
    names_.emplace_back(scan::trim(cell));
  }
  had_header_ = header == Header::Yes || (header == Header::Auto && some_text && !some_data);
  if (!had_header_) scanner_.move_to(start, first_line_);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (had_header_) scan::require_utf8(names_[i], place(first_line_, i));
    if (!had_header_ || names_[i].empty()) names_[i] = "column " + std::to_string(i + 1);
  }
  body_ = scanner_.position();
  body_line_ = scanner_.line();
  is_text_.assign(names_.size(), 0);
  first_text_row_.assign(names_.size(), 0);
  too_large_.assign(names_.size(), std::nullopt);
}

void Reader::throw_ragged(std::size_t cells, std::size_t line) const {
  throw InputError("the row has " + count_of(cells, "cell"), {source_, line, 0, {}},
                   count_of(columns(), "cell") + " as in line " + std::to_string(first_line_));
}

// Reads plain numbers as long as there are some, without looking for anything else, and leaves `column` at
// the first cell that it did not read; that cell is at the position returned.
const char* Reader::read_fast(double* out, std::size_t& column) {
  const char* position = scanner_.position();
  const char delimiter = scanner_.dialect().delimiter;
  const std::size_t last = columns() - 1;
  while (position <= fast_end_ && is_text_[column] == 0) {
    while (*position == ' ') ++position;
    double value = 0;
    const char* next = scan::plain_number(position, value);
    if (next == nullptr) next = scan::long_number(position, text_end_, value);
    if (next == nullptr) break;
    const char* number_end = next;
    while (*next == ' ') ++next;
    if (column == last || delimiter == ' ') {
      // Blanks before a line end are no delimiter.
      if (scan::is_line_end(*next) != (column == last)) break;
      if (column != last && next == number_end) break;
    } else if (*next++ != delimiter) {
      break;
    }
    out[column] = value;
    position = next;
    if (++column > last) break;
  }
  return position;
}

bool Reader::read_numbers(double* out) {
  if (!scanner_.start_row()) return false;
  const std::size_t line = scanner_.line();
  std::size_t column = 0;
  scanner_.move_to(read_fast(out, column));
  if (column == columns()) {
    scanner_.take_line_end();
  } else {
    read_slow(out, column, line);
  }
  lines_.add(rows_, line);
  ++rows_;
  return true;
}

// Reads the rest of a row cell by cell, and plain numbers between them the fast way.
void Reader::read_slow(double* out, std::size_t column, std::size_t line) {
  for (bool last = false; !last;) {
    if (column == columns()) {
      std::string_view cell;
      while (!scanner_.read_cell(cell, ++column)) continue;
      throw_ragged(column, line);
    }
    const std::size_t cell_line = scanner_.line();
    std::string_view cell;
    last = scanner_.read_cell(cell, column + 1);
    double value = not_a_number;
    const Kind kind = is_text_[column] != 0 ? Kind::Missing : classify_(cell, value);
    if (kind == Kind::Text || kind == Kind::TooLarge || (strict_ && kind == Kind::Missing)) {
      const Where where = place(cell_line, column);
      if (strict_ && kind == Kind::Missing) throw_missing(where);
      if (strict_ && kind == Kind::Text) throw_text(cell, where);
      take_other(kind, cell, where);
    }
    out[column++] = value;
    if (last || column == columns()) continue;
    const char* position = read_fast(out, column);
    scanner_.move_to(position);
    if (column == columns()) {
      scanner_.take_line_end();
      return;
    }
  }
  if (column != columns()) throw_ragged(column, line);
}

void Reader::take_other(Kind kind, std::string_view cell, const Where& where) {
  const std::size_t column = where.column - 1;
  if (kind == Kind::Text) {
    is_text_[column] = 1;
    first_text_row_[column] = rows_;
  } else if (!too_large_[column]) {
    too_large_[column] = InputError("the number " + utf8::quoted(cell) + " is too large", where,
                                    "a number below 1.8e308 in size");
    if (strict_) throw *too_large_[column];
  }
}

void Reader::finish() const {
  if (rows_ == 0)
    throw InputError("has a header and no row", {source_, first_line_, 0, {}}, "at least one row");
  for (std::size_t i = 0; i < columns(); ++i) {
    if (too_large_[i] && is_text_[i] == 0) throw *too_large_[i];
  }
}

void Reader::read_texts(Table& table) {
  scanner_.move_to(body_, body_line_);
  for (std::size_t row = 0; row < rows_; ++row) {
    scanner_.start_row();
    for (std::size_t column = 0; column < columns(); ++column) {
      const std::size_t line = scanner_.line();
      std::string_view cell;
      scanner_.read_cell(cell, column + 1);
      if (is_text_[column] == 0) continue;
      if (classify_.is_missing(cell)) {
        ++table.columns[column].missing;
        cell = {};
      }
      scan::require_utf8(cell, place(line, column));
      table.columns[column].texts.emplace_back(cell);
    }
  }
}

// Rows are read in blocks that stay in the cache until they are stored where they belong.
std::size_t rows_of_a_block(std::size_t columns) { return std::max<std::size_t>(1, 2048 / columns); }

// Reads as many rows as fit the block, fewer at the end of the text.
std::size_t read_block(Reader& reader, std::vector<double>& block) {
  const std::size_t rows = block.size() / reader.columns();
  std::size_t count = 0;
  while (count < rows && reader.read_numbers(block.data() + count * reader.columns())) ++count;
  return count;
}

// Moves `count` rows from a row-major block to the columns.
void append_rows(std::vector<Column>& columns, const std::vector<double>& block, std::size_t count) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::vector<double>& numbers = columns[i].numbers;
    for (std::size_t row = 0; row < count; ++row) {
      const double value = block[row * columns.size() + i];
      columns[i].missing += std::isnan(value) ? 1 : 0;
      numbers.push_back(value);
    }
  }
}

}  // namespace

void Lines::add(std::size_t row, std::size_t line) {
  if (jumps_.empty() || line - row != jumps_.back().second - jumps_.back().first)
    jumps_.emplace_back(row, line);
}

std::size_t Lines::operator[](std::size_t row) const {
  auto after = std::upper_bound(jumps_.begin(), jumps_.end(), row,
                                [](std::size_t value, const auto& jump) { return value < jump.first; });
  if (after == jumps_.begin()) return 0;
  --after;
  return after->second + (row - after->first);
}

bool Column::is_missing(std::size_t row) const {
  return type == Type::Number ? std::isnan(numbers[row]) : texts[row].empty();
}

bool Column::is_whole() const {
  return type == Type::Number && std::all_of(numbers.begin(), numbers.end(), [](double value) {
           return std::isnan(value) || (std::abs(value) <= 0x1p53 && value == std::trunc(value));
         });
}

std::size_t Table::index(std::string_view name) const {
  std::vector<std::string> names;
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    names.push_back(columns[i].name);
    if (columns[i].name != name) continue;
    if (found) throw InputError("has several columns named " + utf8::quoted(name), {source}, "one");
    found = i;
  }
  if (!found) {
    throw InputError("has no column " + utf8::quoted(name) + text::suggestion(name, names), {source});
  }
  return *found;
}

const std::vector<double>& Table::numbers(std::size_t column) const {
  const Column& chosen = columns.at(column);
  const auto place = [&](std::size_t row) { return Where{source, lines[row], column + 1, {}}; };
  if (chosen.type == Column::Type::Text)
    throw_text(chosen.texts[chosen.first_text_row], place(chosen.first_text_row));
  if (chosen.missing != 0) {
    const auto first = std::find_if(chosen.numbers.begin(), chosen.numbers.end(),
                                    [](double value) { return std::isnan(value); });
    throw_missing(place(static_cast<std::size_t>(first - chosen.numbers.begin())));
  }
  return chosen.numbers;
}

Table parse(std::string_view text, const Options& options, std::string source) {
  check(options);
  Reader reader(text, options, source, false);
  Table table;
  for (const std::string& name : reader.names()) table.columns.emplace_back().name = name;
  const std::size_t block_rows = rows_of_a_block(reader.columns());
  std::vector<double> block(block_rows * reader.columns());
  for (std::size_t count = block_rows; count == block_rows;) {
    count = read_block(reader, block);
    append_rows(table.columns, block, count);
    if (table.rows == 0) {
      for (Column& column : table.columns) column.numbers.reserve(reader.estimated_rows());
    }
    table.rows += count;
  }
  reader.finish();
  bool some_text = false;
  for (std::size_t i = 0; i < reader.columns(); ++i) {
    if (!reader.is_text(i)) continue;
    Column& column = table.columns[i];
    column.type = Column::Type::Text;
    column.numbers = {};
    column.missing = 0;
    column.first_text_row = reader.first_text_row(i);
    column.texts.reserve(table.rows);
    some_text = true;
  }
  if (some_text) reader.read_texts(table);
  table.had_header = reader.had_header();
  table.delimiter = reader.delimiter();
  table.lines = reader.lines();
  table.source = std::move(source);
  return table;
}

Matrix parse_matrix(std::string_view text, const Options& options, std::string source) {
  check(options);
  Reader reader(text, options, source, true);
  Matrix result;
  result.columns = reader.columns();
  const std::size_t block_rows = rows_of_a_block(reader.columns());
  std::vector<double> block(block_rows * reader.columns());
  for (std::size_t count = block_rows; count == block_rows;) {
    count = read_block(reader, block);
    result.values.insert(result.values.end(), block.data(), block.data() + count * result.columns);
    if (result.rows == 0) result.values.reserve(reader.estimated_rows() * result.columns);
    result.rows += count;
  }
  reader.finish();
  result.names = reader.names();
  result.had_header = reader.had_header();
  result.lines = reader.lines();
  result.source = std::move(source);
  return result;
}

namespace {

std::string name_of(const std::filesystem::path& path) {
  return path == "-" ? "standard input" : path.string();
}

}  // namespace

Table read(const std::filesystem::path& path, const Options& options) {
  return parse(file::read(path), options, name_of(path));
}

Matrix read_matrix(const std::filesystem::path& path, const Options& options) {
  return parse_matrix(file::read(path), options, name_of(path));
}

Matrix matrix(const Table& table, std::span<const std::size_t> columns) {
  Matrix result;
  result.source = table.source;
  result.rows = table.rows;
  result.columns = columns.size();
  result.had_header = table.had_header;
  result.lines = table.lines;
  result.values.resize(result.rows * result.columns);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::vector<double>& numbers = table.numbers(columns[i]);
    result.names.push_back(table.columns[columns[i]].name);
    for (std::size_t row = 0; row < result.rows; ++row)
      result.values[row * result.columns + i] = numbers[row];
  }
  return result;
}

}  // namespace xchg::csv
