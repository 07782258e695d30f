// The last questions that were answered with nothing, each with its reason, for whoever asks why.
//
// Clients ask at every key, so most questions end as superseded: each of them as an entry would push
// out within seconds what somebody wants to know. So questions of one kind about one file that end for
// the same reason, with the same numbers, are one entry, which counts them and moves to the front: all
// superseded ones of a file take one place.
//
// A client that says that it shows it (`experimental.inpaintStatus`) is told the newest reason, for its
// status line: `inpaint/status`, whose `nothing` is null once something was shown. A superseded
// question changes nothing there, for the one that took its place will be answered as well.
//
// Of a file the name is kept, without folders; nothing of its text.
//
// Thread rule: session strand only.   Nothing here throws.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>

#include "lsp/client/client.h"
#include "lsp/completion/silence_reason.h"
#include "lsp/worker/fill_queue.h"

namespace inpaint::lsp {

struct SilentQuestion {
  std::string file;        // its name
  std::uint32_t line = 0;  // from 1, where it was asked last
  Face face = Face::ghost_text;
  Silence silence = {};
  int times = 1;
  std::chrono::system_clock::time_point last = {};
};

/// {id, words, remedy}, for people and for programs.
Json to_json(const Silence& silence);

class Silences {
 public:
  static constexpr std::size_t kKept = 64;

  explicit Silences(Client& client) : client_(client) {}

  void add(SilentQuestion question);
  void something_shown();
  const std::list<SilentQuestion>& newest_first() const { return newest_first_; }

 private:
  void tell(Json nothing);

  Client& client_;
  std::list<SilentQuestion> newest_first_;
  Json told_;  // null: that something was shown
};

}  // namespace inpaint::lsp
