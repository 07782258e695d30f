#include "lsp/session/server.h"

#include <functional>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "lsp/session/process_watch.h"
#include "lsp/session/session.h"

namespace inpaint::lsp {

namespace asio = boost::asio;

int run_server(const ServerOptions& options, Log& log) {
  asio::io_context loop(1);
  EngineWorker worker(loop.get_executor(), options.open_engine);
  StreamTransport transport(loop, options.in, options.out, options.limits);
  ProcessWatch processes(loop);
  asio::steady_timer last_words(loop);
  int exit_code = 1;

  std::function<void()> client_ended;
  Session session({
      .strand = loop.get_executor(),
      .send = [&](const Json& message) { transport.send(message); },
      .leave =
          [&](int code) {
            exit_code = code;
            log.note("leaving with " + std::to_string(code));
            last_words.expires_after(options.last_words);
            last_words.async_wait([&](const boost::system::error_code& error) {
              if (!error) loop.stop();
            });
            transport.finish([&] { loop.stop(); });
          },
      .watch_process = [&](std::int64_t process) { processes.watch(process, client_ended); },
      .worker = worker,
      .log = log,
      .settings = options.settings,
      .languages = options.languages,
      .problems = options.problems,
  });
  client_ended = [&] {
    log.note("the client's process has ended");
    session.leave(1);
  };
  if (options.client_process) processes.watch(*options.client_process, client_ended);
  const std::stop_callback stopped(options.stop, [&] {
    asio::post(loop, [&] {
      log.note("asked to stop");
      session.leave(1);
    });
  });

  transport.start({
      .message = [&](Message message) { session.on_message(std::move(message)); },
      .unreadable = [&](const RpcError& error) { session.on_unreadable(error); },
      .closed = [&](const std::optional<engine::Error>& error) { session.on_closed(error); },
  });
  loop.run();
  if (worker.has_engine() && options.abandon) {
    transport.restore_flags();  // no destructor will
    options.abandon(exit_code);
  }
  return exit_code;
}

}  // namespace inpaint::lsp
