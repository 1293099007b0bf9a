// Internal: names of columns in messages.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace xchg::dag {

// Names "0", "1", … of columns that have none.
std::vector<std::string> numbered_names(std::size_t count);

// Throws InputError when a name comes twice, is not UTF-8 or has control characters other than tabs and ends
// of lines: no XML file could say it.
void require_names(const std::vector<std::string>& names, const std::string& source);

// "a", "b" and "c": at most `most` of them, then how many more.
std::string list_of(const std::vector<std::string>& names, std::size_t most = 10);
// Of the columns of these numbers.
std::string list_of(const std::vector<std::string>& names, std::span<const std::size_t> chosen,
                    std::size_t most = 10);

}  // namespace xchg::dag
