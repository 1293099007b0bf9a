// Reading Gram matrices.
#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/data/square_table.hpp"

namespace xchg::dag {

Gram parse_gram(std::string_view text, std::int64_t n, const std::string& source) {
  SquareTable table = parse_square_table(text, source);
  Gram gram;
  gram.s = std::move(table.values);
  gram.names = std::move(table.names);
  gram.n = n;
  gram.mean.assign(gram.nodes(), 0.0);
  check_gram(gram, source);
  for (std::size_t i = 0; i < gram.nodes(); ++i) {
    for (std::size_t j = 0; j < i; ++j) gram.s(i, j) = gram.s(j, i) = gram.s(i, j) / 2 + gram.s(j, i) / 2;
  }
  return gram;
}

Gram read_gram(const std::filesystem::path& path, std::int64_t n) {
  return parse_gram(file::read(path), n, path == "-" ? "standard input" : path.string());
}

}  // namespace xchg::dag
