// The chapter of k-medoids in the tour: handwritten digits by representative images, Europe by road
// distances.
#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/error.hpp"
#include "xchg/core/report.hpp"
#include "xchg/core/text.hpp"
#include "xchg/kmedoids/input.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/pictures.hpp"
#include "xchg/kmedoids/tour_proof.hpp"

namespace xchg::kmedoids {
namespace {

constexpr int digit_side = 8;

// The medoids as images; grey values are 0..16, dark ink on light paper.
chart::Chart medoid_images(const Input& input, const Result& result) {
  std::vector<chart::Picture> pictures;
  std::vector<std::size_t> sizes(result.medoids.size());
  for (const std::int32_t label : result.labels) ++sizes[static_cast<std::size_t>(label)];
  for (std::size_t slot = 0; slot < result.medoids.size(); ++slot) {
    chart::Picture picture{fmt::format("{} images like no. {}", sizes[slot], result.medoids[slot]),
                           digit_side,
                           digit_side,
                           1,
                           {}};
    const double* grey = input.coordinates.data() + result.medoids[slot] * digit_side * digit_side;
    for (int pixel = 0; pixel < digit_side * digit_side; ++pixel) {
      picture.pixels.push_back(
          static_cast<std::uint8_t>(std::clamp(255.0 - grey[pixel] * 255.0 / 16.0, 0.0, 255.0)));
    }
    pictures.push_back(std::move(picture));
  }
  return chart::image_strip({"digits-medoids", "The ten images that stand for all others",
                             "Each is one of the 1797 scans, chosen so that the distances of all scans to "
                             "their nearest one are least in sum.",
                             "Ten 8 by 8 images of handwritten digits, the medoids of ten clusters."},
                            pictures, {.columns = 5, .label_title = "medoid"});
}

void add_digits(report::Chapter& chapter) {
  const std::string path = chapter.data("kmedoids/digits.csv").string();
  const Input input = read_input(path, {.threads = chapter.threads()});
  const Options options{.k = 10, .init = Init::First, .seed = chapter.seed(), .threads = chapter.threads()};
  const Result eager = cluster(input.data, options, chapter.progress());
  Options greedy = options;
  greedy.init = Init::Build;
  const Result built = cluster(input.data, greedy, chapter.progress());
  const Result& best = built.total_deviation < eager.total_deviation ? built : eager;
  const Check check = verify(input.data, best, {}, chapter.progress());
  if (!check.right) throw NumericError("the digits' clustering does not pass its check: " + check.problem);
  const std::vector<double> silhouettes = silhouette(input.data, best.labels, chapter.threads());
  chapter.key_figure(
      "digits, total deviation", text::brief(best.total_deviation, 9),
      fmt::format("{} scans, k = 10; verified: no single swap improves it", input.data.size()));
  if (chapter.times()) {
    chapter.key_figure("digits, time of the search", text::duration(best.statistics.seconds_swap),
                       fmt::format("{} candidates for all ten slots each, {}",
                                   text::grouped(static_cast<std::uint64_t>(best.statistics.evaluated)),
                                   name(best.statistics.isa)));
  }
  chapter.heading("Handwritten digits");
  chapter.text(
      "1797 scans of 8 by 8 grey values, Euclidean distance. FasterPAM swaps a medoid for another scan as "
      "soon as that lowers "
      "the total deviation, from two starts: the first ten scans, and BUILD, the greedy start.");
  chapter.command("./xchg kmedoids cluster data/kmedoids/digits.csv -k 10 --init build --verify --plot");
  chapter.chart(medoid_images(input, best));
  chapter.chart(cluster_picture("digits-clusters", input, best, chapter.seed()));
  chapter.chart(silhouette_picture("digits-silhouettes", input, best, silhouettes));
  chapter.chart(descent_picture("digits-descent", {{"first ten", &eager}, {"BUILD", &built}}));
  chapter.text(
      fmt::format("Both starts end where no single swap helps, at {} and {}; the mean silhouette is {:.3f}.",
                  text::brief(eager.total_deviation, 9), text::brief(built.total_deviation, 9),
                  mean_silhouette(silhouettes)));
}

void add_eurodist(report::Chapter& chapter) {
  const std::string path = chapter.data("kmedoids/eurodist.csv").string();
  const Input input = read_input(path, {.precomputed = true, .threads = chapter.threads()});
  const Result result =
      cluster(input.data, {.k = 3, .init = Init::Build, .threads = chapter.threads()}, chapter.progress());
  std::string names;
  for (const Index medoid : result.medoids) names += (names.empty() ? "" : ", ") + object_name(input, medoid);
  chapter.key_figure("Europe, total deviation", fmt::format("{} km", *result.total_deviation_exact),
                     fmt::format("21 cities, three depots: {}", names));
  chapter.heading("Three depots for Europe");
  chapter.text(
      "Road distances between 21 cities, whole kilometres, summed exactly. There are no coordinates in the "
      "data: the map below is "
      "computed from the distances, and may be turned or mirrored.");
  chapter.command(
      "./xchg kmedoids cluster data/kmedoids/eurodist.csv --precomputed -k 3 --init build --plot");
  chapter.chart(cluster_picture("europe-clusters", input, result, chapter.seed()));
}

}  // namespace

void add_chapter(report::Chapter& chapter) {
  chapter.title("k-medoids");
  add_digits(chapter);
  add_eurodist(chapter);
  add_proof(chapter);
  chapter.summary(
      "k-medoids picks k real objects that represent all others, from coordinates or from distances alone.");
}

}  // namespace xchg::kmedoids
