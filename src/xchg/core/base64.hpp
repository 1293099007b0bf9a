// Base64 (RFC 4648) with padding, for bytes inside text.
#pragma once

#include <string>
#include <string_view>

namespace xchg {

std::string base64(std::string_view bytes);

}  // namespace xchg
