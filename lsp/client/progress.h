// A bar in the client's window while something takes long, if the client has one.
//
// The client is asked for a bar first and may answer late or never: what is over by then is not
// shown.
//
// Thread rule: session strand only.
// Source: Language Server Protocol 3.17, "Work Done Progress", initiated by the server.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "lsp/client/client.h"

namespace inpaint::lsp {

class Progress {
 public:
  /// `cancelled` is called when the user clicks it away.
  Progress(Client& client, std::string token, std::string title, std::function<void()> cancelled);
  ~Progress() { end(""); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// How much is done, 0 ... 100, and in words. What is over reports nothing any more.
  void report(int percentage, const std::string& message);
  /// With a last word; a second time it does nothing.
  void end(const std::string& message);
  /// Of `window/workDoneProgress/cancel`; another token is another progress.
  void on_cancel(const Json& token);

 private:
  struct State {
    bool shown = false;
    bool over = false;
    int percentage = 0;  // a bar that begins without one may not get any later
    std::string message;
  };
  Client& client_;
  std::string token_;
  std::function<void()> cancelled_;
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace inpaint::lsp
