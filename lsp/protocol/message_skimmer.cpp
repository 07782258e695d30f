#include "lsp/protocol/message_skimmer.h"

#include <algorithm>
#include <utility>

namespace inpaint::lsp {
namespace {

using Json = nlohmann::json;

Json parsed(std::string_view text) {
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_structure(char c) {
  return c == '{' || c == '}' || c == '[' || c == ']' || c == ',' || c == ':' || c == '"';
}

}  // namespace

void MessageSkimmer::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (state_ == State::in_text || state_ == State::after_backslash) {
      bytes.remove_prefix(skim_text(bytes));
      continue;
    }
    const char c = bytes.front();
    const bool ends = is_structure(c) || is_white(c);
    if (state_ == State::in_literal && ends) end_literal();
    if (is_structure(c)) {
      on_structure(c);
    } else if (!ends) {
      state_ = State::in_literal;
      seen_.whole = false;
      if (is_shallow() && token_.size() < kLongestValue) token_ += c;
    }
    bytes.remove_prefix(1);
  }
}

/// Of a text, up to its end or a backslash; how many bytes that were.
std::size_t MessageSkimmer::skim_text(std::string_view bytes) {
  if (state_ == State::after_backslash) {
    if (is_shallow() && token_.size() < kLongestValue) token_ += bytes.front();
    state_ = State::in_text;
    return 1;
  }
  const auto stop = std::ranges::find_if(bytes, [](char c) { return c == '"' || c == '\\'; });
  const auto length = static_cast<std::size_t>(stop - bytes.begin());
  if (is_shallow())
    token_.append(
        bytes.substr(0, std::min(length, kLongestValue - std::min(kLongestValue, token_.size()))));
  if (stop == bytes.end()) return length;
  if (*stop == '"') {
    end_text();
  } else {
    if (is_shallow()) token_ += '\\';
    state_ = State::after_backslash;
  }
  return length + 1;
}

void MessageSkimmer::on_structure(char c) {
  seen_.whole = false;
  switch (c) {
    case '{':
    case '[': return open(c == '{');
    case '}':
    case ']': return close();
    case '"': state_ = State::in_text; return;
    default:  // a comma, before another key; or a colon, before its value
      if (depth_ > 0 && is_shallow()) level().wants_key = c == ',' && level().is_object;
  }
}

void MessageSkimmer::open(bool is_object) {
  ++depth_;
  if (is_shallow()) level() = {is_object, is_object, {}};
}

void MessageSkimmer::close() {
  if (depth_ == 0) return;
  --depth_;
  seen_.whole = depth_ == 0;
}

void MessageSkimmer::end_text() {
  state_ = State::between;
  const bool fits = token_.size() < kLongestValue;
  Json text = is_shallow() && fits ? parsed('"' + token_ + '"') : Json();
  token_.clear();
  if (depth_ == 0 || !is_shallow()) return;
  if (!level().wants_key) return take_value(std::move(text));
  level().key = text.is_string() ? text.get<std::string>() : std::string();
}

void MessageSkimmer::end_literal() {
  state_ = State::between;
  if (depth_ > 0 && is_shallow()) take_value(parsed(token_));
  token_.clear();
}

bool MessageSkimmer::is_at(std::string_view first, std::string_view second,
                           std::string_view third) const {
  const std::array keys = {first, second, third};
  const auto n = static_cast<std::size_t>(
      std::ranges::count_if(keys, [](std::string_view key) { return !key.empty(); }));
  if (depth_ != n) return false;
  for (std::size_t i = 0; i < n; ++i)
    if (!levels_[i].is_object || levels_[i].key != keys[i]) return false;
  return true;
}

void MessageSkimmer::take_value(Json value) {
  if (is_at("id") && (value.is_number() || value.is_string())) seen_.id = std::move(value);
  else if (!value.is_string()) return;
  else if (is_at("method")) seen_.method = value.get<std::string>();
  else if (is_at("params", "textDocument", "uri")) seen_.document = value.get<std::string>();
}

}  // namespace inpaint::lsp
