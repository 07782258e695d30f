#include "engine/weights/pretrained_finite.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

using kernels::BlockFormat;

constexpr BlockFormat kFormats[] = {
    BlockFormat::f32,  BlockFormat::f16,  BlockFormat::bf16, BlockFormat::q4_0, BlockFormat::q4_1,
    BlockFormat::q5_0, BlockFormat::q5_1, BlockFormat::q8_0, BlockFormat::q2_k, BlockFormat::q3_k,
    BlockFormat::q4_k, BlockFormat::q5_k, BlockFormat::q6_k};

// Where two bytes of all ones make a value of a block infinite or none, unpack() has to say the same:
// it is the definition of what a block holds.
TEST(PretrainedFinite, AgreesWithWhatBlocksUnpackTo) {
  constexpr int kBlocks = 3;
  for (const BlockFormat format : kFormats) {
    const kernels::BlockShape& shape = kernels::shape_of(format);
    const auto size = static_cast<std::size_t>(kBlocks * shape.bytes);
    int refused = 0;
    for (std::size_t at = 0; at + 2 <= size; at += 2) {
      std::vector<std::byte> blocks(size, std::byte{0x11});
      blocks[at] = blocks[at + 1] = std::byte{0xFF};
      std::vector<float> values(static_cast<std::size_t>(kBlocks * shape.values));
      kernels::unpack(format, blocks.data(), std::ssize(values), values.data());
      bool finite = true;
      for (const float value : values) finite = finite && std::isfinite(value);
      EXPECT_EQ(are_finite(format, blocks), finite) << shape.name << " at byte " << at;
      refused += finite ? 0 : 1;
    }
    EXPECT_GE(refused, kBlocks) << shape.name;
  }
}

TEST(PretrainedFinite, TheGreatestNumbersAreFinite) {
  const std::uint16_t halves[] = {0x7BFF, 0xFBFF, 0x03FF};
  const std::uint16_t bfloats[] = {0x7F7F, 0xFF7F, 0x007F};
  const float floats[] = {3.4e38F, -3.4e38F, 1e-45F};
  EXPECT_TRUE(are_finite(BlockFormat::f16, std::as_bytes(std::span(halves))));
  EXPECT_TRUE(are_finite(BlockFormat::bf16, std::as_bytes(std::span(bfloats))));
  EXPECT_TRUE(are_finite(BlockFormat::f32, std::as_bytes(std::span(floats))));
  EXPECT_TRUE(are_finite(BlockFormat::f32, {}));
}

}  // namespace
}  // namespace inpaint::engine
