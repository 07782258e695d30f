// How soon ghost text comes while somebody types, and how much typing it saves.
//
// A server in a process of its own is asked at every key of a Typist, in real time, as an editor asks: a new
// key takes back the question before it. What is shown is looked at, and accepted where all of it is right.
//
// Units:  milliseconds; processor time in seconds.   Thread rule: one thread.
// Errors: those of the files and of the server.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace inpaint::lsp {

struct ReplayedFile {
  std::string path;
  std::string text;
};

struct ReplayOptions {
  std::vector<std::string> server;  // the words that start it
  std::vector<ReplayedFile> files;
  std::size_t keys = 300;  // at most
  std::uint64_t seed = 1;
  double speed = 1.0;  // pauses are that much shorter
  bool foresight = true;
  std::stop_token stop;
  std::function<void(std::size_t keys)> on_key;  // may be empty
};

struct Replay {
  std::vector<double>
      known;  // key to ghost text, where the keys before were typed in the same place
  std::vector<double> first;  // and at the first key after a leap
  std::size_t keys = 0;       // that asked
  std::size_t answered = 0;   // of these before the next key
  std::size_t shown = 0;      // of these with a text
  std::size_t at_once = 0;    // of these within kAtOnce: foreseen
  std::size_t lines = 0;      // that were begun with Enter
  std::size_t lines_at_once =
      0;  // of these answered within kAtOnce: foreseen, also that nothing is to be shown
  std::size_t accepted = 0;        // texts
  std::size_t bytes = 0;           // that were written
  std::size_t saved_bytes = 0;     // of these by accepting
  double processor_seconds = 0.0;  // of the server, from its start to its end
  bool complete = true;            // false: stopped
};

inline constexpr double kAtOnce = 5.0;

engine::Result<Replay> replay_typing(const ReplayOptions& options);

}  // namespace inpaint::lsp
