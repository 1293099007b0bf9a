// Text for HTML: escaping, and the inline markup of reports.
#pragma once

#include <string>
#include <string_view>

namespace xchg::report {

// Escaped for element content and quoted attributes. Control characters other than tab and newline are left
// out.
std::string escaped(std::string_view text);

// `code`, **bold** and [words](https://…) become elements, everything else is escaped. Markup that is not
// closed stays as it is written; only http and https links become links.
std::string marked_up(std::string_view text);

}  // namespace xchg::report
