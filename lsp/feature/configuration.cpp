#include "lsp/feature/configuration.h"

#include <utility>

#include "lsp/protocol/loose_json.h"

namespace inpaint::lsp {

std::expected<Configuration::Params, std::string> Configuration::Params::read(const Json& params) {
  return Params{member(params, "settings")};
}

void Configuration::begin(const Json& options) {
  set(options, SettingsScope::ours);
  base_ = current_;
}

void Configuration::follow_client() {
  if (client_.capabilities.pulls_settings) pull();
  if (!client_.capabilities.registers_settings) return;
  const Json registration = {{"id", "inpaint/settings"},
                             {"method", kMethod},
                             {"registerOptions", {{"section", "inpaint"}}}};
  client_.request("client/registerCapability", {{"registrations", {registration}}},
                  [](const Message&) {});
}

void Configuration::operator()(const Params& params) {
  // A client that can be asked sends null here, or not all of it.
  if (client_.capabilities.pulls_settings) pull();
  else if (!params.settings.is_null()) set(params.settings, SettingsScope::everybodys);
}

void Configuration::pull() {
  client_.request("workspace/configuration", {{"items", {{{"section", "inpaint"}}}}},
                  [this](const Message& response) {
                    const auto sections = elements_of(response.result);
                    if (!sections.empty()) set(*sections.front(), SettingsScope::ours);
                  });
}

void Configuration::set(const Json& given, SettingsScope scope) {
  SettingsChange change = change_settings(base_, given, scope);
  const Settings before = std::exchange(current_, std::move(change.settings));
  changed_(before);
  for (const std::string& line : change.not_taken) log_.note("settings: " + line);
  for (const std::string& problem : change.problems) {
    if (!told_.insert(problem).second) continue;
    log_.problem("settings: " + problem);
    client_.show_message(MessageType::warning, problem);
  }
}

}  // namespace inpaint::lsp
