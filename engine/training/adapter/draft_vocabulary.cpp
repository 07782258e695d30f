#include "engine/training/adapter/draft_vocabulary.h"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace inpaint::engine {
namespace {

constexpr std::uint64_t kCountedBytes = 32U << 20;

}  // namespace

Result<std::vector<TokenId>> draft_vocabulary(const Corpus& corpus, const Tokenizer& tokenizer,
                                              int vocabulary, TokenId end, int size) {
  std::vector<std::uint32_t> counts(static_cast<std::size_t>(vocabulary));
  std::uint64_t bytes = 0;
  for (const std::size_t index : corpus.order(0, 0)) {
    if (bytes >= kCountedBytes) break;
    const Result<Document> document = corpus.document(index);
    if (!document) return std::unexpected(document.error());
    bytes += document->text.size();
    for (const Token& token : tokenizer.encode(document->text))
      ++counts[static_cast<std::size_t>(token.id)];
  }
  std::vector<TokenId> tokens(counts.size());
  std::iota(tokens.begin(), tokens.end(), 0);
  const auto count = [&](TokenId token) { return counts[static_cast<std::size_t>(token)]; };
  counts[static_cast<std::size_t>(end)] = UINT32_MAX;  // every span has one
  std::ranges::stable_sort(tokens, std::ranges::greater(), count);
  tokens.resize(static_cast<std::size_t>(std::min(size, vocabulary)));
  std::ranges::sort(tokens);
  return tokens;
}

}  // namespace inpaint::engine
