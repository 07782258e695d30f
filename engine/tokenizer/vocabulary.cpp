#include "engine/tokenizer/vocabulary.h"

#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "engine/base/strict_json.h"
#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/pre_tokenizer.h"

namespace inpaint::engine {
namespace {

using nlohmann::json;
using Kind = Vocabulary::Kind;

constexpr std::size_t kMaxFileBytes = 64 << 20;
constexpr std::size_t kMaxValues = 16'000'000;
constexpr std::int64_t kMaxTokens = 1 << 21;  // known models stay below 300,000
constexpr std::size_t kMaxTokenBytes = 1 << 16;
constexpr const char* kRemedy = "use a model with a byte-level BPE tokenizer, or fetch it again";

// Reads one file. Every step returns the problem, or an empty string.
class Reader {
 public:
  explicit Reader(const json& document) : document_(document) {}

  Vocabulary take() { return std::move(vocabulary_); }

  std::string run() {
    if (!document_.is_object()) return "not a JSON object";
    for (auto step : {&Reader::check_frame, &Reader::check_model, &Reader::read_added_tokens,
                      &Reader::read_tokens, &Reader::find_byte_tokens, &Reader::read_merges}) {
      if (std::string problem = (this->*step)(); !problem.empty()) return problem;
    }
    return {};
  }

 private:
  // Null when missing; a null in the file means the same.
  static const json* find(const json& object, std::string_view key) {
    auto place = object.find(key);
    return place == object.end() || place->is_null() ? nullptr : &*place;
  }

  static std::string type_of(const json& part) {
    const json* type = part.is_object() ? find(part, "type") : nullptr;
    return type != nullptr && type->is_string() ? type->get<std::string>() : std::string();
  }

  static std::string check_normalizer(const json* normalizer) {
    if (normalizer == nullptr || type_of(*normalizer) == "NFC") return {};
    const json* parts =
        type_of(*normalizer) == "Sequence" ? find(*normalizer, "normalizers") : nullptr;
    if (parts == nullptr || !parts->is_array()) {
      return fmt::format("normalizer \"{}\" is not supported, it would change the text",
                         type_of(*normalizer));
    }
    for (const json& part : *parts) {
      if (type_of(part) != "NFC") {
        return fmt::format("normalizer \"{}\" is not supported, it would change the text",
                           type_of(part));
      }
    }
    return {};
  }

  std::string check_frame() {
    if (auto problem = check_normalizer(find(document_, "normalizer")); !problem.empty()) {
      return problem;
    }
    if (const json* decoder = find(document_, "decoder")) {
      std::string type = type_of(*decoder);
      if (type != "ByteLevel" && type != "Sequence") {
        return fmt::format("decoder \"{}\" is not byte-level", type);
      }
    }
    auto patterns = read_split_patterns(find(document_, "pre_tokenizer"));
    if (!patterns) return patterns.error().why;
    vocabulary_.split_patterns = std::move(*patterns);
    return {};
  }

  std::string check_model() {
    model_ = find(document_, "model");
    if (model_ == nullptr || !model_->is_object()) return "model is missing";
    // The oldest files have no type; merges tell what they are.
    if (type_of(*model_) != "BPE" && (model_->contains("type") || !model_->contains("merges"))) {
      return fmt::format("model type \"{}\" is not byte-level BPE", type_of(*model_));
    }
    for (std::string_view key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
      const json* value = find(*model_, key);
      if (value != nullptr && *value != "") return fmt::format("model.{} is not supported", key);
    }
    if (const json* dropout = find(*model_, "dropout"); dropout != nullptr && *dropout != 0.0) {
      return "model.dropout is not supported";
    }
    if (const json* fallback = find(*model_, "byte_fallback");
        fallback != nullptr && *fallback != false) {
      return "model.byte_fallback is not byte-level BPE";
    }
    if (const json* ignore = find(*model_, "ignore_merges")) {
      if (!ignore->is_boolean()) return "model.ignore_merges is not true or false";
      vocabulary_.ignore_merges = ignore->get<bool>();
    }
    return {};
  }

  std::optional<std::int32_t> token_id(const json& value) const {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() >= std::uint64_t{kMaxTokens}) {
      return std::nullopt;
    }
    return value.get<std::int32_t>();
  }

  // Gives the id its kind; false when it has one already.
  bool claim(std::int32_t id, Kind kind) {
    auto index = static_cast<std::size_t>(id);
    if (index >= vocabulary_.kinds.size()) {
      vocabulary_.kinds.resize(index + 1, Kind::none);
      vocabulary_.bytes.resize(index + 1);
    }
    if (vocabulary_.kinds[index] != Kind::none) return false;
    vocabulary_.kinds[index] = kind;
    return true;
  }

