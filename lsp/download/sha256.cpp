#include "lsp/download/sha256.h"

#include <array>
#include <utility>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace inpaint::lsp {
namespace {

std::unexpected<engine::Error> refused() {
  return engine::failure(engine::ErrorCode::unavailable, "SHA-256", "OpenSSL refuses it",
                         "see the configuration that OPENSSL_CONF names");
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

engine::Result<Sha256> Sha256::create() {
  Context context(EVP_MD_CTX_new());
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) return refused();
  return Sha256(std::move(context));
}

void Sha256::add(std::span<const std::byte> bytes) {
  if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) failed_ = true;
}

engine::Result<std::string> Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (failed_ || EVP_DigestFinal_ex(context_.get(), digest.data(), &size) != 1) return refused();
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

}  // namespace inpaint::lsp
