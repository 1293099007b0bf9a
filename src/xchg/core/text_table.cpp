#include "xchg/core/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"

namespace xchg::text {
namespace {

bool is_control(char byte) { return static_cast<unsigned char>(byte) < 0x20U || byte == 0x7F; }

void append_line(std::string& text, const std::vector<std::string>& cells,
                 const std::vector<std::size_t>& widths, const std::vector<Table::Column>& columns) {
  std::string line;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    const std::string padding(widths[c] - display_width(cells[c]), ' ');
    if (c > 0) line += "  ";
    line += columns[c].align == Table::Align::Right ? padding + cells[c] : cells[c] + padding;
  }
  line.resize(line.find_last_not_of(' ') + 1);
  text += line + '\n';
}

}  // namespace

std::string shortened(const std::string& text, std::size_t width) {
  if (display_width(text) <= width) return text;
  if (width == 0) return "";
  std::size_t end = 0;
  while (end < text.size()) {
    const std::size_t next = end + std::max<std::size_t>(utf8::length(std::string_view(text).substr(end)), 1);
    if (display_width(std::string_view(text).substr(0, next)) > width - 1) break;
    end = next;
  }
  return text.substr(0, end) + "…";
}

void Table::add_row(std::vector<std::string> cells) {
  if (cells.size() != columns_.size()) {
    throw InputError(
        fmt::format("a row of {} cells in a table of {} columns", cells.size(), columns_.size()));
  }
  for (std::size_t c = 0; c < cells.size(); ++c) {
    std::replace_if(cells[c].begin(), cells[c].end(), is_control, ' ');
    cells[c] = shortened(cells[c], columns_[c].most_width);
  }
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<std::string> titles;
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) {
    titles.push_back(column.title);
    widths.push_back(display_width(column.title));
  }
  for (const auto& row : rows_) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], display_width(row[c]));
  }
  std::size_t whole = widths.empty() ? 0 : 2 * (widths.size() - 1);
  for (const std::size_t width : widths) whole += width;
  std::string text;
  append_line(text, titles, widths, columns_);
  text += std::string(whole, '-') + '\n';
  for (const auto& row : rows_) append_line(text, row, widths, columns_);
  return text;
}

}  // namespace xchg::text
