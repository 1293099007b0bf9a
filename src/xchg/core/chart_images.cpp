#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/base64.hpp"
#include "xchg/core/chart_spec.hpp"
#include "xchg/core/image.hpp"
#include "xchg/core/text.hpp"

namespace xchg::chart {
namespace {

using detail::Json;

void check(const Words& words, const std::vector<Picture>& pictures, const ImageStripOptions& options) {
  detail::require(!pictures.empty(), words, "there is nothing to draw", "at least one picture");
  detail::require(options.columns > 0, words, "it has no columns", "at least one");
  for (const Picture& picture : pictures) {
    const bool channels = picture.channels == 1 || picture.channels == 3 || picture.channels == 4;
    detail::require(channels && picture.width > 0 && picture.height > 0 &&
                        picture.pixels.size() == picture.width * picture.height * picture.channels,
                    words, "picture '" + picture.label + "' has the wrong number of bytes",
                    "width x height x 1, 3 or 4");
  }
}

std::string data_uri(const Picture& picture) {
  return "data:image/png;base64," +
         base64(image::encode_png({picture.width, picture.height, picture.channels, 8, picture.pixels}));
}

}  // namespace

Chart image_strip(const Words& words, const std::vector<Picture>& pictures,
                  const ImageStripOptions& options) {
  check(words, pictures, options);
  const std::size_t columns = std::min(options.columns, pictures.size());
  const std::size_t rows = (pictures.size() + columns - 1) / columns;
  DataTable table;
  const std::string row = detail::add_column(table, "row", true);
  const std::string column = detail::add_column(table, "column", true);
  const std::string label = detail::add_column(table, options.label_title, false);
  const std::string image = detail::add_column(table, "image", false);
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    table.rows.push_back(
        {std::to_string(i / columns), std::to_string(i % columns), pictures[i].label, data_uri(pictures[i])});
    labels.push_back(pictures[i].label);
  }
  const Json x = {{"field", column},
                  {"type", "ordinal"},
                  {"axis", nullptr},
                  {"scale", {{"paddingInner", 0.12}, {"paddingOuter", 0.02}}}};
  const Json y = {{"field", row},
                  {"type", "ordinal"},
                  {"axis", nullptr},
                  {"scale", {{"paddingInner", 0.3}, {"paddingOuter", 0.15}}}};
  Json layers = Json::array();
  layers.push_back({{"mark", {{"type", "image"}, {"smooth", false}}},
                    {"encoding",
                     {{"x", x},
                      {"y", y},
                      {"url", {{"field", image}, {"type", "nominal"}}},
                      {"tooltip", {detail::tip(label, options.label_title, false)}}}}});
  layers.push_back({{"mark",
                     {{"type", "text"},
                      {"style", "image-label"},
                      {"baseline", "top"},
                      {"dy", {{"expr", "bandwidth('y') / 2 + 3"}}},
                      {"limit", {{"expr", "bandwidth('x') * 1.1"}}}}},
                    {"encoding", {{"x", x}, {"y", y}, {"text", {{"field", label}, {"type", "nominal"}}}}}});
  const double shape =
      static_cast<double>(pictures.front().height) / static_cast<double>(pictures.front().width);
  const double aspect = static_cast<double>(rows) / static_cast<double>(columns) * shape * 1.25;
  const std::string plain = fmt::format("{} images, labelled {}.", pictures.size(), fmt::join(labels, ", "));
  const std::size_t marks = table.rows.size();
  return detail::finish(
      words, std::move(layers), std::move(table),
      {.aspect = aspect,
       .marks = marks,
       .strip = {{"columns", columns}, {"row", row}, {"column", column}, {"label", detail::longest(labels)}}},
      {}, plain);
}

}  // namespace xchg::chart
