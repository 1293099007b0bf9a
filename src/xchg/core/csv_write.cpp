#include <array>
#include <charconv>
#include <cmath>

#include "xchg/core/csv.hpp"
#include "xchg/core/file.hpp"

namespace xchg::csv {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool needs_quotes(std::string_view text, char delimiter) {
  if (text.empty()) return delimiter == ' ';
  if (is_blank(text.front()) || is_blank(text.back()) || text.starts_with("\xEF\xBB\xBF")) return true;
  constexpr std::string_view always("\"\r\n");
  return text.find_first_of(always) != std::string_view::npos ||
         text.find(delimiter) != std::string_view::npos ||
         (delimiter == ' ' && text.find('\t') != std::string_view::npos);
}

}  // namespace

void Writer::begin_cell() {
  if (cells_++ != 0) text_ += delimiter_;
}

Writer& Writer::cell(double number) {
  if (std::isnan(number)) return cell(std::string_view());
  begin_cell();
  std::array<char, 32> buffer;
  text_.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr);
  return *this;
}

Writer& Writer::cell(std::string_view text) {
  begin_cell();
  if (!needs_quotes(text, delimiter_)) {
    text_ += text;
    return *this;
  }
  text_ += '"';
  for (const char c : text) {
    if (c == '"') text_ += '"';
    text_ += c;
  }
  text_ += '"';
  return *this;
}

void Writer::end_row() {
  if (text_.size() == row_start_) text_ += "\"\"";  // an empty line would be no row
  text_ += '\n';
  row_start_ = text_.size();
  cells_ = 0;
}

std::string format(const Table& table, const WriteOptions& options) {
  Writer writer(options.delimiter);
  if (options.header) {
    for (const Column& column : table.columns) writer.cell(column.name);
    writer.end_row();
  }
  for (std::size_t row = 0; row < table.rows; ++row) {
    for (const Column& column : table.columns) {
      if (column.type == Column::Type::Number) {
        writer.cell(column.numbers[row]);
      } else {
        writer.cell(column.texts[row]);
      }
    }
    writer.end_row();
  }
  return writer.text();
}

void write(const std::filesystem::path& path, const Table& table, const WriteOptions& options) {
  file::write_atomically(path, format(table, options));
}

}  // namespace xchg::csv
