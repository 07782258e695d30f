#include "engine/training/adapter/prompt_stream.h"

#include <algorithm>
#include <optional>

#include "engine/training/corpus/sample_text.h"
#include "grammar/hole/hole_picker.h"

namespace inpaint::engine {
namespace {

using grammar::ByteRange;

constexpr std::size_t kMostHoleBytes = 900;
constexpr std::size_t kMostBarren = 100'000;  // documents in a row without room for a hole
constexpr std::size_t kLooked = 2048;         // bytes that say how long a token of a document is

/// Holes of a document, no two of which begin at one byte, within `stretch` bytes.
std::vector<ByteRange> draw_holes(const PromptWriter& writer, std::string_view text,
                                  const grammar::SyntaxTree* tree, std::size_t stretch,
                                  std::mt19937_64& random) {
  const std::size_t begin =
      text.size() > stretch ? draw_below(random, text.size() - stretch / 2) : 0;
  const ByteRange within{begin, std::min(text.size(), begin + stretch)};
  std::vector<ByteRange> holes;
  for (int i = 0; i < PromptStream::kOfDocument; ++i) {
    const auto picked = grammar::pick_hole(tree, text, within, kMostHoleBytes, random);
    if (!picked) continue;
    holes.push_back(picked->range);
    holes.back().begin -= held_bytes(writer.tokenizer, writer.format, text, picked->range.begin);
  }
  std::ranges::sort(holes, {}, &ByteRange::begin);
  const auto same = std::ranges::unique(holes, {}, &ByteRange::begin);
  holes.erase(same.begin(), same.end());
  return holes;
}

std::vector<std::vector<TokenId>> prompts_of(const PromptWriter& writer, const Document& document,
                                             int context, std::mt19937_64& random) {
  const std::string_view text = document.text;
  if (text.size() < kLeastDocument) return {};
  const std::optional<grammar::SyntaxTree> tree = parsed(document);
  const std::string_view beginning = text.substr(0, character_border(text, kLooked));
  const double bytes_per_token = static_cast<double>(beginning.size()) /
                                 static_cast<double>(token_ids(writer.tokenizer, beginning).size());
  const auto bytes = [&](double share) {
    return static_cast<std::size_t>(share * context * bytes_per_token);
  };
  const std::vector<ByteRange> holes =
      draw_holes(writer, text, tree ? &*tree : nullptr, bytes(0.25), random);
  if (holes.empty()) return {};
  const std::size_t above = bytes(0.1 + 0.4 * draw_unit(random));
  std::size_t begin = holes.front().begin - std::min(holes.front().begin, above);
  if (const auto borders = line_borders(text, begin, holes.front().begin);
      begin > 0 && !borders.empty())
    begin = borders.front();
  begin = character_border(text, begin);

  std::vector<std::vector<TokenId>> prompts;
  const int near = std::min(writer.format.max_near_tokens, context / 4);
  for (const ByteRange& hole : holes) {
    PromptSource source{.path = document.path, .text = text, .holes = {&hole, 1}, .begin = begin};
    source.anchor = draw_anchor(text, source.holes,
                                static_cast<std::size_t>(near) * kMostBytesPerToken, random);
    source.end = character_border(
        text, std::min(text.size(), source.anchor + bytes(0.03 + 0.17 * draw_unit(random))));
    prompts.push_back(writer.assemble(writer.lay_out(source, {.near = near}, context)));
  }
  return prompts;
}

}  // namespace

Result<std::vector<std::vector<TokenId>>> PromptStream::next() {
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
    auto prompts = prompts_of(writer_, *document, context_, random);
    if (!prompts.empty()) return prompts;
  }
  return failure(ErrorCode::bad_data, "training data", "no document has room for a hole",
                 "add source files of more than 32 bytes");
}

}  // namespace inpaint::engine
