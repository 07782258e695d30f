// What a code action of ours is to write, as it travels through the client: from the list of
// actions to the request for the edit, in the action's `data`.
//
// Source: Language Server Protocol 3.17, "CodeAction".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "grammar/base/byte_range.h"
#include "lsp/protocol/message.h"
#include "lsp/protocol/uri.h"

namespace inpaint::lsp {

inline constexpr std::string_view kRewriteKind = "refactor.rewrite";

struct RewriteAction {
  enum class What : std::uint8_t { refill, fill };  // a range as it stands; the marks in one

  Uri document;
  std::uint64_t revision = 0;  // of the document
  What what = What::refill;
  grammar::ByteRange range;
};

/// A CodeAction without its edit.
Json to_json(const RewriteAction& action, std::string title);
/// Of a CodeAction that came back; nothing where it is none of ours.
std::optional<RewriteAction> rewrite_action_from(const Json& code_action);

}  // namespace inpaint::lsp
