#include "engine/tokenizer/text_cutter.h"

namespace inpaint::engine {

std::vector<Piece> TextCutter::cut(std::string_view text) const {
  std::vector<Piece> pieces;
  std::size_t begin = 0;  // of what is not cut yet
  if (!added_.empty()) {
    for (std::size_t at = 0; at < text.size();) {
      const auto [id, size] = added_.longest_at(text.substr(at));
      if (id < 0) {
        ++at;
        continue;
      }
      split(text, begin, at, pieces);
      at += size;
      pieces.push_back({at, id});
      begin = at;
    }
  }
  split(text, begin, text.size(), pieces);
  return pieces;
}

void TextCutter::split(std::string_view text, std::size_t begin, std::size_t end,
                       std::vector<Piece>& pieces) const {
  if (begin == end) return;
  const std::vector<std::size_t> ends = splitter_.split(text.substr(begin, end - begin));
  if (pieces.empty()) pieces.reserve(ends.size());
  for (const std::size_t piece_end : ends) pieces.push_back({begin + piece_end});
}

}  // namespace inpaint::engine
