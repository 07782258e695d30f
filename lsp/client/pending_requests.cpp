#include "lsp/client/pending_requests.h"

#include <algorithm>
#include <exception>
#include <tuple>

#include "engine/base/guarded.h"

namespace inpaint::lsp {

Reply& Reply::operator=(Reply&& other) noexcept {
  Reply taken(std::move(other));
  std::swap(pending_, taken.pending_);
  std::swap(number_, taken.number_);
  return *this;  // what this one held is answered by `taken`
}

Reply::~Reply() {
  if (!open()) return;
  // Where even this fails there is no memory for an answer, and a destructor must not throw.
  std::ignore = engine::guarded("reply", [this] {
    const std::string& method = pending_->open_.at(number_).method;
    error(RpcErrorCode::internal_error,
          method + (std::uncaught_exceptions() > 0 ? ": an exception ended the request"
                                                   : ": the request was dropped"));
  });
}

bool Reply::open() const { return pending_ != nullptr && pending_->open_.contains(number_); }

void Reply::result(Json result) {
  if (!open()) return;
  const auto request = pending_->open_.find(number_);
  // Where this throws the request stays open: it can still be answered with an error.
  pending_->send_(to_response(request->second.id, std::move(result)));
  pending_->open_.erase(request);
}

void Reply::error(RpcErrorCode code, std::string message) {
  if (pending_ != nullptr) pending_->fail(number_, code, std::move(message));
}

void Reply::failed(const engine::Error& error) {
  if (!open()) return;
  const std::string& method = pending_->open_.at(number_).method;
  this->error(RpcErrorCode::internal_error, method + ": " + engine::to_string(error));
}

void Reply::on_cancel(std::function<void()> cancelled) {
  if (open()) pending_->open_.at(number_).cancelled = std::move(cancelled);
}

Reply PendingRequests::begin(Json id, std::string method) {
  open_.emplace(++last_number_, Open{std::move(id), std::move(method), nullptr});
  return {*this, last_number_};
}

void PendingRequests::fail(std::uint64_t number, RpcErrorCode code, std::string message) {
  const auto request = open_.find(number);
  if (request == open_.end()) return;
  send_(to_error_response({code, std::move(message), request->second.id}));
  open_.erase(request);
}

bool PendingRequests::cancel(const Json& id) {
  const auto request =
      std::ranges::find_if(open_, [&](const auto& entry) { return entry.second.id == id; });
  if (request == open_.end()) return false;
  cancel(request, "cancelled by the client");
  return true;
}

void PendingRequests::cancel_all(std::uint64_t but) {
  // What is called may end other requests too, so the place is found anew each time.
  for (auto request = open_.begin(); request != open_.end();) {
    const std::uint64_t number = request->first;
    // One that can not be answered, for want of memory, does not keep the others waiting.
    if (number != but)
      std::ignore = engine::guarded("reply", [&] { cancel(request, "the session ends"); });
    request = open_.upper_bound(number);
  }
}

void PendingRequests::cancel(Requests::iterator request, std::string why) {
  const std::function<void()> cancelled = std::move(request->second.cancelled);
  fail(request->first, RpcErrorCode::request_cancelled, std::move(why));
  if (cancelled) cancelled();
}

}  // namespace inpaint::lsp
