// The real program as a language server, and a client that speaks to it byte by byte.
//
// Reads wait for what they need, with a limit that only a hanging server reaches.
#pragma once

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "lsp/protocol/frame_reader.h"
#include "lsp/protocol/message.h"
#include "tests/lsp/command/run_binary.h"

namespace inpaint::lsp::test {

class ServedBinary {
 public:
  /// `without`: a descriptor that the server finds closed. `shell`: lines that are run before it.
  explicit ServedBinary(std::vector<std::string> words, std::vector<std::string> environment = {},
                        int without = -1, const std::string& shell = "") {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
      ADD_FAILURE() << "no pipes";
      return;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    const std::string err = folder_.write("err", "");
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_APPEND, 0);
    if (without >= 0) posix_spawn_file_actions_addclose(&actions, without);
    words.insert(words.begin(), binary());
    words = after_shell(shell, std::move(words));
    environment.push_back("XDG_CACHE_HOME=" + (folder_.path() / "cache").string());
    const auto pointers = [](std::vector<std::string>& strings) {
      std::vector<char*> result;
      for (std::string& string : strings) result.push_back(string.data());
      result.push_back(nullptr);
      return result;
    };
    const int failed = ::posix_spawn(&process_, words[0].c_str(), &actions, nullptr,
                                     pointers(words).data(), pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    to_ = in[1];
    from_ = out[0];
    if (failed != 0) ADD_FAILURE() << words[0] << " does not start";
    // A server that has gone must show as a failed write.
    ::signal(SIGPIPE, SIG_IGN);
  }

  ~ServedBinary() {
    stop_writing();
    stop_reading();
    if (process_ > 0) ::kill(process_, SIGKILL);
    exit_code();
  }
  ServedBinary(const ServedBinary&) = delete;
  ServedBinary& operator=(const ServedBinary&) = delete;

  /// False where the server does not take it any more.
  bool write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = ::write(to_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  bool send(const Json& message) const { return write(to_frame(to_text(message))); }
  int request(const std::string& method, Json params) {
    send(to_request(++last_id_, method, std::move(params)));
    return last_id_;
  }
  void notify(const std::string& method, Json params) const {
    send(to_notification(method, std::move(params)));
  }

  /// The next message; null at the end.
  Json read() {
    while (true) {
      if (const auto body = frames_.next()) {
        if (*body) return Json::parse(**body, nullptr, false);
        ADD_FAILURE() << "the server wrote no frame: " << body->error().error.message;
        return nullptr;
      }
      pollfd ready{from_, POLLIN, 0};
      if (::poll(&ready, 1, 120'000) == 0) {
        ADD_FAILURE() << "the server says nothing";
        return nullptr;
      }
      std::array<char, 65536> bytes;
      const ssize_t n = ::read(from_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return nullptr;
      frames_.feed({bytes.data(), static_cast<std::size_t>(n)});
    }
  }
  /// The answer to a request. What comes before it is kept in `others`.
  Json answer(int id) {
    while (true) {
      Json message = read();
      if (message.is_null()) return message;
      if (message.value("id", Json()) == id && !message.contains("method")) return message;
      others.push_back(std::move(message));
    }
  }
  Json initialize(const Json& capabilities = {
                      {"textDocument", {{"inlineCompletion", Json::object()}}}}) {
    Json result = answer(request(
        "initialize",
        {{"processId", nullptr}, {"rootUri", "file:///w"}, {"capabilities", capabilities}}));
    notify("initialized", Json::object());
    return result;
  }
  void open(const std::string& uri, std::string_view text) const {
    notify(
        "textDocument/didOpen",
        {{"textDocument",
          {{"uri", uri}, {"languageId", "python"}, {"version", 1}, {"text", std::string(text)}}}});
  }

  void stop_writing() { close(to_); }
  void stop_reading() { close(from_); }
  pid_t process() const { return process_; }
  /// Waits for the end. -1: by a signal.
  int exit_code() {
    if (process_ > 0) {
      int status = 0;
      rusage usage{};
      while (::wait4(process_, &status, 0, &usage) < 0 && errno == EINTR) {
      }
      peak_kib_ = usage.ru_maxrss;
      exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
      process_ = -1;
    }
    return exit_code_;
  }
  /// The most memory that it had, once it has ended.
  long peak_kib() const { return peak_kib_; }
  /// What it wrote to its error stream so far.
  std::string errors() const { return content_of((folder_.path() / "err").string()); }

  std::vector<Json> others;

 private:
  static void close(int& descriptor) {
    if (descriptor >= 0) ::close(descriptor);
    descriptor = -1;
  }

  TemporaryFolder folder_;
  FrameReader frames_;
  pid_t process_ = -1;
  int to_ = -1;
  int from_ = -1;
  int exit_code_ = -1;
  long peak_kib_ = 0;
  int last_id_ = 0;
};

}  // namespace inpaint::lsp::test
