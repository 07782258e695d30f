#include "engine/training/corpus/zstd_frame.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <zstd.h>

namespace inpaint::engine {
namespace {

constexpr int kWindowLog = 27;
constexpr std::size_t kPiece = 1 << 20;

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

std::unexpected<Error> damaged(std::string_view name, std::string why) {
  return failure(ErrorCode::bad_data, std::string(name), std::move(why),
                 "fetch or pack the file again");
}

/// The window that the data needs, not the greatest: it is memory on both sides.
int window_log(std::size_t bytes) {
  int log = 17;
  while (log < kWindowLog && (std::size_t{1} << log) < bytes) ++log;
  return log;
}

}  // namespace

Result<std::string> pack_frame(std::string_view bytes, int level) {
  std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  std::size_t status = context ? 0 : static_cast<std::size_t>(-1);
  auto set = [&](ZSTD_cParameter parameter, int value) {
    if (!ZSTD_isError(status)) status = ZSTD_CCtx_setParameter(context.get(), parameter, value);
  };
  set(ZSTD_c_compressionLevel, level);
  set(ZSTD_c_checksumFlag, 1);
  set(ZSTD_c_enableLongDistanceMatching, 1);
  set(ZSTD_c_windowLog, window_log(bytes.size()));
  if (!ZSTD_isError(status))
    status =
        ZSTD_compress2(context.get(), packed.data(), packed.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(status))
    return failure(ErrorCode::unavailable, "compressing a shard", ZSTD_getErrorName(status),
                   "free some memory and try again");
  packed.resize(status);
  return packed;
}

Result<std::string> unpack_frame(std::string_view frame, std::uint64_t bytes,
                                 std::string_view name) {
  std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context(ZSTD_createDCtx());
  if (!context)
    return failure(ErrorCode::unavailable, std::string(name), "no memory to unpack it",
                   "free some memory and try again");
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kWindowLog);
  std::string text;
  ZSTD_inBuffer in{frame.data(), frame.size(), 0};
  for (;;) {
    // Grown piece by piece: a small frame that claims much may not cost much memory. One byte more
    // than claimed is room to notice that the claim is too small.
    const std::size_t have = text.size();
    const std::size_t room = std::min<std::uint64_t>(kPiece, bytes - have) + 1;
    if (text.capacity() < have + room)
      text.reserve(std::min<std::uint64_t>(bytes + 1, std::max(2 * have, have + room)));
    text.resize(have + room);
    ZSTD_outBuffer out{text.data() + have, room, 0};
    const std::size_t consumed = in.pos;
    const std::size_t status = ZSTD_decompressStream(context.get(), &out, &in);
    text.resize(have + out.pos);
    if (ZSTD_isError(status))
      return damaged(name,
                     fmt::format("the compressed data is damaged ({})", ZSTD_getErrorName(status)));
    if (text.size() > bytes)
      return damaged(name, fmt::format("it unpacks to more than the {} bytes it claims", bytes));
    if (status == 0) break;
    if (out.pos == 0 && in.pos == consumed)
      return damaged(
          name, fmt::format("the compressed data ends after {} of {} bytes", text.size(), bytes));
  }
  if (text.size() != bytes)
    return damaged(name, fmt::format("expected {} bytes, got {}", bytes, text.size()));
  if (in.pos != frame.size())
    return damaged(
        name, fmt::format("{} bytes too many behind the compressed data", frame.size() - in.pos));
  return text;
}

}  // namespace inpaint::engine
