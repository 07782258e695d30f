#include "engine/decoding/canvas.h"

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

/// One letter a cell: m masked, s set, c committed.
std::string states(const Canvas& canvas) {
  std::string text;
  for (const Cell& cell : canvas.cells()) text += "msc"[static_cast<int>(cell.state)];
  return text;
}

TEST(Canvas, ABlockOpensMaskedBehindWhatIsThenCommitted) {
  Canvas canvas;
  EXPECT_TRUE(canvas.complete());
  canvas.open_block(2);
  EXPECT_EQ(states(canvas), "mm");
  canvas.set(1, 11, 0.5F);
  EXPECT_EQ(states(canvas), "ms");
  EXPECT_EQ(canvas.masks(), std::vector<int>{0});
  EXPECT_TRUE(canvas.tokens().empty()) << "text ends at the first mask";
  canvas.set(0, 10, 0.5F);
  EXPECT_TRUE(canvas.complete());
  canvas.open_block(3);
  EXPECT_EQ(states(canvas), "ccmmm");
  EXPECT_EQ(canvas.open_begin(), 2);
  EXPECT_EQ(canvas.open_size(), 3);
  EXPECT_EQ(canvas.first_mask(), 2);
  EXPECT_EQ(canvas.tokens(), (std::vector<TokenId>{10, 11}));
}

TEST(Canvas, ACellOfTheOpenBlockCanBeTakenBack) {
  Canvas canvas;
  canvas.open_block(2);
  canvas.set(0, 10, 0.5F);
  canvas.set(1, 11, 0.5F);
  canvas.mask(0);
  EXPECT_EQ(states(canvas), "ms");
  EXPECT_EQ(canvas.first_mask(), 0);
}

TEST(Canvas, ACausalPassAppendsCommittedCells) {
  Canvas canvas;
  canvas.append(10, 0.25F);
  canvas.append(11, 0.75F);
  EXPECT_EQ(states(canvas), "cc");
  EXPECT_EQ(canvas.open_size(), 0);
  EXPECT_FLOAT_EQ(canvas.cells()[1].confidence, 0.75F);
}

TEST(Canvas, CuttingDropsCellsAndNeverLeavesTheOpenBlockOutside) {
  Canvas canvas;
  canvas.append(10, 1.0F);
  canvas.append(11, 1.0F);
  canvas.open_block(2);
  canvas.cut(3);
  EXPECT_EQ(states(canvas), "ccm");
  EXPECT_EQ(canvas.open_begin(), 2);
  canvas.cut(1);
  EXPECT_EQ(states(canvas), "c");
  EXPECT_EQ(canvas.open_begin(), 1);
  EXPECT_TRUE(canvas.complete());
}

}  // namespace
}  // namespace inpaint::engine
