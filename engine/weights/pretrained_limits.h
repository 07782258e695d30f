// What a model may be, before anything large is asked for: numbers in range, and room in memory.
//
// Errors: bad_config (a number out of range), unavailable (less memory than the weights need).
// Thread rule: any thread; no state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/weights/pretrained_weights.h"

namespace inpaint::engine {

/// Far above every model of these families, far below an overflow: each product of two dimensions
/// is at most 2^44.
inline constexpr int kMaxPretrainedWidth = 1 << 20;
inline constexpr int kMaxPretrainedVocabulary = 1 << 22;
inline constexpr int kMaxPretrainedLayers = 1'000;
inline constexpr int kMaxPretrainedHeads = 4'096;
inline constexpr int kMaxPretrainedHeadDim = 4'096;
inline constexpr int kMaxPretrainedPositions = 1 << 26;

inline constexpr const char* kServedFamilies = "qwen2, qwen3, llama, granite";

/// `name` stands for the file in the error.
Result<void> check_limits(const PretrainedConfig& config, const std::string& name);

/// MemAvailable of a text such as /proc/meminfo, in bytes; nothing where it is not told.
std::optional<std::uint64_t> available_memory(std::string_view meminfo);

/// Where `available` is nothing, nobody knows, and nothing is refused.
Result<void> check_memory(std::uint64_t needed, std::optional<std::uint64_t> available,
                          const std::string& name);

}  // namespace inpaint::engine
