// Tables as delimited text (CSV, RFC 4180, and its everyday variants).
//
// Reading takes one pass when all columns are numbers and two when some are text. Every error is an
// InputError that names the file, the line (from 1) and the number of the cell in its row (from 1).
//
// What is accepted: UTF-8 with or without a byte order mark; lines that end with LF, CR LF or CR, the last
// one perhaps not at all; quoted cells with doubled quotes, delimiters and line ends inside; blanks around a
// cell, which do not belong to it unless quoted. Lines of nothing but blanks are skipped. Quotes do not
// change what a cell is: "1.5" in quotes is a number, "" is missing.
//
// A number is what std::from_chars reads (decimal, perhaps with exponent; "inf" is infinity, which callers
// refuse where it makes no sense), perhaps with a leading '+'. One too large for a double is an error, one
// too small is rounded. A column is of numbers when each of its cells is a number or missing; otherwise it is
// text.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xchg::csv {

// Whether the first row holds the names of the columns.
enum class Header {
  Auto,  // the first row is a header when it has a text and no number; an empty cell there is no hindrance
  Yes,
  No
};

// How a table is read.
struct Options {
  Header header = Header::Auto;
  // Between cells. 0: found from the first rows, among , ; tab | or else blanks. ' ' means runs of blanks.
  char delimiter = 0;
  // Decimal separator: '.' or ','.
  char decimal = '.';
  // Lines that begin with this character are skipped; 0: there are none.
  char comment = 0;
  // What stands for a missing value, whatever its case. The empty cell always does.
  std::vector<std::string> missing = {"NA", "N/A", "NaN", "-NaN", "null", "?"};
};

// From rows (from 0) to lines of the file (from 1).
class Lines {
 public:
  // Row `row` begins on line `line`. Rows come in order.
  void add(std::size_t row, std::size_t line);
  std::size_t operator[](std::size_t row) const;

 private:
  std::vector<std::pair<std::size_t, std::size_t>> jumps_;  // (row, line) where line - row changes
};

// The cells of a column, all of one type.
struct Column {
  enum class Type { Number, Text };

  std::string name;  // from the header; "column 3" where that is empty or there is none
  Type type = Type::Number;
  std::vector<double> numbers;     // of a Number column: one a row, NaN where missing
  std::vector<std::string> texts;  // of a Text column: one a row, empty where missing
  std::size_t missing = 0;         // how many are missing
  std::size_t first_text_row = 0;  // of a Text column: the first row that holds no number

  bool is_missing(std::size_t row) const;
  // A Number column whose present values all are whole numbers that a double holds exactly.
  bool is_whole() const;
};

// Columns of numbers and texts, and where in the file their rows stand.
struct Table {
  std::string source;  // the file's name, for messages
  std::vector<Column> columns;
  std::size_t rows = 0;  // without the header
  bool had_header = false;
  char delimiter = ',';
  Lines lines;

  // The index of the column of that name. Throws InputError when there is none (names the nearest) or
  // several.
  std::size_t index(std::string_view name) const;
  // The values of a column that must be complete numbers. Throws InputError at the first cell that is not.
  const std::vector<double>& numbers(std::size_t column) const;
};

// Numbers alone, (rows, columns) row-major.
struct Matrix {
  std::string source;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> values;
  std::vector<std::string> names;  // of the columns, as in Column::name
  bool had_header = false;
  Lines lines;

  std::span<const double> row(std::size_t i) const { return std::span(values).subspan(i * columns, columns); }
};

// Reads a table; "-" is standard input. Throws InputError for wrong content, also when there is no row, and
// what file::read throws.
Table read(const std::filesystem::path& path, const Options& options = {});

// The same from text in memory; `source` names it in messages.
Table parse(std::string_view text, const Options& options = {}, std::string source = "table");

// Reads numbers alone, in one pass into one block. Throws InputError at the first cell that is missing or
// text.
Matrix read_matrix(const std::filesystem::path& path, const Options& options = {});
// The same from text in memory.
Matrix parse_matrix(std::string_view text, const Options& options = {}, std::string source = "table");

// Some columns of a table as a matrix. Throws InputError at the first cell that is missing or text.
Matrix matrix(const Table& table, std::span<const std::size_t> columns);

// How a table is written.
struct WriteOptions {
  bool header = true;
  char delimiter = ',';
};

// Builds delimited text row by row. Numbers are written as the shortest text that reads back as the same
// double, texts are quoted where they need it, and a text that would be read as a number or as missing is not
// protected: CSV has no types.
class Writer {
 public:
  explicit Writer(char delimiter = ',') : delimiter_(delimiter) {}
  Writer& cell(double number);  // NaN: an empty cell
  Writer& cell(std::string_view text);
  void end_row();
  const std::string& text() const { return text_; }

 private:
  void begin_cell();

  char delimiter_;
  std::string text_;
  std::size_t cells_ = 0;
  std::size_t row_start_ = 0;
};

// The table as text, such that parse() with the same header option gives the same table.
std::string format(const Table& table, const WriteOptions& options = {});

// Writes it to a file, atomically (see file::write_atomically for the errors).
void write(const std::filesystem::path& path, const Table& table, const WriteOptions& options = {});

}  // namespace xchg::csv
