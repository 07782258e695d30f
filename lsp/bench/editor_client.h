// A server in a process of its own, and what an editor says to it about one file.
//
// Positions are UTF-8. What the server asks of an editor is answered with null, what it tells is read
// past, but for the bar that says that the model is being opened.
//
// Thread rule: one thread.   Errors: io_failed, when the server ends, or says what is no message.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "grammar/base/byte_range.h"
#include "lsp/bench/child_process.h"
#include "lsp/protocol/frame_reader.h"
#include "lsp/protocol/message.h"
#include "lsp/protocol/position.h"

namespace inpaint::lsp {

/// Text that a server would put in the place of some bytes of the file.
struct Suggestion {
  grammar::ByteRange replaced;
  std::string text;
};

/// The answer to a question: no text where there is nothing to show.
struct SuggestionAnswer {
  std::int64_t question = 0;
  std::optional<Suggestion> suggestion;
};

class EditorClient {
 public:
  using Clock = std::chrono::steady_clock;

  /// Starts the program with these words, and shakes hands. `foresight`: the setting, battery or not.
  static engine::Result<EditorClient> start(const std::vector<std::string>& words,
                                            bool foresight = true);
  EditorClient(EditorClient&&) = default;

  /// Until the server has opened its model, which another one may stand in for.
  engine::Result<void> wait_for_model();
  engine::Result<void> open(std::string uri, std::string_view language, std::string_view text);
  /// `before`: the text that is changed.
  engine::Result<void> change(std::string_view before, grammar::ByteRange replaced,
                              std::string_view text);
  /// Asks for ghost text, as an editor does by itself.
  engine::Result<std::int64_t> ask(std::string_view text, std::size_t cursor);
  engine::Result<void> cancel(std::int64_t question);
  /// The next answer to a question that was asked about `text`; nothing where none comes in time.
  engine::Result<std::optional<SuggestionAnswer>> answer(std::string_view text,
                                                         Clock::time_point until);
  engine::Result<void> close();
  /// Ends it in good order.
  engine::Result<void> leave();

 private:
  explicit EditorClient(const std::vector<std::string>& words)
      : server_(std::make_unique<PipedChild>(words)) {}
  engine::Result<void> send(const Json& message);
  engine::Result<void> notify(std::string method, Json params);
  engine::Result<std::optional<Message>> read(Clock::time_point until);
  /// The answer to a question that nothing goes on without.
  engine::Result<Message> answer_to(const std::string& method, Json params);
  engine::Result<void> take(const Message& message);

  std::unique_ptr<PipedChild> server_;
  FrameReader frames_;
  std::string uri_;
  std::int64_t last_id_ = 0;
  std::int64_t version_ = 0;
  bool model_is_opening_ = false;
};

}  // namespace inpaint::lsp
