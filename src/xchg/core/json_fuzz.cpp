// Any bytes either are refused with an InputError or are a document; then the document written and read again
// is the same, and what nlohmann's own parser makes of the bytes is the same too.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "xchg/core/error.hpp"
#include "xchg/core/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace xchg;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  json::Value document;
  try {
    document = json::parse(text);
  } catch (const InputError& error) {
    // What the reference accepts is refused only for its keys or its depth, which have no line.
    if (json::Value::accept(text) && error.where().line != 0) std::abort();
    return 0;
  }
  if (json::parse(json::dump(document)) != document) std::abort();
  if (json::Value::parse(text) != document) std::abort();
  return 0;
}
