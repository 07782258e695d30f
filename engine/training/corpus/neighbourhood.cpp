#include "engine/training/corpus/neighbourhood.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace inpaint::engine {

Neighbourhood::Neighbourhood(const std::vector<File>& files)
    : order_(files.size()), place_(files.size()), package_(files.size()) {
  std::iota(order_.begin(), order_.end(), 0U);
  std::ranges::sort(order_, {}, [&](std::uint32_t file) {
    return std::tuple(files[file].package, files[file].path, file);
  });
  std::uint32_t package = 0;
  for (std::uint32_t place = 0; place < order_.size(); ++place) {
    const std::uint32_t file = order_[place];
    if (place > 0 && files[file].package != files[order_[place - 1]].package) ++package;
    place_[file] = place;
    package_[file] = package;
  }
}

std::vector<std::size_t> Neighbourhood::of(std::size_t file, std::size_t count) const {
  std::vector<std::size_t> near;
  const std::size_t place = place_[file];
  bool above = true;
  bool below = true;
  for (std::size_t distance = 1; near.size() < count && (above || below); ++distance) {
    above = above && distance <= place && package_[order_[place - distance]] == package_[file];
    if (above) near.push_back(order_[place - distance]);
    below = below && place + distance < order_.size() &&
            package_[order_[place + distance]] == package_[file];
    if (below && near.size() < count) near.push_back(order_[place + distance]);
  }
  return near;
}

}  // namespace inpaint::engine
