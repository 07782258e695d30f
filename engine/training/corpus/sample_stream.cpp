#include "engine/training/corpus/sample_stream.h"

#include <array>
#include <optional>

#include "engine/base/guarded.h"

namespace inpaint::engine {
namespace {

constexpr std::size_t kAhead = 64;

/// A quarter of the samples is told of no other file: people begin with one. The order of documents is
/// shuffled, so that counting through these numbers is as good as drawing them.
constexpr std::size_t kMostNeighbours = 3;

// Holes are drawn: one small document may by chance have no room for its hole in one epoch, and have
// it in the next. After so many epochs without a sample there will never be one.
constexpr int kBarrenEpochs = 20;

}  // namespace

std::mt19937_64 random_at(std::uint64_t seed, StreamPlace place) {
  std::array<std::uint32_t, 5> words{
      static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
      static_cast<std::uint32_t>(place.epoch), static_cast<std::uint32_t>(place.document),
      static_cast<std::uint32_t>(place.document >> 32)};
  std::seed_seq sequence(words.begin(), words.end());
  return std::mt19937_64(sequence);
}

SampleStream::SampleStream(const Corpus& corpus, const SampleWriter& writer, std::uint64_t seed,
                           StreamPlace start)
    : corpus_(corpus),
      writer_(writer),
      seed_(seed),
      place_(start),
      thread_([this](const std::stop_token& stop) {
        const Result<void> ran = guarded("training data", [&] { run(stop); });
        if (!ran) push(std::unexpected(ran.error()), stop);
      }) {}

SampleStream::~SampleStream() {
  thread_.request_stop();
  changed_.notify_all();
}

Result<StreamedSample> SampleStream::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !ready_.empty(); });
  // An error stays, for whoever asks again.
  if (!ready_.front()) return std::unexpected(ready_.front().error());
  Result<StreamedSample> item = std::move(ready_.front());
  ready_.pop_front();
  changed_.notify_all();
  return item;
}

bool SampleStream::push(Result<StreamedSample> item, const std::stop_token& stop) {
  const bool failed = !item;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, stop, [this] { return ready_.size() < kAhead; });
  if (stop.stop_requested()) return false;
  ready_.push_back(std::move(item));
  changed_.notify_all();
  return !failed;
}

void SampleStream::run(const std::stop_token& stop) {
  int barren = 0;
  while (!stop.stop_requested()) {
    const std::vector<std::size_t> order = corpus_.order(seed_, place_.epoch);
    const bool whole_epoch = place_.document == 0;
    std::uint64_t drawn = 0;
    while (place_.document < order.size()) {
      if (stop.stop_requested()) return;
      Result<Document> document = corpus_.document(order[place_.document]);
      if (!document) {
        push(std::unexpected(document.error()), stop);
        return;
      }
      std::mt19937_64 random = random_at(seed_, place_);
      const auto neighbours =
          corpus_.neighbours(order[place_.document], place_.document % (kMostNeighbours + 1));
      if (!neighbours) {
        push(std::unexpected(neighbours.error()), stop);
        return;
      }
      const std::optional<grammar::SyntaxTree> tree = parsed(*document);
      const auto text = writer_.draw(*document, tree ? &*tree : nullptr, *neighbours, random);
      ++place_.document;
      if (!text) continue;
      ++drawn;
      if (!push(StreamedSample{writer_.write(*text, random), place_}, stop)) return;
    }
    barren = drawn == 0 && whole_epoch ? barren + 1 : 0;
    if (barren == kBarrenEpochs) {
      push(failure(ErrorCode::bad_data, "training data", "no document has room for a hole",
                   "add source files of more than 32 bytes"),
           stop);
      return;
    }
    place_ = {place_.epoch + 1, 0};
  }
}

}  // namespace inpaint::engine
