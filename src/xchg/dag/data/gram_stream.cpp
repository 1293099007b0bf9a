// Second moments of files that are larger than memory.
#include <algorithm>
#include <cmath>
#include <fstream>

#include "xchg/core/csv.hpp"
#include "xchg/core/error.hpp"
#include "xchg/core/npy.hpp"
#include "xchg/core/threads.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/data/moments.hpp"
#include "xchg/dag/data/names.hpp"
#include "xchg/dag/data/table.hpp"

namespace xchg::dag {
namespace {

constexpr std::size_t piece_bytes = std::size_t{4} << 20;

// The options that need more than the rows of a piece.
bool takes_whole_table(const ReadOptions& read, const GramOptions& options) {
  const bool ranks =
      std::any_of(read.transforms.begin(), read.transforms.end(),
                  [](const Transform& transform) { return transform.function == Transform::Function::Rank; });
  return ranks || !read.regime.empty() || !options.targets.empty() || options.missing == Missing::Pairwise ||
         options.missing == Missing::Em || read.missing == Missing::Pairwise || read.missing == Missing::Em ||
         read.two_valued_text || read.drop_constant;
}

class Sum {
 public:
  Sum(const GramOptions& options) : options_(options), threads_(resolve_threads(options.threads)) {}

  void add(std::span<const double> x, std::size_t columns) {
    const auto rows = static_cast<std::int64_t>(x.size() / columns);
    Gram::Part part = moments(x, rows, columns, options_.center, threads_, Isa::Auto);
    whole_ = whole_.n == 0 ? std::move(part) : merged(whole_, part, options_.center);
  }

  Gram gram(std::vector<std::string> names) {
    Gram result{
        std::move(whole_.s), whole_.n, std::move(whole_.mean), std::move(names), options_.center, {}, {}};
    check_gram(result, "table");
    return options_.standardize ? standardized(result) : result;
  }

 private:
  GramOptions options_;
  int threads_;
  Gram::Part whole_;
};

// Lines of a text file in pieces, each with the first line before it.
Gram of_text(const std::filesystem::path& path, const ReadOptions& read, const GramOptions& options,
             Progress& progress) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError("cannot be opened", {path.string()});
  std::error_code ignored;
  progress.begin("second moments", static_cast<double>(std::filesystem::file_size(path, ignored)), "bytes");
  std::string header, piece, rest;
  std::getline(in, header);
  // Without a header the first line is data; csv::parse tells.
  const bool has_header = csv::parse(header + "\n" + header + "\n").had_header;
  Sum sum(options);
  std::vector<std::string> names;
  double done = 0;
  std::size_t first_line = 2;
  piece.resize(piece_bytes);
  bool first = true;
  while (in || !rest.empty()) {
    if (progress.cancelled()) throw CancelledError("cancelled while " + path.string() + " was read");
    in.read(piece.data(), static_cast<std::streamsize>(piece_bytes));
    const auto got = static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0));
    std::string text = rest + piece.substr(0, got);
    const bool last = !in;
    const std::size_t end = last ? text.size() : text.rfind('\n') + 1;
    rest = last ? "" : text.substr(end);
    text.resize(end);
    if (text.find_first_not_of(" \t\r\n") != std::string::npos || first) {
      const std::string head = has_header || first ? header + "\n" : "";
      try {
        const Data data = parse_rows(head + text, read, path.string(), false);
        if (names.empty()) names = data.names;
        if (data.names.size() != names.size())
          throw InputError("rows have different numbers of cells", {path.string()});
        if (data.rows() > 0) sum.add(data.x.values, data.nodes());
      } catch (const InputError& error) {
        if (error.where().line == 0 || first) throw;
        Where where = error.where();
        where.line += first_line - (head.empty() ? 1 : 2);
        throw InputError(error.problem(), where, error.expected());
      }
    }
    first_line += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    first = false;
    done += static_cast<double>(got);
    progress.update(done);
    if (last) break;
  }
  return sum.gram(std::move(names));
}

Gram of_array(const std::filesystem::path& path, const GramOptions& options, Progress& progress) {
  const npy::MappedArray array(path);
  const npy::Header& header = array.header();
  const std::size_t rows = header.shape[0], columns = header.shape[1];
  const std::span<const double> values = array.values<double>();
  const std::size_t piece = std::max<std::size_t>(1, (piece_bytes * 8) / (columns * sizeof(double)));
  progress.begin("second moments", static_cast<double>(rows), "rows");
  Sum sum(options);
  for (std::size_t from = 0; from < rows; from += piece) {
    if (progress.cancelled()) throw CancelledError("cancelled while " + path.string() + " was read");
    const auto x = values.subspan(from * columns, std::min(piece, rows - from) * columns);
    if (std::any_of(x.begin(), x.end(), [](double v) { return !std::isfinite(v); })) {
      throw InputError("has values that are missing or infinite", {path.string()}, "finite numbers");
    }
    sum.add(x, columns);
    progress.update(static_cast<double>(std::min(rows, from + piece)));
  }
  return sum.gram(numbered_names(columns));
}

bool is_mappable(const std::filesystem::path& path) {
  if (path.extension() != ".npy") return false;
  const npy::MappedArray array(path);
  const npy::Header& header = array.header();
  return header.type == npy::Type::Float64 && !header.fortran_order && header.shape.size() == 2 &&
         array.count() > 0;
}

}  // namespace

Gram gram_of_file(const std::filesystem::path& path, const ReadOptions& read, const GramOptions& options,
                  Progress& progress) {
  const bool plain = read.transforms.empty() && read.where.empty() && read.ignore.empty();
  if (takes_whole_table(read, options) || !std::filesystem::is_regular_file(path)) {
    return gram(read_data(path, read), options, progress);
  }
  if (path.extension() == ".npy") {
    return plain && is_mappable(path) ? of_array(path, options, progress)
                                      : gram(read_data(path, read), options, progress);
  }
  return of_text(path, read, options, progress);
}

}  // namespace xchg::dag
