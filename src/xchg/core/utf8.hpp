// UTF-8 (RFC 3629): which bytes are characters, and text made fit for messages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace xchg::utf8 {

// Bytes of the character at the start of `text`; 0 when there is none (no surrogates, no overlong forms,
// nothing above U+10FFFF).
std::size_t length(std::string_view text);

// Where the first byte is that belongs to no character; npos when all is well.
std::size_t find_invalid(std::string_view text);

// The text with U+FFFD for each byte that belongs to no character.
std::string repaired(std::string_view text);

// The text for a message: in double quotes, at most about `longest` bytes of it, '?' for control characters
// and for bytes that belong to no character.
std::string quoted(std::string_view text, std::size_t longest = 40);

}  // namespace xchg::utf8
