#include "engine/weights/pretrained_limits.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

PretrainedConfig good() {
  PretrainedConfig config;
  config.family = "llama";
  config.hidden = 64;
  config.layers = 2;
  config.heads = 4;
  config.kv_heads = 2;
  config.head_dim = 4;
  config.intermediate = 100;
  config.vocabulary = 300;
  config.max_positions = 128;
  config.inverse_frequencies = {1.0F, 0.01F};
  return config;
}

TEST(PretrainedLimits, EveryNumberHasItsRange) {
  struct Case {
    const char* name;
    std::function<void(PretrainedConfig&)> change;
    const char* why;
  };
  const float infinite = std::numeric_limits<float>::infinity();
  const Case cases[] = {
      {"no width", [](auto& c) { c.hidden = 0; }, "the hidden width is 0, expected 1 to 1048576"},
      {"negative layers", [](auto& c) { c.layers = -1; },
       "the number of layers is -1, expected 1 to 1000"},
      {"a vocabulary of 2^23", [](auto& c) { c.vocabulary = 1 << 23; },
       "the vocabulary is 8388608, expected 1 to 4194304"},
      {"heads that are wide together",
       [](auto& c) {
         c.heads = 4096;
         c.head_dim = 4096;
       },
       "the width of all heads is 16777216, expected 1 to 1048576"},
      {"no key heads", [](auto& c) { c.kv_heads = 0; },
       "the number of key heads is 0, expected 1 to 4096"},
      {"heads that share badly", [](auto& c) { c.kv_heads = 3; },
       "4 heads cannot share 3 key heads"},
      {"an odd head", [](auto& c) { c.head_dim = 5; },
       "the width of a head is 5, expected an even number"},
      {"an epsilon that is none", [](auto& c) { c.norm_eps = std::nan(""); },
       "the epsilon of the norms is nan, expected 1e-12 to 1"},
      {"an endless multiplier", [=](auto& c) { c.embedding_multiplier = infinite; },
       "the multiplier of embeddings is inf, expected 1e-06 to 1000000"},
      {"logits divided by nothing", [](auto& c) { c.logits_divisor = 0.0F; },
       "the divisor of logits is 0, expected 1e-06 to 1000000"},
      {"a frequency too few", [](auto& c) { c.inverse_frequencies = {1.0F}; },
       "the rotary frequencies are not 2 numbers"},
      {"a frequency that is none", [](auto& c) { c.inverse_frequencies[1] = std::nanf(""); },
       "the rotary frequencies are not 2 numbers"},
  };
  EXPECT_TRUE(check_limits(good(), "m"));
  for (const Case& c : cases) {
    PretrainedConfig config = good();
    c.change(config);
    const auto checked = check_limits(config, "m");
    ASSERT_FALSE(checked) << c.name;
    EXPECT_EQ(checked.error().code, ErrorCode::bad_config) << c.name;
    EXPECT_EQ(checked.error().what, "m") << c.name;
    EXPECT_EQ(checked.error().why, c.why) << c.name;
  }
}

TEST(PretrainedLimits, AvailableMemoryIsReadAsTheSystemWritesIt) {
  EXPECT_EQ(available_memory("MemTotal:       24 kB\nMemFree: 1 kB\nMemAvailable:   12345 kB\n"),
            12345U * 1024);
  EXPECT_EQ(available_memory("MemAvailable: 0 kB"), 0U);
  for (const char* text :
       {"", "MemTotal: 24 kB", "MemAvailable:", "MemAvailable:   kB", "MemAvailable: -1 kB",
        "MemAvailable: 99999999999999999999 kB", "MemAvailable: 18446744073709551615 kB"})
    EXPECT_EQ(available_memory(text), std::nullopt) << text;
  const auto now = available_memory();
  ASSERT_TRUE(now) << "this system tells";
  EXPECT_GT(*now, std::uint64_t{1} << 20);
}

TEST(PretrainedLimits, MemoryIsRefusedWithBothNumbers) {
  constexpr std::uint64_t kGib = std::uint64_t{1} << 30;
  EXPECT_TRUE(check_memory(kGib, kGib, "m"));
  EXPECT_TRUE(check_memory(~std::uint64_t{0}, std::nullopt, "m"));
  const auto refused = check_memory(5 * kGib, kGib / 2, "m");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_EQ(
      to_string(refused.error()),
      "m: the weights need 5.00 GiB of memory, 0.50 GiB are available: close other programs, or "
      "use a smaller model or quantisation");
}

}  // namespace
}  // namespace inpaint::engine
