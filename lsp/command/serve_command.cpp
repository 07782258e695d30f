#include "lsp/command/serve_command.h"

#include <cstdlib>
#include <fstream>
#include <limits>
#include <utility>

#include <fcntl.h>

#include "engine/base/open_files.h"
#include "lsp/client/log.h"
#include "lsp/command/user_languages.h"
#include "lsp/session/server.h"

namespace inpaint::lsp {
namespace {

/// Of the connection (2), the event loop (3) and the client's process (1).
constexpr int kFilesOfAServer = 6;

}  // namespace

int serve_command(const ServeOptions& options, Program& program) {
  for (const auto& [descriptor, name] : {std::pair(program.server_in, "standard input"),
                                         std::pair(program.server_out, "standard output")}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    return report(program, {engine::ErrorCode::io_failed, name, "it is closed",
                            "let an editor start the server"});
  }
  if (!engine::may_open_files(kFilesOfAServer)) {
    return report(program, {engine::ErrorCode::io_failed, "serve", "too few files may be opened",
                            engine::kRaiseFileLimit});
  }
  std::ofstream file;
  if (options.log) {
    file.open(*options.log, std::ios::app);
    if (!file) {
      return report(program, {engine::ErrorCode::io_failed, *options.log,
                              "the log can not be written", "name another file with --log"});
    }
  }
  const LogLimits limits =
      options.log ? LogLimits{true, std::numeric_limits<std::size_t>::max()} : LogLimits{};
  Log log(options.log ? static_cast<std::ostream&>(file) : program.err, limits);

  const UserLanguages languages = UserLanguages::load(program.config_folder / kLanguagesFile);
  for (const engine::Error& problem : languages.problems()) log.problem(to_string(problem));

  ServerOptions server{.in = program.server_in, .out = program.server_out};
  server.settings.decoding.mode = options.mode;
  server.languages = languages.set();
  for (const engine::Error& problem : languages.problems())
    server.problems.push_back(to_string(problem));
  server.client_process = options.client_process;
  server.stop = program.stop;
  server.engines = {.open =
                        [&](const engine::Loading& loading) {
                          return program.open_model(options.model, loading);
                        },
                    .open_stand_in = [&] { return program.open_stand_in(options.model); }};
  server.abandon = program.abandon;
  return run_server(server, log);
}

}  // namespace inpaint::lsp
