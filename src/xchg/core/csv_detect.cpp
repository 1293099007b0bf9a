// Which delimiter a text uses.
#include <algorithm>
#include <array>

#include "xchg/core/csv_scan.hpp"

namespace xchg::csv::scan {
namespace {

constexpr std::size_t sample_bytes = std::size_t{1} << 20;
constexpr std::size_t sample_rows = 50;

// What the first rows look like when cut by one delimiter.
struct Trial {
  std::size_t rows = 0;
  std::size_t cells = 0;
  std::size_t columns = 0;  // of the first row
  bool even = true;         // each row has as many cells as the first one
  bool numeric = true;      // below the first row, or in the only one, there are numbers alone
};

Trial try_delimiter(std::string_view text, bool whole, const Dialect& dialect, const Classifier& classify) {
  static const std::string nameless;
  Scanner scanner(text, dialect, nameless);
  Trial trial;
  try {
    while (trial.rows < sample_rows && scanner.start_row()) {
      std::size_t columns = 0;
      bool numeric = true;
      for (bool last = false; !last;) {
        std::string_view cell;
        double value = 0;
        last = scanner.read_cell(cell, ++columns);
        numeric = numeric && classify(cell, value) != Kind::Text;
      }
      const bool cut_short = !whole && scanner.position() == text.data() + text.size();
      if (cut_short && trial.rows > 0) break;
      if (trial.rows == 0) trial.columns = columns;
      trial.numeric = numeric && (trial.rows <= 1 || trial.numeric);
      trial.even = trial.even && columns == trial.columns;
      trial.cells += columns;
      ++trial.rows;
    }
  } catch (const InputError&) {
    trial.even = false;  // a quote that this delimiter tears apart
  }
  return trial;
}

}  // namespace

Dialect detect(std::string_view text, const Options& options, const Classifier& classify) {
  Dialect dialect{options.delimiter, options.decimal, options.comment};
  if (dialect.delimiter != 0) return dialect;
  const bool whole = text.size() <= sample_bytes;
  text = text.substr(0, sample_bytes);
  char best = ',';
  std::size_t best_cells = 0;
  // The comma comes last: it is also a decimal separator and punctuation.
  for (const char candidate : {'\t', ';', '|', ','}) {
    if (candidate == options.decimal || candidate == options.comment) continue;
    dialect.delimiter = candidate;
    const Trial trial = try_delimiter(text, whole, dialect, classify);
    if (trial.even && trial.columns > 1) return dialect;
    const std::size_t more_cells = trial.cells - std::min(trial.cells, trial.rows);
    if (more_cells > best_cells) {
      best_cells = more_cells;
      best = candidate;
    }
  }
  dialect.delimiter = ' ';
  const Trial blanks = try_delimiter(text, whole, dialect, classify);
  const bool by_blanks = blanks.numeric && blanks.columns > 1 && (blanks.even || best_cells == 0);
  if (!by_blanks) dialect.delimiter = best == options.decimal ? ';' : best;
  return dialect;
}

}  // namespace xchg::csv::scan
