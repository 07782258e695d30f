// One request to a server: the bytes of a file from an offset on, handed over as they come.
//
// Proxies, certificates and passwords are what the environment says, as for every program with
// libcurl: http_proxy, https_proxy, all_proxy, no_proxy; CURL_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR
// as for curl(1). Redirections are followed, from https to https alone. Nothing of the user's goes
// along: no cookie, no name, no version.
//
// A connection that brings nothing for a minute is lost.
//
// Units:  bytes.
// Errors: cancelled; unavailable, with what to do about it.
// Source: libcurl-easy(3); RFC 9110, section 14 (range requests).
// Thread rule: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>

#include "engine/base/error.h"

namespace inpaint::lsp {

struct TransferRequest {
  std::string address;
  std::uint64_t offset = 0;  // of the first byte that is wanted
  std::uint64_t most = 0;    // what would be longer is refused
};

struct TransferHandlers {
  /// False ends the transfer; who answered so knows why.
  std::function<bool(std::span<const std::byte>)> take;
  std::function<void()> tick;  // at least once a second
};

enum class TransferEnd {
  complete,     // all that the server had to say
  not_taken,    // take() said no
  not_resumed,  // the server does not begin at the offset: ask from the beginning
};

engine::Result<TransferEnd> transfer(const TransferRequest& request,
                                     const TransferHandlers& handlers, const std::stop_token& stop);

}  // namespace inpaint::lsp
