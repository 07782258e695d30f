#include "engine/prompt/fill_prompt.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace inpaint::engine {
namespace {

using grammar::ByteRange;

// The begin of `before` moves by this many tokens at a time: one long encode now and then instead
// of one with every line.
constexpr int kBeforeStep = 128;  // but a quarter of a small budget
// What stands behind `far` moves when its length does; so it gives way to `before` in steps as
// well.
constexpr int kFarStep = 64;  // but an eighth of a small budget
// The byte window's own step, so that tokens at its begin do not change with every key either.
constexpr std::size_t kByteStep = 4096;

/// Where the text that can matter before `byte` begins: on a coarse grid, and at a line border
/// unless the line is longer than that.
std::size_t window_begin(std::string_view text, std::size_t byte, int budget) {
  const std::size_t reach = static_cast<std::size_t>(budget) * kMostBytesPerToken + kByteStep;
  if (byte <= reach) return 0;
  const std::size_t coarse = (byte - reach) / kByteStep * kByteStep;
  const std::size_t border = text.substr(coarse, kByteStep).find_first_of("\r\n");
  return border == std::string_view::npos ? character_border(text, coarse) : coarse + border;
}

/// How long `near` would be with this anchor.
int n_near_tokens(const PromptWriter& writer, const PromptSource& source, std::size_t anchor) {
  return static_cast<int>(encode_around_holes(writer.tokenizer, writer.special, source.text,
                                              {source.holes.front().end, anchor}, source.holes)
                              .size());
}

/// The first border at least one whole line below the first hole, or the end of the text; never
/// inside of a hole.
std::size_t fresh_anchor(std::string_view text, std::span<const ByteRange> holes,
                         std::size_t most) {
  const std::size_t byte = holes.front().end;
  const std::size_t reach = character_border(text, byte + most);
  const auto borders = line_borders(text, byte, reach);
  // The hole's own line, and one below it: what is typed next often repeats or closes it.
  std::size_t anchor = borders.empty() ? reach : borders.size() > 1 ? borders[1] : borders[0];
  for (const ByteRange& hole : holes)
    if (hole.begin < anchor && anchor < hole.end) anchor = hole.end;
  return anchor;
}

/// Where an earlier anchor is now, if it can stay: text that changed below it would have moved it
/// off its border.
std::optional<std::size_t> kept_anchor(std::string_view text, std::span<const ByteRange> holes,
                                       std::size_t most, std::size_t from_end) {
  if (from_end > text.size()) return std::nullopt;
  const std::size_t kept = text.size() - from_end;
  const std::size_t byte = holes.front().end;
  if (kept < byte || kept - byte > most) return std::nullopt;
  if (!is_line_border(text, kept) || line_borders(text, byte, kept).empty()) return std::nullopt;
  for (const ByteRange& hole : holes)
    if (hole.begin < kept && kept < hole.end) return std::nullopt;
  return kept;
}

}  // namespace

Prompt fill_prompt(const PromptWriter& writer, const FillRequest& request, int budget,
                   std::optional<std::size_t> anchor_from_end, std::size_t held) {
  const std::string_view text = request.text;
  const int max_near = writer.format.max_near_tokens;
  std::vector<ByteRange> holes;
  holes.reserve(request.holes.size());
  for (const Hole& hole : request.holes) holes.push_back(hole.range);
  holes.front().begin -= held;
  const ByteRange first = holes.front();

  PromptSource source{.path = request.path, .text = text, .holes = holes};
  for (const Snippet& snippet : request.snippets)
    source.snippets.push_back({snippet.path, snippet.text});
  const std::size_t reach = static_cast<std::size_t>(max_near) * kMostBytesPerToken;
  source.anchor = fresh_anchor(text, holes, reach);
  if (anchor_from_end) {
    const auto kept = kept_anchor(text, holes, reach, *anchor_from_end);
    if (kept && n_near_tokens(writer, source, *kept) <= max_near) source.anchor = *kept;
  }
  source.begin = window_begin(text, first.begin, budget);
  source.end =
      character_border(text, source.anchor + static_cast<std::size_t>(budget) * kMostBytesPerToken);

  const PromptShares shares{.near = budget / 4,
                            .near_room = std::min(max_near, budget / 4),
                            .far_step = std::min(kFarStep, budget / 8),
                            .before_step = std::min(kBeforeStep, budget / 4)};
  Prompt prompt{.tokens = writer.assemble(writer.lay_out(source, shares, budget)),
                .anchor_from_end = text.size() - source.anchor};
  prompt.suffix = prompt.tokens.size();
  if (writer.format.suffix_last) {
    const auto marker =
        std::find(prompt.tokens.rbegin(), prompt.tokens.rend(), writer.special.near);
    if (marker != prompt.tokens.rend())
      prompt.suffix = static_cast<std::size_t>(prompt.tokens.rend() - marker) - 1;
  }
  return prompt;
}

}  // namespace inpaint::engine
