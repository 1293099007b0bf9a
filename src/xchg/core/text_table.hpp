// Tables on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace xchg::text {

// Rows of cells under titles, columns as wide as their widest cell as a terminal shows it (UTF-8, wide
// characters).
//
//   cluster  size  medoid
//   ---------------------
//         0    62  Lyons
class Table {
 public:
  enum class Align { Left, Right };
  struct Column {
    std::string title;
    Align align = Align::Right;
    std::size_t most_width = 40;  // a longer cell is cut and ends in "…"
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // One cell a column; throws InputError otherwise. Line ends and other control characters become blanks.
  void add_row(std::vector<std::string> cells);

  // Lines without trailing blanks, each with its line end.
  std::string text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// The beginning of a UTF-8 text that takes at most `width` columns of a terminal; cut texts end in "…".
std::string shortened(const std::string& text, std::size_t width);

}  // namespace xchg::text
