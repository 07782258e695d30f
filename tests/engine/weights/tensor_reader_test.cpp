// Tensors are read by as many threads as are wanted, each once, and whoever waits is told.
#include "engine/weights/tensor_reader.h"

#include <algorithm>
#include <cstdint>
#include <latch>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace inpaint::engine {
namespace {

/// A tensor named "7" has 7 bytes and holds one number, 7.
class NumberedSource final : public PretrainedSource {
 public:
  const std::string& name() const override { return name_; }
  std::vector<std::string> tensors() const override { return {}; }
  std::optional<std::vector<std::int64_t>> shape(std::string_view) const override { return {}; }
  std::uint64_t bytes_in_file(std::string_view tensor) const override {
    return std::stoull(std::string(tensor));
  }
  std::uint64_t bytes_in_memory(std::string_view) const override { return 0; }
  Result<kernels::QuantisedMatrix> matrix(std::string_view) const override {
    return failure(ErrorCode::internal, "matrix", "none is wanted");
  }
  Result<std::vector<float>> numbers(std::string_view tensor) const override {
    if (together) together->arrive_and_wait();
    const std::lock_guard lock(mutex_);
    read.emplace_back(tensor);
    threads.insert(std::this_thread::get_id());
    priorities.insert(::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())));
    if (tensor == broken) return failure(ErrorCode::bad_weights, name_, "cut short");
    if (tensor == throwing) throw std::runtime_error("no memory");
    return std::vector{std::stof(std::string(tensor))};
  }

  std::string broken;
  std::string throwing;
  std::latch* together = nullptr;  // so many tensors are read at the same time, or for ever
  mutable std::vector<std::string> read;
  mutable std::set<std::thread::id> threads;
  mutable std::set<int> priorities;

 private:
  std::string name_ = "numbers";
  mutable std::mutex mutex_;
};

struct Way {
  const char* name;
  int threads = 1;
  bool gives_way = false;
};

struct Loaded {
  Result<void> result;
  std::map<int, std::vector<float>> tensors;  // by size
  std::vector<std::uint64_t> told;
  std::uint64_t all = 0;
};

constexpr int kTensors = 9;
constexpr std::uint64_t kBytes = 45;  // of tensors of 1 ... 9

Loaded load(const NumberedSource& source, const Way& way, std::size_t most_calls = 1000) {
  Loaded loaded;
  Loading how{.progress = {}, .gives_way = way.gives_way};
  how.progress = [&](std::uint64_t read, std::uint64_t all) {
    loaded.told.push_back(read);
    loaded.all = all;
    return loaded.told.size() <= most_calls;
  };
  TensorReader reader(source);
  for (int size = 1; size <= kTensors; ++size)
    reader.want(std::to_string(size), loaded.tensors[size]);
  loaded.result = reader.read(how, way.threads);
  return loaded;
}

const Way kWays[] = {
    {"one thread", 1, false},
    {"two threads", 2, false},
    {"more threads than tensors", 40, false},
    {"one that gives way", 1, true},
    {"two that give way", 2, true},
};

TEST(TensorReader, EveryTensorIsReadOnceToItsPlaceAndTheBytesAreCounted) {
  for (const Way& way : kWays) {
    SCOPED_TRACE(way.name);
    const NumberedSource source;
    const Loaded loaded = load(source, way);
    ASSERT_TRUE(loaded.result) << to_string(loaded.result.error());
    EXPECT_EQ(source.read.size(), static_cast<std::size_t>(kTensors));
    for (const auto& [size, numbers] : loaded.tensors)
      EXPECT_EQ(numbers, std::vector{static_cast<float>(size)});
    EXPECT_TRUE(std::ranges::is_sorted(loaded.told));
    EXPECT_EQ(loaded.told.front(), 0U);
    EXPECT_EQ(loaded.told.back(), kBytes);
    EXPECT_EQ(loaded.all, kBytes);
  }
}

TEST(TensorReader, TheLargestIsReadFirst) {
  const NumberedSource source;
  load(source, kWays[0]);
  EXPECT_EQ(source.read.front(), "9");
  EXPECT_EQ(source.read.back(), "1");
  TensorReader reader(source);
  std::vector<float> to;
  for (const char* tensor : {"3", "7", "5"}) reader.want(tensor, to);
  EXPECT_EQ(reader.bytes_at_once(1), 7U);
  EXPECT_EQ(reader.bytes_at_once(2), 12U);
  EXPECT_EQ(reader.bytes_at_once(40), 15U);
}

TEST(TensorReader, ThreadsReadAtTheSameTime) {
  for (const bool gives_way : {false, true}) {
    NumberedSource source;
    std::latch together(3);
    source.together = &together;
    TensorReader reader(source);
    std::vector<std::vector<float>> to(3);
    for (std::vector<float>& one : to) reader.want("1", one);
    ASSERT_TRUE(reader.read({.progress = {}, .gives_way = gives_way}, 3));  // or it waits for ever
    EXPECT_EQ(source.threads.size(), 3U);
    EXPECT_EQ(source.threads.contains(std::this_thread::get_id()), !gives_way);
  }
}

TEST(TensorReader, WhoGivesWayHasALowerPriorityAndItsCallerKeepsTheirs) {
  const int own = ::getpriority(PRIO_PROCESS, 0);
  const NumberedSource source;
  load(source, kWays[4]);
  for (const int priority : source.priorities) EXPECT_GT(priority, own);
  EXPECT_EQ(::getpriority(PRIO_PROCESS, 0), own);
}

TEST(TensorReader, WhereItFailsOrIsStoppedItEndsWithTheFirstReason) {
  for (const Way& way : kWays) {
    SCOPED_TRACE(way.name);
    NumberedSource broken;
    broken.broken = "9";
    EXPECT_EQ(load(broken, way).result.error().code, ErrorCode::bad_weights);
    NumberedSource throwing;
    throwing.throwing = "9";
    EXPECT_EQ(load(throwing, way).result.error().code, ErrorCode::internal);
    const NumberedSource stopped;
    const Loaded loaded = load(stopped, way, 0);
    EXPECT_EQ(loaded.result.error().code, ErrorCode::cancelled);
    EXPECT_TRUE(stopped.read.empty());
    EXPECT_EQ(loaded.told.size(), 1U) << "nobody is asked again";
  }
}

}  // namespace
}  // namespace inpaint::engine
