// Uses the library as a stranger would: clusters six numbers, then makes a mistake on purpose.
#include <iostream>
#include <vector>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

int main() {
  const std::vector<double> coordinates{0, 1, 2, 10, 11, 12};
  const auto data = xchg::kmedoids::Dissimilarity::points(coordinates, 6, 1);
  xchg::kmedoids::Options options;
  options.k = 2;
  const auto result = xchg::kmedoids::cluster(data, options);
  std::cout << "total deviation " << result.total_deviation << '\n';
  try {
    options.k = 7;
    xchg::kmedoids::cluster(data, options);
  } catch (const xchg::InputError& error) {
    std::cout << error.what() << '\n';
  }
}
