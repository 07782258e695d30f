// Batches, one after the other, of a stream of samples.
//
// Thread rule: the training thread; the stream draws samples ahead on its own.
// Errors: bad_data, io_failed (from the corpus); they end the stream.
#pragma once

#include "engine/training/batch.h"
#include "engine/training/corpus/sample_stream.h"

namespace inpaint::engine {

/// How samples become a batch.
struct BatchForm {
  int samples = 1;
  SampleShape shape;
  at::ScalarType type = at::kFloat;
  at::Device device = at::kCPU;
};

class BatchStream {
 public:
  BatchStream(const Corpus& corpus, const SampleWriter& writer, std::uint64_t seed,
              StreamPlace start, BatchForm form)
      : samples_(corpus, writer, seed, start), place_(start), form_(std::move(form)) {}

  /// Waits until its samples are drawn.
  Result<Batch> next() {
    std::vector<TrainingSample> samples;
    for (int i = 0; i < form_.samples; ++i) {
      Result<StreamedSample> drawn = samples_.next();
      if (!drawn) return std::unexpected(drawn.error());
      samples.push_back(std::move(drawn->sample));
      place_ = drawn->after;
    }
    return make_batch(samples, form_.shape, form_.type, form_.device);
  }

  /// Where a stream goes on behind the last batch.
  StreamPlace place() const { return place_; }

 private:
  SampleStream samples_;
  StreamPlace place_;
  BatchForm form_;
};

}  // namespace inpaint::engine
