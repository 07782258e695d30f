#include "lsp/evaluation/engine_thread.h"

#include <future>
#include <type_traits>
#include <utility>

#include <boost/asio/post.hpp>

namespace inpaint::lsp {

template <class Work>
auto EngineThread::run(Work work) {
  std::packaged_task<std::invoke_result_t<Work>()> task(std::move(work));
  auto answer = task.get_future();
  boost::asio::post(thread_, [&task] { task(); });
  return answer.get();
}

engine::Result<std::unique_ptr<engine::Engine>> EngineThread::start(const Open& open) {
  std::unique_ptr<EngineThread> thread(new EngineThread());
  auto opened = thread->run([&open] { return open(); });
  if (!opened) return std::unexpected(opened.error());
  thread->engine_ = std::move(*opened);
  return thread;
}

EngineThread::~EngineThread() {
  run([this] { engine_.reset(); });
  thread_.join();
}

engine::Result<engine::FillReply> EngineThread::fill(engine::FillRequest request) {
  return run([&] {
    if (request.stop.stop_requested())  // while it waited
      return engine::Result<engine::FillReply>(
          engine::failure(engine::ErrorCode::cancelled, "fill", "cancelled by the caller"));
    return engine_->fill(std::move(request));
  });
}

}  // namespace inpaint::lsp
