// How often drafts come true, learned while writing.
//
// A mask gives a probability, which is how sure it is and not how often it is right; a copy gives
// none, but is longer where more of the text in front of it matched. So both are put into classes,
// and of each class the share that was right is counted, the latest counting most. Of a block that
// is still to be asked nothing is known but its places: these are counted apart.
//
// Each chance is one that a token is right where all in front of it are.   Thread rule: one thread.
#pragma once

#include <array>
#include <cstddef>

namespace inpaint::engine {

class DraftOdds {
 public:
  DraftOdds();

  /// Of a proposal with this probability.
  double of_mask(float probability) const;
  /// Of each token of a copy of this many.
  double of_copy(std::size_t length) const;
  /// Of the proposal in this place of a block, counted from 0, that is not there yet.
  double of_place(std::size_t place) const;

  void learn_mask(std::size_t place, float probability, bool right);
  void learn_copy(std::size_t length, bool right);

 private:
  class Share {
   public:
    Share() = default;
    explicit Share(double expected) : right_(expected * kBelief), all_(kBelief) {}
    double value() const { return right_ / all_; }
    void learn(bool right) {
      constexpr double kKept = 0.98;
      right_ = kKept * right_ + (right ? 1.0 : 0.0);
      all_ = kKept * all_ + 1.0;
    }

   private:
    static constexpr double kBelief = 4.0;  // what was expected counts as so many that were seen
    double right_ = 0.0, all_ = kBelief;
  };
  static constexpr std::size_t kClasses = 10, kLengths = 8, kPlaces = 8;

  std::array<Share, kClasses> by_probability_;
  std::array<Share, kLengths> by_length_;
  std::array<Share, kPlaces> by_place_;
};

}  // namespace inpaint::engine
