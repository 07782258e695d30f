// The order in which an epoch visits the documents, with the languages in balance.
//
// Every language gets the same budget of bytes. What is too small for it is drawn up to twice, what
// is too large in part; the budget is the one at which an epoch is as long as the whole corpus.
// Within a language the parts follow each other around one fixed cycle, so that after a few epochs
// every document has been drawn equally often.
//
// Documents of one shard stay together, in an order of their own, so that a reader holds a single
// decoded shard; shards are balanced samples, hence nothing is lost by that.
//
// Units:  bytes; indices of documents.
// Errors: none; the permutation is the same on every machine (no std::shuffle, whose result the
//         standard leaves open).
// Source: Fisher and Yates' shuffle; Steele, Lea and Flood 2014 (SplitMix64).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace inpaint::engine {

/// SplitMix64: small, seeded by any number, and the same everywhere.
class SplitMix {
 public:
  explicit SplitMix(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  /// Uniform in [0, bound), bound > 0.
  std::uint64_t below(std::uint64_t bound);

 private:
  std::uint64_t state_;
};

/// Mixes several numbers into one seed.
std::uint64_t mix_seed(std::uint64_t a, std::uint64_t b);

/// A shuffle that only `random` decides.
void shuffle(std::span<std::size_t> items, SplitMix& random);

/// What order_documents needs of one document.
struct DrawnDocument {
  std::uint32_t bytes = 0;
  std::uint16_t language = 0;  // any numbering
  std::uint32_t shard = 0;     // any numbering
};

/// The budget of bytes per language of one epoch: the least B for which the sum of min(2 x total, B)
/// over the languages reaches the sum of the totals.
std::uint64_t language_budget(std::span<const std::uint64_t> totals);

std::vector<std::size_t> order_documents(std::span<const DrawnDocument> documents,
                                         std::uint64_t seed, int epoch);

}  // namespace inpaint::engine
