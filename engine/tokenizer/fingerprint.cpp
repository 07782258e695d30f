#include "engine/tokenizer/fingerprint.h"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

namespace inpaint::engine {

std::string fingerprint(const Tokenizer& tokenizer) {
  int n_ids = tokenizer.size();
  while (n_ids > 0 && tokenizer.bytes(n_ids - 1).empty()) --n_ids;
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  const auto add = [&hash](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3ULL; };
  for (TokenId id = 0; id < n_ids; ++id) {
    const std::string_view bytes = tokenizer.bytes(id);
    // Where one token ends and the next begins counts too.
    for (std::size_t size = bytes.size(); size > 0; size >>= 8) add(size & 0xFF);
    add(0);
    for (const char byte : bytes) add(static_cast<unsigned char>(byte));
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace inpaint::engine
