#include "lsp/client/pending_requests.h"

#include <cassert>

namespace inpaint::lsp {

Reply& Reply::operator=(Reply&& other) noexcept {
  Reply taken(std::move(other));
  std::swap(pending_, taken.pending_);
  std::swap(id_, taken.id_);
  return *this;  // what this one held is answered by `taken`
}

Reply::~Reply() {
  if (open()) error(RpcErrorCode::internal_error, "the request was dropped");
}

void Reply::result(Json result) { answer(to_response(id_, std::move(result))); }

void Reply::error(RpcErrorCode code, std::string message) {
  answer(to_error_response({code, std::move(message), id_}));
}

void Reply::answer(Json message) {
  assert(open());  // one answer for one request
  PendingRequests* const pending = std::exchange(pending_, nullptr);
  if (pending == nullptr) return;
  --pending->n_open_;
  pending->send_(std::move(message));
}

PendingRequests::~PendingRequests() { assert(n_open_ == 0); }

}  // namespace inpaint::lsp
