#include "lsp/session/server.h"

#include <functional>
#include <string>
#include <tuple>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "engine/base/guarded.h"
#include "lsp/session/process_watch.h"
#include "lsp/session/session.h"

namespace inpaint::lsp {

namespace asio = boost::asio;

namespace {

/// A callback that throws (a timer, a result, a read or a write) is over; all that others wait for
/// comes as before.
void run(asio::io_context& loop, StreamTransport& transport, Log& log) {
  while (true) {
    const auto ended = engine::guarded("event loop", [&] { loop.run(); });
    if (ended) return;
    log.problem(engine::to_string(ended.error()));
    loop.restart();  // it takes a callback that ends without another one for the end of all work
    std::ignore = engine::guarded("transport", [&] { transport.resume(); });
  }
}

int serve(const ServerOptions& options, Log& log) {
  asio::io_context loop(1);
  EngineWorker worker(loop.get_executor(), options.engines);
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
            const auto in_order = engine::guarded("leave", [&] {
              log.note("leaving with " + std::to_string(code));
              last_words.expires_after(options.last_words);
              last_words.async_wait([&](const boost::system::error_code& error) {
                if (!error) loop.stop();
              });
              transport.finish([&] { loop.stop(); });
            });
            if (!in_order) loop.stop();
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
    const auto asked = engine::guarded("stop", [&] {
      asio::post(loop, [&] {
        log.note("asked to stop");
        session.leave(1);
      });
    });
    if (!asked) loop.stop();
  });

  transport.start({
      .message = [&](Message message) { session.on_message(std::move(message)); },
      .unreadable = [&](const Unreadable& message) { session.on_unreadable(message); },
      .closed = [&](const std::optional<engine::Error>& error) { session.on_closed(error); },
  });
  run(loop, transport, log);
  if (worker.has_engine() && options.abandon) {
    transport.restore_flags();  // no destructor will
    options.abandon(exit_code);
  }
  return exit_code;
}

}  // namespace

int run_server(const ServerOptions& options, Log& log) {
  const auto exit_code = engine::guarded("serve", [&] { return serve(options, log); });
  if (!exit_code) log.problem(engine::to_string(exit_code.error()));
  return exit_code.value_or(1);
}

}  // namespace inpaint::lsp
