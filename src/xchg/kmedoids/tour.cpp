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
#include "xchg/kmedoids/pictures_data.hpp"
#include "xchg/kmedoids/pictures_path.hpp"
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

// The same start by several searches.
struct Searches {
  Result eager, exact, alternating, built;
};

Searches search_digits(const Input& input, report::Chapter& chapter) {
  Options options{.k = 10, .init = Init::First, .seed = chapter.seed(), .threads = chapter.threads()};
  Searches searches;
  searches.eager = cluster(input.data, options, chapter.progress());
  options.method = Method::FastPAM1;
  searches.exact = cluster(input.data, options, chapter.progress());
  options.method = Method::Alternating;
  searches.alternating = cluster(input.data, options, chapter.progress());
  options.method = Method::FasterPAM;
  options.init = Init::Build;
  options.certify = true;
  searches.built = cluster(input.data, options, chapter.progress());
  return searches;
}

void tell_figures(const Input& input, const Result& best, report::Chapter& chapter) {
  chapter.key_figure("digits, total deviation", text::brief(best.total_deviation, 9),
                     fmt::format("{} scans, k = 10; {}", input.data.size(),
                                 best.optimal ? "proven optimal"
                                              : fmt::format("at most {:.4f} % above the optimum",
                                                            100 * best.gap.value_or(1))));
  if (!chapter.times()) return;
  chapter.key_figure("digits, time of the search", text::duration(best.statistics.seconds_swap),
                     fmt::format("{} candidates for all ten slots each, {}",
                                 text::grouped(static_cast<std::uint64_t>(best.statistics.evaluated)),
                                 name(best.statistics.isa)));
}

void add_digits(report::Chapter& chapter) {
  const std::string path = chapter.data("kmedoids/digits.csv").string();
  const Input input = read_input(path, {.threads = chapter.threads()});
  const Searches searches = search_digits(input, chapter);
  const Result& best = searches.built;
  const Check check = verify(input.data, best, {}, chapter.progress());
  if (!check.right) throw NumericError("the digits' clustering does not pass its check: " + check.problem);
  const std::vector<double> silhouettes = silhouette(input.data, best.labels, chapter.threads());
  tell_figures(input, best, chapter);
  chapter.heading("Handwritten digits");
  chapter.text(
      "1797 scans of 8 by 8 grey values, Euclidean distance. Four searches: FasterPAM swaps a medoid for "
      "another "
      "scan as soon as that lowers the total deviation; FastPAM1 always takes the best swap of all; the "
      "alternating scheme, which many packages call PAM, only looks inside the clusters; and FasterPAM "
      "again, "
      "from BUILD, the greedy start.");
  chapter.command(
      "./xchg kmedoids cluster data/kmedoids/digits.csv -k 10 --init build --certify --verify --plot");
  chapter.chart(medoid_images(input, best));
  chapter.chart(cluster_picture("digits-clusters", input, best, chapter.seed()));
  chapter.chart(silhouette_picture("digits-silhouettes", input, best, silhouettes));
  chapter.chart(matrix_picture("digits-matrix", input, best));
  chapter.chart(descent_picture("digits-descent",
                                {{"FasterPAM", &searches.eager},
                                 {"FastPAM1", &searches.exact},
                                 {"alternating", &searches.alternating},
                                 {"FasterPAM from BUILD", &searches.built}},
                                chapter.times() ? DescentOver::Time : DescentOver::Swaps));
  chapter.text(fmt::format(
      "From the first ten scans FasterPAM ends at {}, FastPAM1 at {}, the alternating scheme at {}; from "
      "BUILD it is "
      "{}, and the Lagrangian bound says that no ten scans are below {}.",
      text::brief(searches.eager.total_deviation, 9), text::brief(searches.exact.total_deviation, 9),
      text::brief(searches.alternating.total_deviation, 9), text::brief(best.total_deviation, 9),
      text::brief(best.lower_bound.value_or(0), 9)));
}

// How many clusters the digits have, by the medoid silhouette.
void add_number_of_clusters(report::Chapter& chapter) {
  const Input input =
      read_input(chapter.data("kmedoids/digits.csv").string(), {.threads = chapter.threads()});
  const PathResult path =
      dynmsc(input.data, 2, 20, {.init = Init::Build, .seed = chapter.seed(), .threads = chapter.threads()},
             chapter.progress());
  chapter.key_figure(
      "digits, number of clusters", std::to_string(path.best_k),
      fmt::format("greatest average medoid silhouette, {:.4f}", path.best.average_medoid_silhouette));
  chapter.heading("How many clusters?");
  chapter.text(
      "DynMSC starts with 20 medoids, drops the one that is missed least, searches again, and so on down to "
      "2. The "
      "average medoid silhouette says how much nearer the scans are to their own medoid than to the next "
      "one.");
  chapter.command("./xchg kmedoids path data/kmedoids/digits.csv --k-range 2:20 --init build --plot");
  chapter.chart(silhouette_curve_picture("digits-silhouette-over-k", path));
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
  add_number_of_clusters(chapter);
  add_eurodist(chapter);
  add_proof(chapter);
  chapter.summary(
      "k-medoids picks k real objects that represent all others, from coordinates or from distances alone.");
}

}  // namespace xchg::kmedoids
