// Second moments of files that are larger than memory.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <optional>

#include "xchg/core/csv.hpp"
#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/npy.hpp"
#include "xchg/core/threads.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/data/array.hpp"
#include "xchg/dag/data/moments.hpp"
#include "xchg/dag/data/names.hpp"
#include "xchg/dag/data/table.hpp"

namespace xchg::dag {
namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 20;

// The options that need more than the rows of a piece.
bool takes_whole_table(const ReadOptions& read, const GramOptions& options) {
  const bool ranks =
      std::any_of(read.transforms.begin(), read.transforms.end(),
                  [](const Transform& transform) { return transform.function == Transform::Function::Rank; });
  return ranks || !read.regime.empty() || !options.targets.empty() || options.missing == Missing::Pairwise ||
         options.missing == Missing::Em || read.missing == Missing::Pairwise || read.missing == Missing::Em ||
         read.two_valued_text || read.drop_constant;
}

// Second moments of pieces.
class Sum {
 public:
  Sum(const std::filesystem::path& path, const GramOptions& options, Progress& progress)
      : source_(path.string()),
        options_(options),
        threads_(resolve_threads(options.threads)),
        progress_(progress) {}

  void add(std::span<const double> x, std::size_t columns) {
    if (progress_.cancelled()) throw CancelledError("cancelled while " + source_ + " was read");
    if (!sum_) sum_.emplace(columns, options_.center, threads_);
    sum_->add(x);
    rows_ += x.size() / columns;
  }

  Gram gram(std::vector<std::string> names) {
    if (rows_ < 2) {
      throw InputError("has " + std::to_string(rows_) + " row" + (rows_ == 1 ? "" : "s") + " to learn from",
                       {source_}, "at least 2");
    }
    Gram::Part whole = sum_->moments();
    Gram result{
        std::move(whole.s), whole.n, std::move(whole.mean), std::move(names), options_.center, {}, {}};
    check_gram(result, source_);
    return options_.standardize ? standardized(result) : result;
  }

 private:
  std::string source_;
  GramOptions options_;
  int threads_;
  Progress& progress_;
  std::optional<MomentSum> sum_;
  std::size_t rows_ = 0;
};

// Rows of a table piece by piece: every piece ends where a row does.
class Pieces {
 public:
  explicit Pieces(const std::filesystem::path& path) : in_(path, std::ios::binary) {
    if (!in_) throw InputError("cannot be opened", {path.string()});
  }

  // Whole rows, perhaps none but at the end of the file, when it returns false.
  bool next(std::string& piece) {
    piece = std::move(rest_);
    rest_.clear();
    const std::size_t old = piece.size();
    piece.resize(old + piece_bytes);
    in_.read(piece.data() + old, static_cast<std::streamsize>(piece_bytes));
    piece.resize(old + static_cast<std::size_t>(in_.gcount()));
    if (!in_) return false;
    const std::size_t end = end_of_rows(piece, false);
    rest_ = piece.substr(end);
    piece.resize(end);
    return true;
  }

  // Behind the last line end (or the first that text comes before) that is in no quotes; 0 when there is
  // none.
  static std::size_t end_of_rows(std::string_view text, bool first) {
    bool quoted = false, some = false;
    std::size_t end = 0;
    // The last character waits for its successor, as CR LF is one line end.
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
      const char c = text[i];
      if (c == '"') quoted = !quoted;
      const bool line_end = !quoted && (c == '\n' || (c == '\r' && text[i + 1] != '\n'));
      if (line_end) end = i + 1;
      if (line_end && first && some) return end;
      some = some || (c != '\n' && c != '\r' && c != ' ' && c != '\t');
    }
    return end;
  }

 private:
  std::ifstream in_;
  std::string rest_;
};

std::size_t count_lines(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    count += text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')) ? 1 : 0;
  return count;
}

// What the first piece says about all of them.
struct Format {
  csv::Options options;
  std::string header;  // what stands before the rows of later pieces, so that columns keep their names
};

Format format_of(const std::string& first_piece, const std::string& source) {
  constexpr std::size_t sample_bytes = std::size_t{1} << 16;
  std::string sample = first_piece.substr(0, sample_bytes);
  if (sample.size() < first_piece.size()) sample.resize(Pieces::end_of_rows(sample, false));
  const csv::Table table = csv::parse(sample.empty() ? first_piece : sample, {}, source);
  Format format;
  format.options.delimiter = table.delimiter;
  format.options.header = table.had_header ? csv::Header::Yes : csv::Header::No;
  if (table.had_header) format.header = first_piece.substr(0, Pieces::end_of_rows(first_piece, true));
  return format;
}

