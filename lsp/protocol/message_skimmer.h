// What a message is about, told from its bytes as they go by: for those that are not kept.
//
// A message that is too large, nests too deep or breaks off half-way is lost, but who sent it must
// not wait for an answer for ever, and a document that has missed a change must not be completed as
// if nothing had happened. So the few members that tell it are picked out: the id, the method, and
// which document it is about.
//
// Memory is bounded whatever comes in. The text is not checked to be JSON: where it is none, what
// was seen may be wrong or missing.
//
// Units:  bytes, in pieces of any size.
// Thread rule: one thread at a time.
// Source: RFC 8259; JSON-RPC 2.0; Language Server Protocol 3.17, "TextDocumentIdentifier".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace inpaint::lsp {

struct SkimmedMessage {
  nlohmann::json id;     // null where there is none
  std::string method;    // empty where there is none
  std::string document;  // params.textDocument.uri, as it is spelled; empty where there is none
  bool whole = false;    // all brackets were closed, at the end of the text
};

class MessageSkimmer {
 public:
  void feed(std::string_view bytes);
  const SkimmedMessage& seen() const { return seen_; }

 private:
  enum class State : std::uint8_t { between, in_text, after_backslash, in_literal };
  /// A container that is open.
  struct Level {
    bool is_object = false;
    bool wants_key = false;
    std::string key;  // of the value that comes, or is under way
  };
  /// params.textDocument.uri: what is deeper than this is passed over.
  static constexpr std::size_t kLevels = 3;
  static constexpr std::size_t kLongestValue = 4096;

  std::size_t skim_text(std::string_view bytes);
  void on_structure(char c);
  void open(bool is_object);
  void close();
  void end_text();
  void end_literal();
  void take_value(nlohmann::json value);
  bool is_shallow() const { return depth_ <= kLevels; }
  bool is_at(std::string_view first, std::string_view second = {},
             std::string_view third = {}) const;
  Level& level() { return levels_[depth_ - 1]; }

  SkimmedMessage seen_;
  State state_ = State::between;
  std::size_t depth_ = 0;
  std::array<Level, kLevels> levels_;  // of the outermost containers
  std::string token_;                  // of the text or literal that is under way, as it is written
};

}  // namespace inpaint::lsp
