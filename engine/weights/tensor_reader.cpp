#include "engine/weights/tensor_reader.h"

#include <algorithm>
#include <functional>
#include <thread>
#include <tuple>
#include <utility>

#include <unistd.h>

#include "engine/base/guarded.h"

namespace inpaint::engine {
namespace {

/// A thread that runs beside one of these gets three quarters of a core that they share, and a busy
/// compiler does not keep them waiting for ever.
constexpr int kNicer = 5;

/// Of the calling thread alone: so Linux understands it, where POSIX means the process.
void lower_priority() { std::ignore = ::nice(kNicer); }

}  // namespace

template <class T>
void TensorReader::want(std::string tensor, T& to,
                        Result<T> (PretrainedSource::*read_from)(std::string_view) const) {
  const std::uint64_t bytes = source_.bytes_in_file(tensor);
  auto read = [this, tensor, &to, read_from]() -> Result<void> {
    Result<T> numbers = (source_.*read_from)(tensor);
    if (!numbers) return std::unexpected(std::move(numbers.error()));
    to = std::move(*numbers);
    return {};
  };
  wanted_.push_back({std::move(tensor), bytes, std::move(read)});
}

void TensorReader::want(std::string tensor, kernels::QuantisedMatrix& to) {
  want(std::move(tensor), to, &PretrainedSource::matrix);
}

void TensorReader::want(std::string tensor, std::vector<float>& to) {
  want(std::move(tensor), to, &PretrainedSource::numbers);
}

std::uint64_t TensorReader::bytes_at_once(int threads) const {
  std::vector<std::uint64_t> sizes;
  sizes.reserve(wanted_.size());
  for (const Wanted& wanted : wanted_) sizes.push_back(wanted.bytes);
  std::ranges::sort(sizes, std::greater());
  sizes.resize(std::min(sizes.size(), static_cast<std::size_t>(std::max(threads, 1))));
  std::uint64_t sum = 0;
  for (const std::uint64_t size : sizes) sum += size;
  return sum;
}

Result<void> TensorReader::read(const Loading& loading, int threads) {
  std::ranges::sort(wanted_, std::greater(), &Wanted::bytes);
  for (const Wanted& wanted : wanted_) all_ += wanted.bytes;
  {
    std::vector<std::jthread> helpers;  // joined at the end of this block
    const int n_helpers = loading.gives_way ? std::max(threads, 1) : threads - 1;
    for (int i = 0; i < n_helpers; ++i) {
      const auto started = guarded("weights", [&] {
        helpers.emplace_back([&] {
          if (loading.gives_way) lower_priority();
          read_some(loading);
        });
      });
      if (!started) break;  // the system has no more threads
    }
    if (!loading.gives_way || helpers.empty()) read_some(loading);
  }
  if (problem_) return std::unexpected(*problem_);
  return {};
}

void TensorReader::read_some(const Loading& loading) {
  std::uint64_t more = 0;
  while (goes_on(loading, std::exchange(more, 0))) {
    const std::size_t at = next_++;
    if (at >= wanted_.size()) return;
    const Result<void> done = guarded("weights", wanted_[at].read);
    if (done) {
      more = wanted_[at].bytes;
      continue;
    }
    const std::lock_guard lock(mutex_);
    if (!problem_) problem_ = done.error();
  }
}

/// Says how far it is, `more` bytes further; false, and a problem, where the caller wants no more.
bool TensorReader::goes_on(const Loading& loading, std::uint64_t more) {
  const std::lock_guard lock(mutex_);
  read_ += more;
  if (!problem_ && loading.progress && !loading.progress(read_, all_))
    problem_ = Error{ErrorCode::cancelled, source_.name(), "the loading was stopped", {}};
  return !problem_;
}

}  // namespace inpaint::engine
