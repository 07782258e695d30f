#include "engine/base/guarded.h"

#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

struct ThrowCase {
  const char* name;
  std::function<int()> work;
  const char* why;
};

const ThrowCase kThrows[] = {
    {"memory runs out", []() -> int { throw std::bad_alloc(); }, "out of memory"},
    {"more is asked for than an array can have",
     [] { return static_cast<int>(std::vector<char>(SIZE_MAX).size()); },
     "cannot create std::vector larger than max_size()"},
    {"a library throws", []() -> int { throw std::runtime_error("disk on fire"); }, "disk on fire"},
    {"with a stack trace", []() -> int { throw std::runtime_error("odd\nframe #0: x\nframe #1"); },
     "odd"},
    {"something that is no exception", []() -> int { throw 7; }, "an exception of an unknown type"},
};

TEST(Guarded, WhatIsThrownIsAnErrorThatNamesTheWork) {
  for (const ThrowCase& c : kThrows) {
    const Result<int> result = guarded("fill", c.work);
    ASSERT_FALSE(result.has_value()) << c.name;
    EXPECT_EQ(result.error().code, ErrorCode::internal) << c.name;
    EXPECT_EQ(result.error().what, "fill") << c.name;
    EXPECT_EQ(result.error().why, c.why) << c.name;
  }
}

TEST(Guarded, WhatIsReturnedComesThroughAsItIs) {
  EXPECT_EQ(guarded("x", [] { return 7; }).value(), 7);
  EXPECT_TRUE(guarded("x", [] {}).has_value());
  const auto failed = guarded(
      "x", []() -> Result<int> { return failure(ErrorCode::cancelled, "fill", "stopped"); });
  EXPECT_EQ(failed.error().code, ErrorCode::cancelled);
  EXPECT_EQ(*guarded("x", [] { return std::make_unique<int>(3); }).value(), 3);
}

TEST(Guarded, AReasonOfAnyLengthIsCutToALine) {
  const auto result =
      guarded("x", []() -> Result<void> { throw std::runtime_error(std::string(10'000, 'y')); });
  EXPECT_EQ(result.error().why.size(), 200U);
}

}  // namespace
}  // namespace inpaint::engine
