// Files as input of k-medoids: points or a dissimilarity matrix, with the names of the objects and their
// weights.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "xchg/core/csv.hpp"
#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

// What a file is.
enum class Format {
  Auto,   // NPY by its extension, otherwise CSV
  Orlib,  // a p-median instance, see orlib.hpp
};
// As in --format: "orlib". Throws InputError that lists the formats.
Format parse_format(const std::string& text);

struct InputOptions {
  Format format = Format::Auto;
  bool precomputed = false;  // the file is a square matrix of dissimilarities, CSV or NPY; otherwise points
  Orientation orientation = Orientation::Symmetric;
  bool zero_diagonal = false;
  Metric metric = Metric::Euclidean;
  std::string id_column;      // names of the objects; empty: a first column of texts in a matrix, else none
  std::string weight_column;  // points only
  std::vector<std::string> drop_columns;  // points only: not used for the distances
  csv::Options csv;
  Isa isa = Isa::Auto;
  int threads = 0;
  std::uint64_t memory_budget_bytes = 0;
};

struct Input {
  std::string source;
  Dissimilarity data;
  std::vector<std::string> ids;     // (n) or empty
  std::vector<double> weights;      // (n) or empty
  std::vector<std::string> fields;  // names of the coordinates; empty for a matrix
  std::vector<double> coordinates;  // (n, fields) row-major; empty for a matrix
  std::string note;                 // what was detected, one line for people
  std::optional<int> k = {};        // number of medoids, where the file says it
};

// Reads and checks all of it; "-" is standard input. Throws what the readers throw, and InputError for
// columns that do not exist or hold texts.
Input read_input(const std::string& path, const InputOptions& options);

}  // namespace xchg::kmedoids
