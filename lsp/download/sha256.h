// SHA-256 of bytes that come in pieces.
//
// Errors: unavailable (the library refuses the digest).
// Source: FIPS 180-4; OpenSSL's EVP_DigestInit(3).
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "engine/base/error.h"

// The library's own name, which its header gives to a type that nobody sees into.
// NOLINTNEXTLINE(readability-identifier-naming)
struct evp_md_ctx_st;

namespace inpaint::lsp {

class Sha256 {
 public:
  static engine::Result<Sha256> create();

  /// A failure is kept and told by hex().
  void add(std::span<const std::byte> bytes);
  /// Of all that was added, 64 lower-case digits. Called once, last.
  engine::Result<std::string> hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  using Context = std::unique_ptr<evp_md_ctx_st, Free>;

  explicit Sha256(Context context) : context_(std::move(context)) {}

  Context context_;
  bool failed_ = false;
};

}  // namespace inpaint::lsp
