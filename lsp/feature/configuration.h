// The settings of a session, and the ways in which a client changes them: `initializationOptions`,
// `workspace/didChangeConfiguration`, and `workspace/configuration`, which we ask.
//
// What a client sends later is on top of the command line and of its options at the start, never on
// top of what it sent before: a setting that it takes back is as it was. What can not be understood
// is told the user once.
//
// Thread rule: session strand only.
// Source: Language Server Protocol 3.17, "DidChangeConfiguration Notification" and "Configuration
// Request".
#pragma once

#include <expected>
#include <functional>
#include <set>
#include <string>

#include "lsp/client/client.h"
#include "lsp/client/log.h"
#include "lsp/client/settings.h"
#include "lsp/protocol/message.h"

namespace inpaint::lsp {

class Configuration {
 public:
  struct Params {
    Json settings;  // null: the client wants to be asked

    static std::expected<Params, std::string> read(const Json& params);
  };
  static constexpr const char* kMethod = "workspace/didChangeConfiguration";
  /// The settings are others than `before`, or may be.
  using Changed = std::function<void(const Settings& before)>;

  Configuration(Settings command_line, Client& client, Log& log, Changed changed)
      : base_(std::move(command_line)),
        current_(base_),
        client_(client),
        log_(log),
        changed_(std::move(changed)) {}

  /// Changes in place.
  const Settings& current() const { return current_; }

  /// At `initialize`.
  void begin(const Json& options);
  /// At `initialized`: asks for the settings, and to be told of changes.
  void follow_client();

  void operator()(const Params& params);

 private:
  void pull();
  void set(const Json& given, SettingsScope scope);

  Settings base_;  // command line and initializationOptions
  Settings current_;
  Client& client_;
  Log& log_;
  Changed changed_;
  std::set<std::string> told_;
};

}  // namespace inpaint::lsp
