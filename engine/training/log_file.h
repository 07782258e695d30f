// The log of a run, out/log.jsonl: one JSON object a line, for whoever plots how it went.
//
// A line is flushed at once, so that an interrupted run has told all it knew. A log that cannot be
// written stops no training: the same numbers go to the terminal.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

namespace inpaint::engine {

/// Thread rule: the training thread only.
class LogFile {
 public:
  /// Goes on behind what the file holds.
  explicit LogFile(const std::filesystem::path& path) : file_(std::fopen(path.c_str(), "a")) {}

  void write(const nlohmann::json& line) {
    if (!file_) return;
    std::fputs((line.dump() + "\n").c_str(), file_.get());
    std::fflush(file_.get());
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace inpaint::engine