// An error in a piece, by the lines of the file.
[[noreturn]] void rethrow_at(const InputError& error, std::size_t header_lines, std::size_t lines_before) {
  Where where = error.where();
  if (where.line > header_lines) where.line += lines_before - header_lines;
  throw InputError(error.problem(), where, error.expected());
}

Gram of_text(const std::filesystem::path& path, const ReadOptions& read, const GramOptions& options,
             Progress& progress) {
  const std::string source = path.string();
  Pieces pieces(path);
  progress.begin("second moments", static_cast<double>(std::filesystem::file_size(path)), "bytes");
  Sum sum(path, options, progress);
  std::optional<Format> format;
  std::vector<std::string> names;
  std::string piece;
  std::size_t lines_before = 0;
  double done = 0;
  for (bool more = true; more;) {
    more = pieces.next(piece);
    done += static_cast<double>(piece.size());
    const bool first = !format;
    if (piece.find_first_not_of(" \t\r\n") == std::string::npos && !(first && !more)) {
      lines_before += count_lines(piece);
      continue;
    }
    if (first) format = format_of(piece, source);
    const std::string head = first ? "" : format->header;
    try {
      const Data data = parse_rows(head + piece, format->options, read, source, false);
      if (first) names = data.names;
      if (data.names != names)
        throw InputError("a row has another number of cells than those before", {source, 1}, "the same");
      if (data.rows() > 0) sum.add(data.x.values, data.nodes());
    } catch (const InputError& error) {
      rethrow_at(error, count_lines(head), lines_before);
    }
    lines_before += count_lines(piece);
    progress.update(done);
  }
  return sum.gram(std::move(names));
}

Gram of_array(const std::filesystem::path& path, const GramOptions& options, Progress& progress) {
  const npy::MappedArray array(path);
  const std::size_t rows = array.header().shape[0], columns = array.header().shape[1];
  const std::span<const double> values = array.values<double>();
  const std::size_t piece = std::max<std::size_t>(1, piece_bytes * 8 / (columns * sizeof(double)));
  progress.begin("second moments", static_cast<double>(rows), "rows");
  Sum sum(path, options, progress);
  for (std::size_t from = 0; from < rows; from += piece) {
    const auto x = values.subspan(from * columns, std::min(piece, rows - from) * columns);
    const auto wrong = std::find_if(x.begin(), x.end(), [](double v) { return !std::isfinite(v); });
    if (wrong != x.end()) {
      const std::size_t at = from * columns + static_cast<std::size_t>(wrong - x.begin());
      throw InputError("has a value that is missing or infinite",
                       {path.string(), at / columns + 1, at % columns + 1}, "finite numbers");
    }
    sum.add(x, columns);
    progress.update(static_cast<double>(std::min(rows, from + piece)));
  }
  return sum.gram(numbered_names(columns));
}

// Doubles as they lie in memory; others are read whole.
bool is_mappable(const std::filesystem::path& path) {
  const file::Mapped file(path);
  const npy::Header header = npy::parse_header(file.bytes(), path.string());
  return header.type == npy::Type::Float64 && !header.fortran_order && !header.big_endian &&
         header.data_offset % sizeof(double) == 0 && header.shape.size() == 2 && header.count() > 0;
}

bool is_array_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  char start[6] = {};
  in.read(start, sizeof start);
  return is_array({start, sizeof start});
}

}  // namespace

Gram gram_of_file(const std::filesystem::path& path, const ReadOptions& read, const GramOptions& options,
                  Progress& progress) {
  if (takes_whole_table(read, options) || !std::filesystem::is_regular_file(path))
    return gram(read_data(path, read), options, progress);
  if (!is_array_file(path)) return of_text(path, read, options, progress);
  const bool plain = read.transforms.empty() && read.where.empty() && read.ignore.empty() &&
                     read.missing == Missing::Error && options.missing == Missing::Error;
  return plain && is_mappable(path) ? of_array(path, options, progress)
                                    : gram(read_data(path, read), options, progress);
}

}  // namespace xchg::dag
