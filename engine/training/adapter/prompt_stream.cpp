#include "engine/training/adapter/prompt_stream.h"

#include <algorithm>
#include <optional>

#include "engine/training/corpus/sample_text.h"

namespace inpaint::engine {
namespace {

constexpr int kLeastContext = 96;
constexpr int kMostSpan = 256;                // tokens that stand in a hole
constexpr std::size_t kMostBarren = 100'000;  // documents in a row without room for a hole

}  // namespace

Result<std::vector<TokenId>> PromptStream::next() {
  for (std::size_t barren = 0; barren < kMostBarren; ++barren) {
    if (ordered_epoch_ != place_.epoch) {
      order_ = corpus_.order(seed_, place_.epoch);
      ordered_epoch_ = place_.epoch;
    }
    if (place_.document >= order_.size()) {
      place_ = {place_.epoch + 1, 0};
      continue;
    }
    std::mt19937_64 random = random_at(seed_, place_);
    Result<Document> document = corpus_.document(order_[place_.document]);
    if (!document) return std::unexpected(document.error());
    ++place_.document;
    const std::optional<grammar::SyntaxTree> tree = parsed(*document);
    const int shown =
        std::min(context_, kLeastContext) +
        static_cast<int>(draw_below(
            random, static_cast<std::size_t>(std::max(1, context_ - kLeastContext + 1))));
    const SampleShape shape{
        .context = shown, .area = 2 * kMostSpan, .block_widths = {1}, .most_holes = 1};
    const auto text = draw_text(writer_, shape, *document, tree ? &*tree : nullptr, {}, random);
    if (text) return writer_.assemble(text->parts);
  }
  return failure(ErrorCode::bad_data, "training data", "no document has room for a hole",
                 "add source files of more than 32 bytes");
}

}  // namespace inpaint::engine
