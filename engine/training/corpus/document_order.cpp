#include "engine/training/corpus/document_order.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace inpaint::engine {
namespace {

/// The documents of one language in their fixed cycle.
struct Cycle {
  std::vector<std::size_t> documents;
  std::uint64_t bytes = 0;
};

/// Appends the part of the cycle that this epoch draws. Parts are measured in documents: of a
/// shuffled cycle, as many documents are about as many bytes, and no rounding adds up.
void draw_part(const Cycle& cycle, std::uint64_t budget, int epoch,
               std::vector<std::size_t>& drawn) {
  const std::size_t n = cycle.documents.size();
  std::size_t count = cycle.bytes > 0 ? 2 * n : n;
  if (budget < 2 * cycle.bytes) {
    const double share = static_cast<double>(budget) / static_cast<double>(cycle.bytes);
    count = std::clamp<std::size_t>(
        static_cast<std::size_t>(std::llround(share * static_cast<double>(n))), 1, 2 * n);
  }
  const std::uint64_t begin = static_cast<std::uint64_t>(epoch) * count % n;
  for (std::size_t i = 0; i < count; ++i) drawn.push_back(cycle.documents[(begin + i) % n]);
}

}  // namespace

std::uint64_t SplitMix::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::uint64_t SplitMix::below(std::uint64_t bound) {
  // What lies above the greatest multiple of `bound` is thrown away, or small numbers would come
  // more often.
  const std::uint64_t rest = (UINT64_MAX % bound + 1) % bound;
  std::uint64_t value = next();
  while (value > UINT64_MAX - rest) value = next();
  return value % bound;
}

std::uint64_t mix_seed(std::uint64_t a, std::uint64_t b) {
  SplitMix first(a);
  return SplitMix(first.next() ^ b).next();
}

void shuffle(std::span<std::size_t> items, SplitMix& random) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.below(i)]);
}

std::uint64_t language_budget(std::span<const std::uint64_t> totals) {
  const std::uint64_t sum = std::accumulate(totals.begin(), totals.end(), std::uint64_t{0});
  std::vector<std::uint64_t> sorted(totals.begin(), totals.end());
  std::ranges::sort(sorted);
  // Languages that even twice their size does not bring to the budget are taken off one by one.
  std::uint64_t left = sum;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const std::uint64_t even = (left + sorted.size() - i - 1) / (sorted.size() - i);
    if (2 * sorted[i] >= even) return even;
    left -= 2 * sorted[i];
  }
  return sorted.empty() ? 0 : 2 * sorted.back();
}

std::vector<std::size_t> order_documents(std::span<const DrawnDocument> documents,
                                         std::uint64_t seed, int epoch) {
  std::map<std::uint16_t, Cycle> cycles;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    Cycle& cycle = cycles[documents[i].language];
    cycle.documents.push_back(i);
    cycle.bytes += documents[i].bytes;
  }
  std::vector<std::uint64_t> totals;
  totals.reserve(cycles.size());
  for (const auto& [language, cycle] : cycles) totals.push_back(cycle.bytes);
  const std::uint64_t budget = language_budget(totals);

  std::vector<std::size_t> drawn;
  for (auto& [language, cycle] : cycles) {
    SplitMix random(mix_seed(seed, language));
    shuffle(cycle.documents, random);
    draw_part(cycle, budget, epoch, drawn);
  }

  SplitMix random(mix_seed(seed ^ 0x65706f6368ULL, static_cast<std::uint64_t>(epoch)));
  shuffle(drawn, random);
  std::vector<std::size_t> shards;
  shards.reserve(documents.size());
  for (const DrawnDocument& document : documents) shards.push_back(document.shard);
  std::ranges::sort(shards);
  shards.erase(std::ranges::unique(shards).begin(), shards.end());
  std::vector<std::size_t> places(shards.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  shuffle(places, random);
  // By the place of its shard; within a shard as it was drawn.
  std::vector<std::pair<std::size_t, std::size_t>> order(drawn.size());
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const auto at = std::ranges::lower_bound(shards, documents[drawn[i]].shard);
    order[i] = {places[static_cast<std::size_t>(at - shards.begin())], i};
  }
  std::ranges::sort(order);
  std::vector<std::size_t> sorted(drawn.size());
  std::ranges::transform(order, sorted.begin(),
                         [&](const auto& entry) { return drawn[entry.second]; });
  return sorted;
}

}  // namespace inpaint::engine
