// The training stream, as it was when the shipped weights were trained: the same seed draws the
// same holes, lays them out in the same tokens, and hides the same ones. Whoever changes a number
// here on purpose trains a model of another format: give it another name
// (engine/prompt/prompt_format.h).
#include <random>

#include <gtest/gtest.h>

#include "engine/prompt/inpaint_format.h"
#include "engine/training/corpus/training_sample.h"
#include "tests/engine/digest.h"
#include "tests/engine/made_source.h"
#include "tests/engine/mini_tokenizer.h"

namespace inpaint::engine {
namespace {

void add(Digest& digest, const SampleText& text) {
  digest.add_all(text.parts.path);
  digest.add_all(text.parts.far);
  digest.add_all(text.parts.before);
  digest.add_all(text.parts.near);
  for (const PromptParts::Quote& quote : text.parts.snippets) {
    digest.add_all(quote.path);
    digest.add_all(quote.text);
  }
  for (const std::vector<TokenId>& span : text.spans) digest.add_all(span);
  digest.add_all(text.memory);
}

void add(Digest& digest, const TrainingSample& sample) {
  digest.add_all(sample.tokens);
  digest.add_all(sample.positions);
  digest.add_all(sample.targets);
  digest.add_all(sample.weights);
  digest.add_all(sample.visible);
  for (const CopyHints& hints : sample.copy_hints)
    for (const CopyHint& hint : hints) {
      digest.add(static_cast<std::uint64_t>(hint.token));
      digest.add(static_cast<std::uint64_t>(match_class(hint)));
    }
}

struct Stream {
  const char* name;
  SampleShape shape;
  std::size_t most_bytes;  // of a document
  std::uint64_t digest;
};

TEST(SampleGolden, TheStreamIsWhatTheShippedWeightsWereTrainedOn) {
  const Stream streams[] = {
      {"as shipped, small files", {512, 128, {4, 8, 16}}, 2'000, 0x2da1f693600241e1},
      {"as shipped, files larger than the window",
       {512, 128, {4, 8, 16}},
       40'000,
       0x40e091e62792e222},
      {"a short context", {256, 96, {8}}, 20'000, 0xcc33053f7bd1a2aa},
      {"a context that sees itself both ways", {512, 128, {4}, true}, 8'000, 0xd9601c90579017f9},
  };
  const Tokenizer tokenizer = mini_tokenizer();
  for (const Stream& stream : streams) {
    const SampleWriter writer({tokenizer, special_tokens(tokenizer), kInpaint1}, stream.shape, {});
    Digest digest;
    int n_drawn = 0, n_quotes = 0, n_several = 0;
    for (std::uint64_t seed = 1; seed <= 120; ++seed) {
      std::mt19937_64 random(seed);
      const Document document{"python", "p",
                              seed % 3 == 0 ? "a.py"
                                            : "some/where/d\xC3\xA9"
                                              "ep/area.py",
                              "MIT", made_source(seed, 40 + random() % stream.most_bytes)};
      const std::vector<std::string> neighbours(seed % 2, made_source(seed + 1000, 3'000));
      const auto text = writer.draw(document, nullptr, neighbours, random);
      if (!text) continue;
      ++n_drawn;
      n_quotes += text->parts.snippets.empty() ? 0 : 1;
      n_several += text->spans.size() > 1 ? 1 : 0;
      add(digest, *text);
      add(digest, writer.write(*text, random));
    }
    EXPECT_GT(n_drawn, 80) << stream.name;
    EXPECT_GT(n_several, 20) << stream.name;
    if (stream.most_bytes > 10'000) {
      EXPECT_GT(n_quotes, 5) << stream.name;
    }
    EXPECT_EQ(digest.value(), stream.digest) << stream.name << std::hex << " 0x" << digest.value();
  }
}

}  // namespace
}  // namespace inpaint::engine
