// Which files of a corpus are packed, in which order, and which validate.
//
// Held back for validation are whole packages (a name without its version), so that no project is
// on both sides. The order of the others lets the languages advance side by side, so that any
// stretch of it is a balanced sample; files of one folder follow each other, so that a shard holds the
// neighbours of its files (neighbourhood.h). Every choice comes from hashes of names and the seed: it is
// the same on every machine, and a file more or less moves nothing else.
//
// Units:  bytes.   Errors: none.
// Source: Fowler, Noll and Vo's hash FNV-1a, 64 bits, for the names.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/training/corpus/keep_list.h"

namespace inpaint::engine {

struct PackPlan {
  std::vector<const KeptFile*> train;  // in the order of packing
  std::vector<const KeptFile*> valid;
};

/// `bytes_per_language` 0 takes all there is; `valid_bytes` is for all languages together.
PackPlan plan_pack(std::span<const KeptFile> files, std::uint64_t bytes_per_language,
                   std::uint64_t valid_bytes, std::uint64_t seed);

}  // namespace inpaint::engine
