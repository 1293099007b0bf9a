// The readers behind read_input(), one a kind of file. `text` is the whole file, `source` its name in
// messages.
#pragma once

#include <string>
#include <string_view>

#include "xchg/core/npy.hpp"
#include "xchg/kmedoids/input.hpp"

namespace xchg::kmedoids {

// Matrices of dissimilarities.
Input read_matrix_table(std::string_view text, const std::string& source, const InputOptions& options);
Input read_matrix_array(const npy::Array& array, const std::string& source, const InputOptions& options);
// The file itself, mapped.
Input read_matrix_file(const std::string& path, const InputOptions& options);
Input read_sparse(std::string_view text, const std::string& source, const InputOptions& options);
Input read_p_median(const std::string& path, const InputOptions& options);

// Raw data.
Input read_raw_table(std::string_view text, const std::string& source, const InputOptions& options);
Input read_raw_array(const npy::Array& array, const std::string& source, const InputOptions& options);
Input read_string_list(std::string_view text, const std::string& source, const InputOptions& options);

// Whether all of it is a number.
bool is_number(std::string_view word);
// Lines of the text, without their ends; none for what follows the last one.
std::vector<std::string> lines_of(std::string_view text);
// Whether every line is one word and not all are numbers.
bool is_word_list(std::string_view text);
bool is_array(std::string_view text);
bool is_matrix_market(std::string_view text);

// "FILE: 10 rows, 3 columns of numbers, a header, delimiter ','".
std::string shape_of(const csv::Table& table, std::string_view what, std::size_t columns);
// Which columns hold values, in order: all but those taken away.
std::vector<std::size_t> value_columns(const csv::Table& table, const std::vector<std::size_t>& away);
// Throws InputError at the first of these columns that holds texts.
void refuse_texts(const csv::Table& table, const std::vector<std::size_t>& columns, std::string_view advice);
// The line of the file of data row 0, if all rows follow it line by line; otherwise 0.
std::size_t first_line_of(const csv::Table& table);
// Throws InputError when options name columns of a file that has none.
void refuse_column_options(const InputOptions& options, const std::string& source, std::string_view what);

}  // namespace xchg::kmedoids
