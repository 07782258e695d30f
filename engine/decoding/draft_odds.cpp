#include "engine/decoding/draft_odds.h"

#include <algorithm>

namespace inpaint::engine {
namespace {

// What is expected before anything was seen: masks get a chance first.
constexpr double kExpectedOfCopies = 0.7;
constexpr double kExpectedOfFirst = 0.6;
constexpr double kExpectedOfOthers = 0.5;

std::size_t class_of(float probability, std::size_t n_classes) {
  const float p = std::clamp(probability, 0.0F, 1.0F);
  return std::min(static_cast<std::size_t>(p * static_cast<float>(n_classes)), n_classes - 1);
}

std::size_t length_class(std::size_t length, std::size_t n_classes) {
  return std::clamp<std::size_t>(length, 1, n_classes) - 1;
}

}  // namespace

DraftOdds::DraftOdds() {
  for (std::size_t i = 0; i < kClasses; ++i)
    by_probability_[i] = Share((static_cast<double>(i) + 0.5) / kClasses);
  by_length_.fill(Share(kExpectedOfCopies));
  by_place_.fill(Share(kExpectedOfOthers));
  by_place_.front() = Share(kExpectedOfFirst);
}

double DraftOdds::of_mask(float probability) const {
  return by_probability_[class_of(probability, kClasses)].value();
}

double DraftOdds::of_copy(std::size_t length) const {
  return by_length_[length_class(length, kLengths)].value();
}

double DraftOdds::of_place(std::size_t place) const {
  return by_place_[std::min(place, kPlaces - 1)].value();
}

void DraftOdds::learn_mask(std::size_t place, float probability, bool right) {
  by_probability_[class_of(probability, kClasses)].learn(right);
  by_place_[std::min(place, kPlaces - 1)].learn(right);
}

void DraftOdds::learn_copy(std::size_t length, bool right) {
  by_length_[length_class(length, kLengths)].learn(right);
}

}  // namespace inpaint::engine
