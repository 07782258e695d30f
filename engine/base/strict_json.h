// JSON from outside, read with limits: size, depth, number of values, and no key twice.
//
// A model folder comes from anywhere. Deep nesting must not exhaust the stack, and two values under
// one key must not let one reader see what another does not.
//
// Errors: the code that the caller names (bad_config, bad_weights, bad_tokenizer).
// Source: RFC 8259; section 4 leaves duplicate names to the implementation, we refuse them.
#pragma once

#include <cstddef>
#include <string_view>

#include <nlohmann/json.hpp>

#include "engine/base/error.h"

namespace inpaint::engine {

struct JsonLimits {
  std::size_t max_bytes = 1 << 20;
  std::size_t max_values = 1 << 16;  // keys are not counted
  int max_depth = 16;                // of objects and arrays
};

/// `what` stands for the file in the error.
Result<nlohmann::json> parse_strict_json(std::string_view text, const JsonLimits& limits,
                                         ErrorCode code, std::string_view what);

}  // namespace inpaint::engine
