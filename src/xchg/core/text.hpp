// Small text functions: numbers for people, names by similarity.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xchg::text {

// "512 B", "1.50 KiB", "2.00 GiB": binary units, three digits.
std::string bytes(std::uint64_t count);

// "0.12 s", "3 min 05 s", "2 h 10 min".
std::string duration(double seconds);

// Shortest decimal text that reads back as the same double; "inf", "-inf", "nan" otherwise.
std::string exact(double value);

// At most `digits` significant digits, no trailing zeros: "98.13", "1.2e-09".
std::string brief(double value, int digits = 6);

// A count with thin grouping for people: 1234567 -> "1,234,567".
std::string grouped(std::uint64_t count);

// Levenshtein distance of two byte strings.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate most similar to `name` (at most a third of it differs, or two letters; ties to the first), or
// empty.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

// "did you mean 'x'?" with a leading space and the candidates where nothing is near; used in messages about
// names.
std::string suggestion(std::string_view name, const std::vector<std::string>& candidates);

// Columns of the terminal that a UTF-8 text takes (combining marks 0, wide East Asian characters 2).
std::size_t display_width(std::string_view utf8);

}  // namespace xchg::text
