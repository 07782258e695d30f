// Whether weights are numbers.
//
// Of blocks only the scales can fail to be: they are looked at where they stand, and nothing is
// unpacked. A file with one such block would answer NaN to everything, and not say why.
//
// Thread rule: any thread; no state.      Cost: reads every block once.
#pragma once

#include <cstddef>
#include <span>

#include "engine/kernels/block_format.h"

namespace inpaint::engine {

/// False where a value is infinite or not a number. `blocks` are whole ones.
bool are_finite(kernels::BlockFormat format, std::span<const std::byte> blocks);

}  // namespace inpaint::engine
