// One zstd frame with a checksum, packed and unpacked under a bound.
//
// Unpacking never takes more memory than the claimed size and never believes the frame's own claim.
//
// Units:  bytes.
// Errors: bad_data (damaged, longer or shorter than claimed, a window above 2^27, more than one
//         frame), unavailable (the library refuses the parameters).
// Source: RFC 8878; zstd.h of libzstd 1.5.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace inpaint::engine {

Result<std::string> pack_frame(std::string_view bytes, int level);

/// `bytes` is what the result must have; `name` stands for the file in errors.
Result<std::string> unpack_frame(std::string_view frame, std::uint64_t bytes,
                                 std::string_view name);

}  // namespace inpaint::engine
