#include "engine/tokenizer/bpe_description.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/named_splits.h"
#include "engine/tokenizer/split_pattern.h"
#include "engine/tokenizer/vocabulary_builder.h"

namespace inpaint::engine {
namespace {

// Reads one description. Every step returns the problem, or an empty string.
class Reader {
 public:
  explicit Reader(const BpeDescription& description) : description_(description) {}

  Vocabulary take() { return builder_.take(); }

  std::string run() {
    for (auto step : {&Reader::check_sizes, &Reader::read_split, &Reader::read_added_tokens,
                      &Reader::read_words, &Reader::read_merges}) {
      if (std::string problem = (this->*step)(); !problem.empty()) return problem;
    }
    return {};
  }

 private:
  TokenType type_of(std::size_t id) const { return static_cast<TokenType>(description_.types[id]); }

  std::string check_sizes() {
    const std::size_t n_tokens = description_.tokens.size();
    if (n_tokens == 0) return "there are no tokens";
    if (std::cmp_greater(n_tokens, kMaxTokens)) {
      return fmt::format("{} tokens, at most {} are read", n_tokens, kMaxTokens);
    }
    if (description_.types.size() != n_tokens) {
      return fmt::format("{} types of tokens, expected one for each of {} tokens",
                         description_.types.size(), n_tokens);
    }
    for (std::size_t id = 0; id < n_tokens; ++id) {
      const std::int64_t type = description_.types[id];
      if (type == std::to_underlying(TokenType::byte)) {
        return fmt::format("token {} has the type 6 (byte), which byte-level BPE does not have",
                           id);
      }
      if (type < std::to_underlying(TokenType::normal) ||
          type > std::to_underlying(TokenType::byte)) {
        return fmt::format("token {} has the type {}, expected 1 to 5", id, type);
      }
    }
    builder_.expect(n_tokens);
    return {};
  }

  std::string read_split() {
    const NamedSplit* split = find_named_split(description_.pre);
    if (split == nullptr) {
      return fmt::format("the way to cut text is called {}, known are {}",
                         quoted_word(description_.pre), names_of_splits());
    }
    std::vector<std::string> patterns;
    for (const std::string_view pattern : split->patterns) {
      auto translated = translate_split_pattern(pattern, "");
      if (!translated) return translated.error().why;
      patterns.push_back(std::move(*translated));
    }
    builder_.set_split(std::move(patterns), split->ignore_merges);
    return {};
  }

  // Normal words are read after them: only then is it known what an added token takes away.
  std::string read_added_tokens() {
    is_word_.assign(description_.tokens.size(), false);
    for (std::size_t i = 0; i < description_.tokens.size(); ++i) {
      const std::string& word = description_.tokens[i];
      const auto id = static_cast<std::int32_t>(i);
      std::string problem;
      switch (type_of(i)) {
        case TokenType::unknown:
        case TokenType::control: problem = builder_.add_marker(word, id); break;
        case TokenType::user_defined: problem = builder_.add_text(word, id); break;
        case TokenType::normal:
          // Some files call an added token normal; its spaces or characters give it away.
          is_word_[i] = stands_for_bytes(word);
          if (!is_word_[i]) problem = builder_.add_text(word, id);
          break;
        default: break;
      }
      if (!problem.empty()) return problem;
    }
    return {};
  }

  bool stands_for_bytes(std::string_view word) {
    bytes_.clear();
    return append_bytes_of_stand_ins(word, bytes_);
  }

  std::string read_words() {
    for (std::size_t i = 0; i < description_.tokens.size(); ++i) {
      if (!is_word_[i]) continue;
      std::string problem = builder_.add_word(description_.tokens[i], static_cast<std::int32_t>(i));
      if (!problem.empty()) return problem;
    }
    return builder_.finish_tokens();
  }

  std::string read_merges() {
    if (std::string problem = builder_.expect_merges(description_.merges.size());
        !problem.empty()) {
      return problem;
    }
    for (const std::string& merge : description_.merges) {
      auto sides = split_merge(merge);
      if (!sides) return fmt::format("merge {} is not a pair of tokens", quoted_word(merge));
      std::string problem = builder_.add_merge(sides->first, sides->second);
      if (!problem.empty()) return problem;
    }
    return builder_.finish_merges();
  }

  const BpeDescription& description_;
  VocabularyBuilder builder_;
  std::vector<bool> is_word_;  // of id: stands for bytes
  std::string bytes_;          // kept for its memory
};

}  // namespace

Result<Vocabulary> read_description(const BpeDescription& description, std::string_view name) {
  Reader reader(description);
  if (std::string problem = reader.run(); !problem.empty()) {
    return failure(ErrorCode::bad_tokenizer, std::string(name), std::move(problem),
                   "use a model with a byte-level BPE tokenizer, or fetch it again");
  }
  return reader.take();
}

}  // namespace inpaint::engine
