// `inpaint/why`, which is ours: why the last questions were answered with nothing.
//
// Without parameters. The answer, in data and in words that a client need only show:
//
//   silence     why nobody answers now: {id, words, remedy}; null where somebody does
//   questions   the newest first: {id, words, remedy, time, file, line, face, times}; `time` in UTC,
//               `line` from 1, `face` "ghost text" or "menu item"
//   text        all of that, a question a paragraph of two lines
//
// Thread rule: session strand only.
// Errors: none.
#pragma once

#include <expected>
#include <string>

#include "lsp/client/pending_requests.h"
#include "lsp/feature/silences.h"
#include "lsp/worker/engine_keeper.h"

namespace inpaint::lsp {

class Why {
 public:
  struct Params {
    static std::expected<Params, std::string> read(const Json& /*params*/) { return {}; }
  };
  static constexpr const char* kMethod = "inpaint/why";

  /// Both are the session's, and outlive this.
  Why(const Silences& silences, const EngineKeeper& engine)
      : silences_(silences), engine_(engine) {}

  Answer operator()(const Params& params) const;

 private:
  const Silences& silences_;
  const EngineKeeper& engine_;
};

}  // namespace inpaint::lsp
