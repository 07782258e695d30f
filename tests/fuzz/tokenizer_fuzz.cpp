// tokenizer.json and the lists of a GGUF file, and texts for them.
//
// An input is a JSON document, a zero byte, and a text. The document is parsed as it stands; a file
// of 256 byte tokens is more than a fuzzer can keep whole, so a document with "merges" and "regex"
// alone is set into one that has them, and one with "pre" into a description as of a GGUF file.
// Whatever tokenizer comes out must give any text back.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/tokenizer/tokenizer.h"
#include "tests/engine/tokenizer/small_description.h"

using namespace inpaint::engine;  // a program of one function

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// "merges": ["ab c", ...] in characters below U+0100 that stand for their bytes, "regex": a
// pattern.
std::string whole_document(const nlohmann::json& part) {
  std::vector<std::pair<std::string, std::string>> merges;
  if (auto list = part.find("merges"); list != part.end() && list->is_array()) {
    for (const nlohmann::json& merge : *list) {
      if (!merge.is_string()) continue;
      std::string pair = merge.get<std::string>();
      std::size_t space = pair.find(' ');
      if (space == std::string::npos || space == 0 || space + 1 == pair.size()) continue;
      merges.emplace_back(pair.substr(0, space), pair.substr(space + 1));
    }
  }
  // Sides that are not tokens yet make the document a bad one, which is an answer as well.
  nlohmann::json document = small_tokenizer(merges);
  if (auto ignore = part.find("ignore_merges"); ignore != part.end()) {
    document["model"]["ignore_merges"] = *ignore;
  }
  if (auto regex = part.find("regex"); regex != part.end()) {
    nlohmann::json split = {{"type", "Split"}, {"behavior", "Isolated"}};
    split["pattern"]["Regex"] = *regex;
    nlohmann::json last = document["pre_tokenizer"];
    last["use_regex"] = false;
    document["pre_tokenizer"] = {{"type", "Sequence"}};
    document["pre_tokenizer"]["pretokenizers"] = nlohmann::json::array({split, last});
  }
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// "pre": a name, "tokens": [["word", type], ...] behind those of the 256 bytes, "merges": ["a b", ...]
// as they stand.
SmallDescription whole_description(const nlohmann::json& part) {
  SmallDescription made = small_description();
  const nlohmann::json& pre = part["pre"];
  made.pre = pre.is_string() ? pre.get<std::string>() : std::string();
  if (auto list = part.find("tokens"); list != part.end() && list->is_array()) {
    for (const nlohmann::json& token : *list) {
      const bool is_pair = token.is_array() && token.size() == 2;
      if (!is_pair || !token[0].is_string() || !token[1].is_number_integer()) continue;
      made.add(token[0].get<std::string>(), token[1].get<std::int64_t>());
    }
  }
  if (auto list = part.find("merges"); list != part.end() && list->is_array()) {
    for (const nlohmann::json& merge : *list) {
      if (merge.is_string()) made.merges.push_back(merge.get<std::string>());
    }
  }
  return made;
}

// A byte that the vocabulary lacks comes back as "substitute".
bool comes_back(std::string_view text, std::string_view decoded) {
  return std::ranges::equal(text, decoded, [](char a, char b) { return a == b || b == '\x1A'; });
}

// Whatever is asked by bytes is what a search over all tokens finds.
void check_look_ups(const Tokenizer& tokenizer, std::string_view text) {
  require(tokenizer.last_piece_begin(text) <= text.size());
  const std::string_view bytes = text.substr(0, 8);
  std::size_t n_compatible = 0;
  for (TokenId id = 0; id < tokenizer.size(); ++id) {
    const std::string_view token = tokenizer.bytes(id);
    n_compatible += !token.empty() && (token.starts_with(bytes) || bytes.starts_with(token));
  }
  require(tokenizer.tokens_compatible_with(bytes).size() == n_compatible);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  std::size_t zero = input.find('\0');
  std::string_view json = input.substr(0, zero);
  std::string_view text = zero == std::string_view::npos ? input : input.substr(zero + 1);

  auto tokenizer = Tokenizer::parse(json, "tokenizer.json");
  if (!tokenizer) {
    auto part = nlohmann::json::parse(json, nullptr, false);
    if (!part.is_object()) return 0;
    if (part.contains("pre")) {
      const SmallDescription made = whole_description(part);
      tokenizer = Tokenizer::from_description(made.view(), "model.gguf");
    } else {
      tokenizer = Tokenizer::parse(whole_document(part), "tokenizer.json");
    }
    if (!tokenizer) return 0;
  }
  std::vector<TokenId> ids;
  std::size_t at = 0;
  for (const Token& token : tokenizer->encode(text)) {
    require(token.bytes.begin == at && token.bytes.end > at);
    require(!tokenizer->is_special(token.id));
    at = token.bytes.end;
    ids.push_back(token.id);
  }
  require(at == text.size());
  check_look_ups(*tokenizer, text);
  require(comes_back(text, tokenizer->decode(ids)));
  return 0;
}
