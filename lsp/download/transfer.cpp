#include "lsp/download/transfer.h"

#include <array>
#include <memory>
#include <string_view>

#include <curl/curl.h>
#include <fmt/format.h>

#include "engine/base/environment.h"

namespace inpaint::lsp {
namespace {

using engine::Error;
using engine::ErrorCode;
using engine::failure;
using engine::Result;

constexpr long kConnectSeconds = 30;
constexpr long kSilentSeconds = 60;
constexpr long kMostRedirections = 10;
constexpr long kWholeFile = 200;  // a part of it would be 206
constexpr long kRangeNotSatisfiable = 416;

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

/// The library, for as long as a transfer takes.
class Curl {
 public:
  Curl() : ready_(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) {
    if (ready_) easy_.reset(curl_easy_init());
  }
  ~Curl() {
    easy_.reset();
    if (ready_) curl_global_cleanup();
  }
  Curl(const Curl&) = delete;
  Curl& operator=(const Curl&) = delete;

  CURL* get() const { return easy_.get(); }
  template <class Value>
  void set(CURLoption option, Value value) const {
    curl_easy_setopt(easy_.get(), option, value);
  }

 private:
  bool ready_;
  std::unique_ptr<CURL, FreeEasy> easy_;
};

struct Transfer {
  const TransferHandlers& handlers;
  const std::stop_token& stop;
  bool refused = false;
};

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  const std::span<const std::byte> all = std::as_bytes(std::span(bytes, size * count));
  transfer.refused = !transfer.handlers.take(all);
  return transfer.refused ? 0 : all.size();
}

int look_up(void* context, curl_off_t /*down_total*/, curl_off_t /*down*/, curl_off_t /*up_total*/,
            curl_off_t /*up*/) {
  const auto& transfer = *static_cast<const Transfer*>(context);
  transfer.handlers.tick();
  return transfer.stop.stop_requested() ? 1 : 0;
}

/// curl(1) reads these, libcurl does not.
void set_certificates(const Curl& curl) {
  auto file = engine::environment("CURL_CA_BUNDLE");
  if (!file) file = engine::environment("SSL_CERT_FILE");
  if (file) curl.set(CURLOPT_CAINFO, file->c_str());
  if (const auto folder = engine::environment("SSL_CERT_DIR"))
    curl.set(CURLOPT_CAPATH, folder->c_str());
}

void set_up(const Curl& curl, const TransferRequest& request, Transfer& context, char* message) {
  curl.set(CURLOPT_URL, request.address.c_str());
  const char* const schemes = request.address.starts_with("https:") ? "https" : "http,https";
  curl.set(CURLOPT_PROTOCOLS_STR, schemes);
  curl.set(CURLOPT_REDIR_PROTOCOLS_STR, schemes);
  curl.set(CURLOPT_FOLLOWLOCATION, 1L);
  curl.set(CURLOPT_MAXREDIRS, kMostRedirections);
  curl.set(CURLOPT_FAILONERROR, 1L);
  curl.set(CURLOPT_NOSIGNAL, 1L);
  curl.set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl.set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl.set(CURLOPT_LOW_SPEED_TIME, kSilentSeconds);
  curl.set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(request.offset));
  curl.set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.most));
  curl.set(CURLOPT_ERRORBUFFER, message);
  curl.set(CURLOPT_WRITEFUNCTION, take);
  curl.set(CURLOPT_WRITEDATA, &context);
  curl.set(CURLOPT_NOPROGRESS, 0L);
  curl.set(CURLOPT_XFERINFOFUNCTION, look_up);
  curl.set(CURLOPT_XFERINFODATA, &context);
  set_certificates(curl);
}

std::string_view host_of(std::string_view address) {
  const std::size_t scheme = address.find("://");
  if (scheme != std::string_view::npos) address.remove_prefix(scheme + 3);
  return address.substr(0, address.find('/'));
}

Error refused_by_server(std::string_view address, long status) {
  std::string_view remedy = "try again later";
  if (status == 404 || status == 410)
    remedy = "the file has moved: a newer Inpaint may know where to";
  else if (status == 401 || status == 403 || status == 407)
    remedy = "see whether your network or its proxy lets you fetch it";
  return {ErrorCode::unavailable, std::string(address),
          fmt::format("the server answers {}", status), std::string(remedy)};
}

Error failed(CURLcode code, const char* message, const TransferRequest& request, bool has_begun) {
  const std::string why = message[0] != '\0' ? message : curl_easy_strerror(code);
  const std::string host(host_of(request.address));
  switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return {ErrorCode::unavailable, host, "it cannot be reached, " + why,
              "check the network, and the proxy that https_proxy names; without a network, models "
              "that are here already work as before"};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR:
      return {ErrorCode::unavailable, host, "no trusted connection, " + why,
              "install ca-certificates, or name your network's certificate in SSL_CERT_FILE"};
    case CURLE_FILESIZE_EXCEEDED:
      return {ErrorCode::unavailable, host,
              fmt::format("it offers more than the {} bytes that are wanted", request.most),
              "the file has changed: a newer Inpaint may know of it"};
    default:
      return {ErrorCode::unavailable, host,
              (has_begun ? "the connection was lost, " : "no file comes, ") + why,
              "run the same command again: it goes on from what is there"};
  }
}

}  // namespace

Result<TransferEnd> transfer(const TransferRequest& request, const TransferHandlers& handlers,
                             const std::stop_token& stop) {
  const Curl curl;
  if (curl.get() == nullptr)
    return failure(ErrorCode::unavailable, "libcurl", "it does not start", "free some memory");
  Transfer context{handlers, stop};
  std::array<char, CURL_ERROR_SIZE> message{};
  set_up(curl, request, context, message.data());
  const CURLcode code = curl_easy_perform(curl.get());
  if (code == CURLE_OK) return TransferEnd::complete;
  if (context.refused) return TransferEnd::not_taken;
  if (stop.stop_requested())
    return failure(ErrorCode::cancelled, "download", "stopped",
                   "run the same command again: it goes on from what is there");
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_off_t came = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_SIZE_DOWNLOAD_T, &came);
  const bool out_of_range = code == CURLE_HTTP_RETURNED_ERROR && status == kRangeNotSatisfiable;
  const bool from_the_start = code == CURLE_FILESIZE_EXCEEDED && status == kWholeFile;
  if (request.offset > 0 && (code == CURLE_RANGE_ERROR || out_of_range || from_the_start))
    return TransferEnd::not_resumed;
  if (code == CURLE_HTTP_RETURNED_ERROR)
    return std::unexpected(refused_by_server(request.address, status));
  return std::unexpected(failed(code, message.data(), request, came > 0));
}

}  // namespace inpaint::lsp
