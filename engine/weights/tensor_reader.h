// Reads the tensors of a model, several at a time, and tells how far it is.
//
// Most of the time goes into laying numbers out as products want them, which no two tensors share. The
// largest are read first: one that is left for the end would keep one thread busy and the others
// waiting, and while a tensor is laid out it is in memory twice.
//
// Units:  bytes of files.      Errors: cancelled, those of the source; the first one is kept.
// Thread rule: one thread calls; it reads as well, unless the reading gives way to others.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/load_progress.h"
#include "engine/weights/pretrained_layout.h"

namespace inpaint::engine {

class TensorReader {
 public:
  explicit TensorReader(const PretrainedSource& source) : source_(source) {}

  /// `to` stays where it is until read() is over.
  void want(std::string tensor, kernels::QuantisedMatrix& to);
  void want(std::string tensor, std::vector<float>& to);

  /// At most, of what is there twice while it is laid out.
  std::uint64_t bytes_at_once(int threads) const;

  /// Once. After an error some have been read.
  Result<void> read(const Loading& loading, int threads);

 private:
  struct Wanted {
    std::string tensor;
    std::uint64_t bytes = 0;
    std::function<Result<void>()> read;
  };
  template <class T>
  void want(std::string tensor, T& to,
            Result<T> (PretrainedSource::*read_from)(std::string_view) const);
  void read_some(const Loading& loading);
  bool goes_on(const Loading& loading, std::uint64_t more);

  const PretrainedSource& source_;
  std::vector<Wanted> wanted_;
  std::uint64_t all_ = 0;
  std::atomic<std::size_t> next_ = 0;  // of wanted_
  std::mutex mutex_;                   // a strand would not do: these threads only compute
  std::uint64_t read_ = 0;
  std::optional<Error> problem_;
};

}  // namespace inpaint::engine
