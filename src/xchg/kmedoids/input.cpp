#include "xchg/kmedoids/input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <filesystem>

#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/text.hpp"
#include "xchg/kmedoids/input_parts.hpp"

namespace xchg::kmedoids {
namespace {

constexpr std::array<std::string_view, 6> format_names{"auto", "orlib", "csv", "npy", "mtx", "strings"};

// What the user says, or else the first bytes.
Format format_of(std::string_view text, const InputOptions& options) {
  if (options.format != Format::Auto) return options.format;
  if (is_array(text)) return Format::Npy;
  if (is_matrix_market(text)) return Format::Mtx;
  const bool strings =
      !options.precomputed && options.csv.header != csv::Header::Yes && options.types.empty() &&
      options.id_column.empty() && options.weight_column.empty() && options.drop_columns.empty() &&
      options.metric.value_or(Metric::Levenshtein) == Metric::Levenshtein && is_word_list(text);
  return strings ? Format::Strings : Format::Csv;
}

Input read_array(std::string_view text, const std::string& source, const InputOptions& options) {
  const npy::Array array = npy::parse(std::as_bytes(std::span(text)), source);
  return options.precomputed ? read_matrix_array(array, source, options)
                             : read_raw_array(array, source, options);
}

}  // namespace

Format parse_format(const std::string& text) {
  const auto found = std::find(format_names.begin(), format_names.end(), text);
  if (found != format_names.end()) return static_cast<Format>(found - format_names.begin());
  throw InputError("unknown format '" + text + "'" +
                   text::suggestion(text, {format_names.begin(), format_names.end()}));
}

bool is_number(std::string_view word) {
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc() && end == word.data() + word.size();
}

std::vector<std::string> lines_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool is_word_list(std::string_view text) {
  const std::vector<std::string> lines = lines_of(text);
  bool numbers = true;
  for (const std::string& line : lines) {
    if (line.find_first_of(",;\t| \"") != std::string::npos) return false;
    numbers = numbers && (line.empty() || is_number(line));
  }
  return !numbers;
}

bool is_array(std::string_view text) { return text.starts_with("\x93NUMPY"); }

bool is_matrix_market(std::string_view text) {
  constexpr std::string_view banner = "%%matrixmarket";
  return std::equal(banner.begin(), banner.end(), text.begin(),
                    text.begin() + static_cast<std::ptrdiff_t>(std::min(banner.size(), text.size())),
                    [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

void refuse_column_options(const InputOptions& options, const std::string& source, std::string_view what) {
  if (options.id_column.empty() && options.weight_column.empty() && options.drop_columns.empty() &&
      options.types.empty()) {
    return;
  }
  throw InputError(fmt::format("{} has no column names", what), {.file = source},
                   "no --id, --weights, --drop or --type, or a CSV table");
}

Input read_input(const std::string& path, const InputOptions& options) {
  if (options.format == Format::Orlib) return read_p_median(path, options);
  const bool array =
      options.format == Format::Npy || (options.format == Format::Auto && path.ends_with(".npy"));
  std::error_code ignored;
  if (array && options.precomputed && !options.packed && std::filesystem::is_regular_file(path, ignored))
    return read_matrix_file(path, options);
  const std::string text = file::read(path);
  const std::string source = path == "-" ? "standard input" : path;
  if (array) return read_array(text, source, options);
  switch (format_of(text, options)) {
    case Format::Npy:
      return read_array(text, source, options);
    case Format::Mtx:
      return read_sparse(text, source, options);
    case Format::Strings:
      return read_string_list(text, source, options);
    default:
      return options.precomputed ? read_matrix_table(text, source, options)
                                 : read_raw_table(text, source, options);
  }
}

}  // namespace xchg::kmedoids
