// When nothing is offered although somebody asked: silence is a feature.
//
// A client asks at every key and at every move of the cursor. Nothing is offered in files that hold
// secrets, in huge ones, in languages that are switched off, while the user wants to be left alone,
// and where our text is not the editor's. Where the client asks by itself, nothing is offered
// either in a buffer that nobody has changed (one is reading), nor right after a deletion (one has
// just thrown a text away, and does not want it back); three deletions in a row mean that something
// else is wanted. Who asks in person gets an answer.
#pragma once

#include "lsp/client/settings.h"
#include "lsp/completion/silence_reason.h"
#include "lsp/document/document.h"
#include <chrono>
#include <cstddef>
#include <optional>

namespace inpaint::lsp {

struct Asked {
  bool in_person = false;  // not by the client on its own account
  std::size_t cursor = 0;
};

inline constexpr std::size_t kHugeFile = 5UL * 1000 * 1000;  // bytes

/// Why nothing is offered; nothing where something may be.
std::optional<Silence> why_silent(const Document& document, const Settings& settings, bool snoozing,
                                  const Asked& asked);

/// Why a setting keeps Inpaint away from the document altogether, so that no other one is completed
/// from it either; nothing where none does.
std::optional<Silence> why_kept_away(const Document& document, const Settings& settings);

}  // namespace inpaint::lsp