  // An added token is looked for in the text before anything else. We never do: text is ordinary
  // text. So all of them are special to us, also those that the file does not call so ("<think>",
  // "<|fim_prefix|>"). Added white space is another matter: code without it would be encoded in a
  // way that the model has not seen.
  std::string read_added_tokens() {
    const json* added = find(document_, "added_tokens");
    if (added == nullptr) return {};
    if (!added->is_array()) return "added_tokens is not a list";
    for (const json& token : *added) {
      const json* id = token.is_object() ? find(token, "id") : nullptr;
      const json* content = token.is_object() ? find(token, "content") : nullptr;
      if (id == nullptr || content == nullptr || !content->is_string()) {
        return "an added token without id or content";
      }
      const auto& name = content->get_ref<const std::string&>();
      auto number = token_id(*id);
      if (!number) return fmt::format("added token {} has the id {}", content->dump(), id->dump());
      if (name.find_first_not_of(" \t\r\n") == std::string::npos) {
        return fmt::format("added token {} is white space, which is not supported",
                           content->dump());
      }
      if (!vocabulary_.special.emplace(name, *number).second) {
        return fmt::format("added token {} stands twice", content->dump());
      }
      if (!claim(*number, Kind::special)) {
        return fmt::format("added tokens share the id {}", *number);
      }
    }
    return {};
  }

  std::string read_tokens() {
    const json* vocab = find(*model_, "vocab");
    if (vocab == nullptr || !vocab->is_object()) return "model.vocab is missing";
    ids_.reserve(vocab->size());
    for (const auto& [word, value] : vocab->items()) {
      auto id = token_id(value);
      if (!id) {
        return fmt::format("token \"{}\" has the id {}, expected one below {}", word, value.dump(),
                           kMaxTokens);
      }
      if (auto added = vocabulary_.special.find(word); added != vocabulary_.special.end()) {
        if (added->second == *id) continue;
        return fmt::format("token \"{}\" has the id {} and, as an added token, {}", word, *id,
                           added->second);
      }
      auto bytes = bytes_from_stand_ins(word);
      if (!bytes || bytes->empty() || bytes->size() > kMaxTokenBytes) {
        return fmt::format("token \"{}\" does not stand for bytes, the tokenizer is not byte-level",
                           word);
      }
      if (!claim(*id, Kind::ordinary)) return fmt::format("two tokens have the id {}", *id);
      vocabulary_.bytes[static_cast<std::size_t>(*id)] = std::move(*bytes);
      ids_.emplace(word, *id);
    }
    return {};
  }

  std::string find_byte_tokens() {
    for (int byte = 0; byte < 256; ++byte) {
      std::string word = stand_ins_from_bytes(std::string(1, static_cast<char>(byte)));
      auto id = ids_.find(word);
      if (id == ids_.end()) {
        return fmt::format("there is no token for the byte {:#04x}, the tokenizer is not "
                           "byte-level",
                           byte);
      }
      vocabulary_.byte_tokens[static_cast<std::size_t>(byte)] = id->second;
    }
    return {};
  }

  // Both forms that the library has written: ["a", "b"], and before that "a b".
  static std::optional<std::pair<std::string_view, std::string_view>>
  merge_sides(const json& merge) {
    if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
      return std::pair<std::string_view, std::string_view>(merge[0].get_ref<const std::string&>(),
                                                           merge[1].get_ref<const std::string&>());
    }
    if (!merge.is_string()) return std::nullopt;
    std::string_view text = merge.get_ref<const std::string&>();
    std::size_t space = text.find(' ');
    if (space == std::string_view::npos || text.find(' ', space + 1) != std::string_view::npos) {
      return std::nullopt;
    }
    return std::pair(text.substr(0, space), text.substr(space + 1));
  }

  std::string read_merges() {
    const json* merges = find(*model_, "merges");
    if (merges == nullptr || !merges->is_array()) return "model.merges is missing";
    if (merges->size() > static_cast<std::size_t>(kMaxTokens)) {
      return fmt::format("{} merges, at most {} are read", merges->size(), kMaxTokens);
    }
    vocabulary_.merges.reserve(merges->size());
    std::set<std::pair<std::int32_t, std::int32_t>> seen;
    std::string joined;
    for (const json& merge : *merges) {
      auto sides = merge_sides(merge);
      if (!sides) return fmt::format("merge {} is not a pair of tokens", merge.dump());
      joined.assign(sides->first).append(sides->second);
      // Only ordinary tokens are in ids_: no merge can make a special one.
      auto left = ids_.find(sides->first);
      auto right = ids_.find(sides->second);
      auto result = ids_.find(joined);
      if (left == ids_.end() || right == ids_.end() || result == ids_.end()) {
        return fmt::format("merge {} names or makes a token that is not in the vocabulary",
                           merge.dump());
      }
      if (!seen.emplace(left->second, right->second).second) {
        return fmt::format("merge {} stands twice", merge.dump());
      }
      vocabulary_.merges.push_back({left->second, right->second, result->second});
    }
    return {};
  }

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  const json& document_;
  const json* model_ = nullptr;
  Vocabulary vocabulary_;
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> ids_;  // ordinary tokens
};

}  // namespace

Result<Vocabulary> parse_vocabulary(std::string_view text, std::string_view name) {
  JsonLimits limits{.max_bytes = kMaxFileBytes, .max_values = kMaxValues, .max_depth = 16};
  auto document = parse_strict_json(text, limits, ErrorCode::bad_tokenizer, name);
  if (!document) return std::unexpected(document.error());
  auto bad = [&](std::string why) {
    return failure(ErrorCode::bad_tokenizer, std::string(name), std::move(why), kRemedy);
  };
  try {
    Reader reader(*document);
    if (std::string problem = reader.run(); !problem.empty()) return bad(std::move(problem));
    return reader.take();
  } catch (const json::exception& error) {
    return bad(error.what());
  }
}

}  // namespace inpaint::engine
