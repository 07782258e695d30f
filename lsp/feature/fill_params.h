// The parameters of a question for a fill, which both of its faces have: a document, a position in
// it, and on what occasion it is asked.
//
// Source: Language Server Protocol 3.18, "TextDocumentPositionParams", "CompletionContext" and
// "InlineCompletionContext".
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "lsp/protocol/message.h"
#include "lsp/protocol/position.h"
#include "lsp/protocol/uri.h"

namespace inpaint::lsp {

/// `params.textDocument.uri`; empty where there is none.
Uri document_of(const Json& params);

struct FillParams {
  /// What is chosen in the client's completion list meanwhile; of inline completion only.
  struct Selected {
    Range range;
    std::string text;
  };
  Uri document;
  Position position;
  bool in_person = true;  // so is who says nothing about it
  std::optional<Selected> selected;

  static std::expected<FillParams, std::string> read(const Json& params);
};

}  // namespace inpaint::lsp
