#include "engine/tokenizer/vocabulary_builder.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/utf8.h"
#include "engine/tokenizer/byte_alphabet.h"

namespace inpaint::engine {
namespace {

using Kind = Vocabulary::Kind;

// ASCII's "substitute": what stands for a byte that the vocabulary lacks.
constexpr int kSubstitute = 0x1A;

// Control characters, what UTF-8 never has, and what begins a character above U+3FFFF: a vocabulary
// learnt from text may lack those (SmolLM2's lacks 21 of them).
bool may_be_missing(int byte) {
  if (byte == '\t' || byte == '\n' || byte == '\r' || byte == kSubstitute) return false;
  return byte < 0x20 || byte == 0x7F || byte == 0xC0 || byte == 0xC1 || byte > 0xF0;
}

}  // namespace

bool looks_like_marker(std::string_view text) {
  return text.size() >= 3 && text.starts_with('<') && text.ends_with('>');
}

std::optional<std::pair<std::string_view, std::string_view>> split_merge(std::string_view merge) {
  const std::size_t space = merge.find(' ');
  if (space == std::string_view::npos || merge.find(' ', space + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return std::pair(merge.substr(0, space), merge.substr(space + 1));
}

std::string quoted_word(std::string_view word) {
  constexpr std::size_t kMostShown = 80;
  std::string shown = "\"";
  while (!word.empty() && shown.size() < kMostShown) {
    const std::size_t length = character_length(word);
    if (length == 0 || static_cast<unsigned char>(word.front()) < 0x20) {
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(word.front()));
      word.remove_prefix(1);
    } else {
      shown += word.substr(0, length);
      word.remove_prefix(length);
    }
  }
  return shown + (word.empty() ? "\"" : "...\"");
}

void VocabularyBuilder::expect(std::size_t n_tokens) {
  vocabulary_.kinds.reserve(n_tokens);
  vocabulary_.bytes.reserve(n_tokens);
}

void VocabularyBuilder::set_split(std::vector<std::string> patterns, bool ignore_merges) {
  vocabulary_.split_patterns = std::move(patterns);
  vocabulary_.ignore_merges = ignore_merges;
}

// Gives the id its kind; false when it has one already.
bool VocabularyBuilder::claim(std::int32_t id, Kind kind) {
  const auto index = static_cast<std::size_t>(id);
  if (index >= vocabulary_.kinds.size()) {
    vocabulary_.kinds.resize(index + 1, Kind::none);
    vocabulary_.bytes.resize(index + 1);
  }
  if (vocabulary_.kinds[index] != Kind::none) return false;
  vocabulary_.kinds[index] = kind;
  return true;
}

std::string VocabularyBuilder::name_once(std::string_view name, std::int32_t id) {
  if (name.empty() || name.size() > kMaxTokenBytes) {
    return fmt::format("added token {} is empty or longer than {} bytes", id, kMaxTokenBytes);
  }
  if (!added_.emplace(name, id).second) {
    return fmt::format("added token {} stands twice", quoted_word(name));
  }
  return {};
}

std::string VocabularyBuilder::add_marker(std::string_view name, std::int32_t id) {
  if (std::string problem = name_once(name, id); !problem.empty()) return problem;
  if (!claim(id, Kind::special)) return fmt::format("added tokens share the id {}", id);
  vocabulary_.special.emplace(name, id);
  return {};
}

std::string VocabularyBuilder::add_text(std::string_view text, std::int32_t id) {
  if (looks_like_marker(text)) return add_marker(text, id);
  if (std::string problem = name_once(text, id); !problem.empty()) return problem;
  if (text.size() > kMaxAddedTextBytes || valid_utf8_prefix(text) != text.size()) {
    return fmt::format("added token {} is no text of at most {} bytes", quoted_word(text),
                       kMaxAddedTextBytes);
  }
  if (!claim(id, Kind::added)) return fmt::format("added tokens share the id {}", id);
  vocabulary_.bytes[static_cast<std::size_t>(id)] = text;
  vocabulary_.added_texts.push_back(id);
  return {};
}

std::string VocabularyBuilder::add_word(std::string_view word, std::int32_t id) {
  bytes_.clear();
  const bool is_bytes =
      append_bytes_of_stand_ins(word, bytes_) && !bytes_.empty() && bytes_.size() <= kMaxTokenBytes;
  if (auto added = added_.find(word); added != added_.end()) {
    if (added->second != id) {
      return fmt::format("token {} has the id {} and, as an added token, {}", quoted_word(word), id,
                         added->second);
    }
    const auto index = static_cast<std::size_t>(id);
    if (is_bytes && vocabulary_.bytes[index] == bytes_) vocabulary_.kinds[index] = Kind::ordinary;
    return {};
  }
  if (!is_bytes) {
    return fmt::format("token {} does not stand for bytes, the tokenizer is not byte-level",
                       quoted_word(word));
  }
  if (!claim(id, Kind::ordinary)) return fmt::format("two tokens have the id {}", id);
  vocabulary_.bytes[static_cast<std::size_t>(id)] = bytes_;
  return {};
}

std::string VocabularyBuilder::finish_tokens() {
  // `bytes` is complete now.
  words_.emplace(vocabulary_.bytes);
  for (std::size_t i = 0; i < vocabulary_.bytes.size(); ++i) {
    if (vocabulary_.kinds[i] != Kind::ordinary) continue;
    const std::string& bytes = vocabulary_.bytes[i];
    if (!words_->insert(static_cast<std::int32_t>(i))) {
      return fmt::format("token {} stands twice, with the ids {} and {}",
                         quoted_word(stand_ins_from_bytes(bytes)), words_->find(bytes), i);
    }
  }
  auto find_byte = [&](int byte) { return words_->find(std::string(1, static_cast<char>(byte))); };
  const std::int32_t substitute = find_byte(kSubstitute);
  for (int byte = 0; byte < 256; ++byte) {
    std::int32_t id = find_byte(byte);
    if (id < 0 && may_be_missing(byte)) id = substitute;
    if (id < 0) {
      return fmt::format("there is no token for the byte {:#04x}, the tokenizer is not byte-level",
                         byte);
    }
    vocabulary_.byte_tokens[static_cast<std::size_t>(byte)] = id;
  }
  return {};
}

std::string VocabularyBuilder::expect_merges(std::size_t n_merges) {
  if (std::cmp_greater(n_merges, kMaxTokens)) {
    return fmt::format("{} merges, at most {} are read", n_merges, kMaxTokens);
  }
  vocabulary_.merges.reserve(n_merges);
  return {};
}

std::string VocabularyBuilder::add_merge(std::string_view left, std::string_view right) {
  bytes_.clear();
  const bool is_left_bytes = append_bytes_of_stand_ins(left, bytes_);
  const std::size_t border = bytes_.size();
  const bool are_bytes = is_left_bytes && append_bytes_of_stand_ins(right, bytes_);
  const std::string_view joined = bytes_;
  Merge merge;
  // Only words are in the table: no merge can make a marker.
  if (are_bytes) {
    merge = {words_->find(joined.substr(0, border)), words_->find(joined.substr(border)),
             words_->find(joined)};
  }
  if (!are_bytes || merge.left < 0 || merge.right < 0 || merge.result < 0) {
    return fmt::format("merge {} names or makes a token that is not in the vocabulary",
                       quoted_word(fmt::format("{} {}", left, right)));
  }
  vocabulary_.merges.push_back(merge);
  return {};
}

std::string VocabularyBuilder::finish_merges() {
  std::vector<std::uint64_t> pairs;
  pairs.reserve(vocabulary_.merges.size());
  for (const Merge& merge : vocabulary_.merges) {
    pairs.push_back(static_cast<std::uint64_t>(merge.left) << 32 |
                    static_cast<std::uint32_t>(merge.right));
  }
  std::ranges::sort(pairs);
  const auto twice = std::ranges::adjacent_find(pairs);
  if (twice == pairs.end()) return {};
  const std::string& left = vocabulary_.bytes[*twice >> 32];
  const std::string& right = vocabulary_.bytes[static_cast<std::uint32_t>(*twice)];
  return fmt::format("merge {} stands twice",
                     quoted_word(stand_ins_from_bytes(left) + ' ' + stand_ins_from_bytes(right)));
}

}  // namespace inpaint::engine
