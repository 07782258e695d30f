#include "engine/decoding/mask_trust.h"

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

/// How many of so many forwards ask for a block of which `n_true` proposals come true.
int asked(MaskTrust& trust, int forwards, int n_true) {
  int n = 0;
  for (int i = 0; i < forwards; ++i) {
    if (!trust.asks()) continue;
    ++n;
    trust.learn(n_true);
  }
  return n;
}

TEST(MaskTrust, IsThereAtFirst) { EXPECT_TRUE(MaskTrust().asks()); }

TEST(MaskTrust, StaysWhereMasksPay) {
  MaskTrust trust;
  EXPECT_EQ(asked(trust, 100, 3), 100);
}

TEST(MaskTrust, IsLostWhereTheyDoNot) {
  MaskTrust trust;
  EXPECT_LE(asked(trust, 160, 0), 4 + 160 / 16);
}

TEST(MaskTrust, OneProposalABlockDoesNotPay) {
  MaskTrust trust;
  asked(trust, 160, 1);
  EXPECT_LE(asked(trust, 160, 1), 160 / 16);
}

TEST(MaskTrust, ComesBack) {
  MaskTrust trust;
  asked(trust, 160, 0);
  asked(trust, 160, 8);
  EXPECT_EQ(asked(trust, 100, 8), 100);
}

}  // namespace
}  // namespace inpaint::engine
