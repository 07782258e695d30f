// A model that is told copy hints is told the right ones with every row of a request: context and
// spans, several holes, drafts, names and alternatives. The scripted model holds them against a
// fresh search.

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/prompt/copy_hint.h"
#include "engine/service/fill_service.h"
#include "tests/engine/decoding/scripted_model.h"
#include "tests/engine/mini_tokenizer.h"
#include "tests/engine/prompt/marked_request.h"

namespace inpaint::engine {
namespace {

TEST(FillService, TellsTheCopyHintsOfEveryRow) {
  const Tokenizer tokenizer = mini_tokenizer();
  const SpecialTokens special = special_tokens(tokenizer);
  std::vector<TokenId> alphabet = token_ids(
      tokenizer, "alpha(beta, gamma) = delta[0] + \"text\"; return {x: y} if not self.name");
  std::ranges::sort(alphabet);
  const auto twins = std::ranges::unique(alphabet);
  alphabet.erase(twins.begin(), twins.end());
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    ScriptedModel model(random_language(seed, alphabet, special.end), special);
    FillService fills(model, tokenizer, special, {256, {4, 8, 16}, 1024});
    std::string typed;
    for (int key = 0; key < 3; ++key) {
      typed += "alpha(beta, "[static_cast<std::size_t>(key)];
      FillRequest request = marked_request("def f(alpha, beta):\n    alpha(beta, gamma)\n    " +
                                           typed + "^\n    delta[0] = ^\nprint(^)\n");
      request.decoding.max_tokens = 12;
      request.decoding.mode = static_cast<Mode>(random() % 3);
      request.decoding.alternatives = 1 + static_cast<int>(random() % 3);
      request.decoding.seed = seed;
      request.neighbours = std::make_shared<const std::vector<std::string>>(
          std::vector<std::string>{"alpha(beta, alpha)\n", "return {x: y}"});
      request.holes.front().drafts = {"lpha(beta", "delta"};
      std::vector<grammar::ByteRange> holes;
      for (const Hole& hole : request.holes) holes.push_back(hole.range);
      model.tell_copies(tokenizer, copy_hint_memory(request.text, holes, view(request.neighbours)));
      ASSERT_TRUE(fills.fill(request));
    }
    EXPECT_THAT(model.violations(), testing::IsEmpty());
  }
}

}  // namespace
}  // namespace inpaint::engine
