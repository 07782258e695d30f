#include "engine/tokenizer/vocabulary.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "engine/base/strict_json.h"
#include "engine/tokenizer/pre_tokenizer.h"
#include "engine/tokenizer/vocabulary_builder.h"

namespace inpaint::engine {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxFileBytes = 64 << 20;
constexpr std::size_t kMaxValues = 16'000'000;
constexpr const char* kRemedy = "use a model with a byte-level BPE tokenizer, or fetch it again";

// Reads one file. Every step returns the problem, or an empty string.
class Reader {
 public:
  explicit Reader(const json& document) : document_(document) {}

  Vocabulary take() { return builder_.take(); }

  std::string run() {
    if (!document_.is_object()) return "not a JSON object";
    for (auto step : {&Reader::check_frame, &Reader::check_model, &Reader::read_added_tokens,
                      &Reader::read_tokens, &Reader::read_merges}) {
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
    patterns_ = std::move(*patterns);
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
    const json* ignore = find(*model_, "ignore_merges");
    if (ignore != nullptr && !ignore->is_boolean()) {
      return "model.ignore_merges is not true or false";
    }
    builder_.set_split(std::move(patterns_), ignore != nullptr && ignore->get<bool>());
    return {};
  }

  std::optional<std::int32_t> token_id(const json& value) const {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() >= std::uint64_t{kMaxTokens}) {
      return std::nullopt;
    }
    return value.get<std::int32_t>();
  }

  // An added text must be matched as it stands, and in one round with the others: the library takes
  // those that are not normalised in a round of their own.
  std::string check_text(const json& token) {
    for (std::string_view flag : {"lstrip", "rstrip", "single_word"}) {
      const json* value = find(token, flag);
      if (value != nullptr && *value != false) {
        return fmt::format("added token {} with {} is not supported", token["content"].dump(),
                           flag);
      }
    }
    const json* value = find(token, "normalized");
    const bool is_normalized = value == nullptr || *value != false;
    if (texts_are_normalized_.value_or(is_normalized) != is_normalized) {
      return "added texts of which only some are normalized are not supported";
    }
    texts_are_normalized_ = is_normalized;
    return {};
  }

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
      const json* special = find(token, "special");
      const bool is_marker = looks_like_marker(name) || (special != nullptr && *special == true);
      std::string problem = is_marker ? builder_.add_marker(name, *number) : check_text(token);
      if (problem.empty() && !is_marker) problem = builder_.add_text(name, *number);
      if (!problem.empty()) return problem;
    }
    return {};
  }

  std::string read_tokens() {
    const json* vocab = find(*model_, "vocab");
    if (vocab == nullptr || !vocab->is_object()) return "model.vocab is missing";
    builder_.expect(vocab->size());
    for (const auto& [word, value] : vocab->items()) {
      auto id = token_id(value);
      if (!id) {
        return fmt::format("token \"{}\" has the id {}, expected one below {}", word, value.dump(),
                           kMaxTokens);
      }
      if (std::string problem = builder_.add_word(word, *id); !problem.empty()) return problem;
    }
    return builder_.finish_tokens();
  }

  // Both forms that the library has written: ["a", "b"], and before that "a b".
  static std::optional<std::pair<std::string_view, std::string_view>>
  merge_sides(const json& merge) {
    if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
      return std::pair<std::string_view, std::string_view>(merge[0].get_ref<const std::string&>(),
                                                           merge[1].get_ref<const std::string&>());
    }
    if (!merge.is_string()) return std::nullopt;
    return split_merge(merge.get_ref<const std::string&>());
  }

  std::string read_merges() {
    const json* merges = find(*model_, "merges");
    if (merges == nullptr || !merges->is_array()) return "model.merges is missing";
    if (std::string problem = builder_.expect_merges(merges->size()); !problem.empty()) {
      return problem;
    }
    for (const json& merge : *merges) {
      auto sides = merge_sides(merge);
      if (!sides) return fmt::format("merge {} is not a pair of tokens", merge.dump());
      std::string problem = builder_.add_merge(sides->first, sides->second);
      if (!problem.empty()) return problem;
    }
    return builder_.finish_merges();
  }

  const json& document_;
  const json* model_ = nullptr;
  std::vector<std::string> patterns_;
  std::optional<bool> texts_are_normalized_;
  VocabularyBuilder builder_;
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
