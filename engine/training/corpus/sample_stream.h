// Training samples in an order that the seed alone decides, drawn ahead by a thread of its own.
//
// One document gives one sample an epoch. The place in the stream is two numbers, so that a
// checkpoint continues with the very sample that would have come next.
//
// Thread rule: next() on one thread. The queue between the two threads is behind a mutex: they are
// a producer and a consumer, and there is no event loop here to post to.
// Errors: bad_data, io_failed (from the corpus); they end the stream.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <random>
#include <thread>

#include "engine/training/corpus/corpus.h"
#include "engine/training/corpus/training_sample.h"

namespace inpaint::engine {

/// The document that comes next: order(seed, epoch)[document].
struct StreamPlace {
  int epoch = 0;
  std::uint64_t document = 0;
  friend bool operator==(const StreamPlace&, const StreamPlace&) = default;
};

/// The numbers that the sample of a place is drawn with: they depend on it alone, and not on what was drawn
/// before.
std::mt19937_64 random_at(std::uint64_t seed, StreamPlace place);

struct StreamedSample {
  TrainingSample sample;
  StreamPlace after;  // where the stream continues behind this sample
};

class SampleStream {
 public:
  SampleStream(const Corpus& corpus, const SampleWriter& writer, std::uint64_t seed,
               StreamPlace start);
  ~SampleStream();
  SampleStream(const SampleStream&) = delete;
  SampleStream& operator=(const SampleStream&) = delete;

  /// Waits for the next sample.
  Result<StreamedSample> next();

 private:
  void run(const std::stop_token& stop);
  /// False once there is no more to do: stopped, or failed.
  bool push(Result<StreamedSample> item, const std::stop_token& stop);

  const Corpus& corpus_;
  const SampleWriter& writer_;
  std::uint64_t seed_;
  StreamPlace place_;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Result<StreamedSample>> ready_;
  std::jthread thread_;
};

}  // namespace inpaint::engine
