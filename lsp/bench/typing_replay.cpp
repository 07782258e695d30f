#include "lsp/bench/typing_replay.h"

#include <sys/resource.h>

#include <chrono>
#include <optional>
#include <utility>

#include "engine/base/elapsed.h"
#include "grammar/tree/language.h"
#include "lsp/bench/editor_client.h"
#include "lsp/bench/typist.h"

namespace inpaint::lsp {
namespace {

using engine::Result;
using Clock = EditorClient::Clock;

constexpr std::size_t kWorthAKey = 2;  // bytes; for less nobody reaches for another key

double seconds_of_children() {
  rusage usage{};
  if (::getrusage(RUSAGE_CHILDREN, &usage) != 0) return 0.0;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// One file, typed into the server until its stretches are written or there have been keys enough.
class FileReplay {
 public:
  FileReplay(const ReplayOptions& options, EditorClient& editor, Typist typist, Replay& found)
      : options_(options), editor_(editor), typist_(std::move(typist)), found_(found) {}

  Result<void> go() {
    while (found_.keys < options_.keys) {
      if (options_.stop.stop_requested()) {
        found_.complete = false;
        break;
      }
      const Result<bool> accepted = look_until(Clock::now() + paced(typist_.pause()));
      if (!accepted) return std::unexpected(accepted.error());
      Result<void> asked;
      if (*accepted) {
        asked = accept();
      } else {
        const std::string before = typist_.text();
        const std::optional<Keystroke> key = typist_.next();
        if (!key) break;
        asked = press(before, *key);
      }
      if (!asked) return asked;
      if (options_.on_key) options_.on_key(found_.keys);
    }
    return take_back();
  }

 private:
  Clock::duration paced(std::chrono::milliseconds pause) const {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(pause) /
                                                       options_.speed);
  }

  /// Until the next key is pressed, or a suggestion is seen to be right; whether it is.
  Result<bool> look_until(Clock::time_point key) {
    while (true) {
      const bool before_key = seen_right_at_ && *seen_right_at_ < key && is_right();
      const auto answer = editor_.answer(typist_.text(), before_key ? *seen_right_at_ : key);
      if (!answer) return std::unexpected(answer.error());
      if (!*answer) return before_key;
      if (asked_ && (*answer)->question == *asked_) take(**answer);
    }
  }

  bool is_right() const {
    return shown_ && typist_.worth(shown_->replaced, shown_->text) >= kWorthAKey;
  }

  void take(const SuggestionAnswer& answer) {
    asked_.reset();
    ++found_.answered;
    shown_ = answer.suggestion;
    const double milliseconds = engine::milliseconds_since(asked_at_);
    if (new_line_ && milliseconds <= kAtOnce) ++found_.lines_at_once;
    if (shown_) {
      ++found_.shown;
      if (milliseconds <= kAtOnce) ++found_.at_once;
      (first_ ? found_.first : found_.known).push_back(milliseconds);
    }
    // What was right at the key before, and is still, has been read meanwhile.
    if (!is_right()) seen_right_at_.reset();
    else if (!seen_right_at_) seen_right_at_ = Clock::now() + paced(typist_.reaction());
  }

  Result<void> accept() {
    const std::size_t size = typist_.worth(shown_->replaced, shown_->text);
    const std::string before = typist_.text();
    typist_.accept(shown_->replaced, shown_->text);
    ++found_.accepted;
    found_.saved_bytes += size;
    found_.bytes += size;
    seen_right_at_.reset();
    new_line_ = false;
    return change_and_ask(before, shown_->replaced, shown_->text);
  }

  Result<void> press(const std::string& before, const Keystroke& key) {
    if (key.kind == Keystroke::Kind::types || key.kind == Keystroke::Kind::closes ||
        key.kind == Keystroke::Kind::enters)
      found_.bytes += key.text.size();
    first_ = key.kind == Keystroke::Kind::leaps;
    new_line_ = key.kind == Keystroke::Kind::enters;
    found_.lines += new_line_ ? 1 : 0;
    return change_and_ask(before, key.replaced, key.text);
  }

  Result<void> change_and_ask(const std::string& before, grammar::ByteRange replaced,
                              std::string_view text) {
    if (Result<void> taken = take_back(); !taken) return taken;
    if (Result<void> changed = editor_.change(before, replaced, text); !changed) return changed;
    shown_.reset();
    asked_at_ = Clock::now();
    const Result<std::int64_t> question = editor_.ask(typist_.text(), typist_.cursor());
    if (!question) return std::unexpected(question.error());
    asked_ = *question;
    ++found_.keys;
    return {};
  }

  Result<void> take_back() {
    if (!asked_) return {};
    return editor_.cancel(*std::exchange(asked_, {}));
  }

  const ReplayOptions& options_;
  EditorClient& editor_;
  Typist typist_;
  Replay& found_;
  std::optional<std::int64_t> asked_;
  Clock::time_point asked_at_;
  bool first_ = true;                               // since the leap to this place
  bool new_line_ = false;                           // the last key was Enter
  std::optional<Suggestion> shown_;                 // to the last key
  std::optional<Clock::time_point> seen_right_at_;  // when it will have been read
};

}  // namespace

Result<Replay> replay_typing(const ReplayOptions& options) {
  Replay found;
  const double before = seconds_of_children();
  Result<EditorClient> editor = EditorClient::start(options.server, options.foresight);
  if (!editor) return std::unexpected(editor.error());
  if (Result<void> ready = editor->wait_for_model(); !ready) return std::unexpected(ready.error());
  for (const ReplayedFile& file : options.files) {
    Typist typist(file.text, options.seed);
    const grammar::Language* language = grammar::language_for_path(file.path);
    Result<void> done =
        editor->open("file://" + file.path,
                     language ? language->name : std::string_view("plaintext"), typist.text());
    if (done) done = FileReplay(options, *editor, std::move(typist), found).go();
    if (done) done = editor->close();
    if (!done) return std::unexpected(done.error());
  }
  if (Result<void> left = editor->leave(); !left) return std::unexpected(left.error());
  found.processor_seconds = seconds_of_children() - before;
  return found;
}

}  // namespace inpaint::lsp
