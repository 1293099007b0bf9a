// Files of `xchg dag learn`.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "xchg/core/command/command.hpp"
#include "xchg/dag/front/command_data.hpp"
#include "xchg/dag/learn.hpp"

namespace xchg::dag {

// Throws InputError when no folder can be written to at this path: before the work, not after it.
void require_folder(const std::string& path, bool force);

// The page of a result. What it is made of is loaded before the work: a page asked for by --plot needs it; a
// folder is complete without a page, with a warning.
class Pages {
 public:
  Pages(const std::string& plot, bool in_folder, command::Session& session);
  // Empty where there is none.
  std::string html(const Result& result, const Input& input, const Options& options,
                   const std::string& source) const;

 private:
  command::Session& session_;
  std::optional<report::RendererAssets> assets_;
};

// The folder of a result; no report.html where `page` is empty.
void write_results(const std::string& folder, const Result& result, const nlohmann::ordered_json& json,
                   const std::string& page, bool force);

}  // namespace xchg::dag
