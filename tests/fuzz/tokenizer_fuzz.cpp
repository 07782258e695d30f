// tokenizer.json, and texts for it.
//
// An input is a JSON document, a zero byte, and a text. The document is parsed as it stands; a file
// of 256 byte tokens is more than a fuzzer can keep whole, so a document with "merges" and "regex"
// alone is set into one that has them. Whatever tokenizer comes out must give any text back
// exactly.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/tokenizer/tokenizer.h"
#include "tests/engine/tokenizer/small_tokenizer.h"

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
    tokenizer = Tokenizer::parse(whole_document(part), "tokenizer.json");
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
  require(tokenizer->decode(ids) == text);
  return 0;
}
