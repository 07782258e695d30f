// Runs the built program as a user would, and keeps what it wrote and how it ended.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/lsp/command/temporary_folder.h"
#include "tests/project_folders.h"

namespace inpaint::lsp::test {

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

inline std::string binary() {
  const char* given = std::getenv("INPAINT_BINARY");
  return given != nullptr ? given : tests::binary_folder() + "/bin/inpaint";
}

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The command that runs `words` after a few lines of shell, which can change what no other way
/// can: the folder, the limits, the descriptors.
inline std::vector<std::string> after_shell(const std::string& lines,
                                            std::vector<std::string> words) {
  if (lines.empty()) return words;
  const std::vector<std::string> shell = {"/bin/sh", "-c", lines + "\nexec \"$0\" \"$@\""};
  words.insert(words.begin(), shell.begin(), shell.end());
  return words;
}

/// Runs the program with nothing in its environment but `environment`, after `shell` (lines).
inline Outcome run(const std::vector<std::string>& arguments,
                   const std::vector<std::string>& environment = {}, const char* out_file = nullptr,
                   const std::string& shell = "") {
  const TemporaryFolder folder;
  const std::string out = out_file != nullptr ? out_file : folder.write("out", "");
  const std::string err = folder.write("err", "");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY, 0);

  std::vector<std::string> words = arguments;
  words.insert(words.begin(), binary());
  words = after_shell(shell, std::move(words));
  const auto pointers = [](std::vector<std::string>& strings) {
    std::vector<char*> result;
    for (std::string& string : strings) result.push_back(string.data());
    result.push_back(nullptr);
    return result;
  };
  std::vector<std::string> variables = environment;
  pid_t process = 0;
  const int failed = ::posix_spawn(&process, words[0].c_str(), &actions, nullptr,
                                   pointers(words).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  Outcome outcome;
  if (failed != 0) {
    ADD_FAILURE() << words[0] << " does not start";
    return outcome;
  }
  int status = 0;
  while (::waitpid(process, &status, 0) < 0) {
  }
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  if (out_file == nullptr) outcome.out = content_of(out);
  outcome.err = content_of(err);
  return outcome;
}

}  // namespace inpaint::lsp::test
