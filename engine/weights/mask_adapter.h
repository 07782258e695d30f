// A mask adapter: what makes masks beside frozen published weights propose the next tokens.
//
// Mask d, 0 <= d < masks, behind a clean row at position p stands at position p + 1 + d and
// proposes the token at p + d + 2: the clean row itself says the one at p + 1. In each layer each
// of the seven projections has for mask rows, and for them alone, two thin matrices beside it:
//
//   y = W x + bias + up^T (down x)
//
// so that clean rows are the published model to the bit. Masks propose tokens of a draft vocabulary
// only. To the logit of each a Markov table adds what the token chosen on the mask's left says of
// it:
//
//   logits[v] += dot(markov.right[v], markov.left[index of that token])
//
// Of mask 0 that is the first choice of the clean row in front, of mask d that of mask d - 1; where
// it is not of the draft vocabulary nothing is added.
//
// Format 1, a folder with two files:
//   config.json          adapter_config.h: "format": "inpaint_mask_adapter", "version": 1, rank,
//                        masks, markov_rank, draft_tokens, base (a shape), tokenizer (a fingerprint),
//                        measured_on, rows
//   adapter.safetensors
//     layers.N.{q,k,v,o,gate,up,down}.down   I8 [rank, inputs]
//     layers.N.{q,k,v,o,gate,up,down}.up     I8 [rank, outputs]
//     markov.left, markov.right              I8 [draft_tokens, markov_rank]; none of markov_rank 0
//     X.scale of each I8 tensor X            F16 [rows, ceil(columns / 64)]: value = integer *
//                                            scale of its group of 64 along the row; -127 ... 127
//     masks                                  F32 [masks, hidden]: their embeddings
//     draft_tokens                           I32 [draft_tokens]: ids of the base, no two alike;
//                                            the end of a text may be one
//
// Errors: bad_config, bad_weights (name file and tensor), file_not_found, io_failed; bad_argument
//         where it is not one for this model: another shape, another tokenizer.
// Thread rule: immutable.
// Source: gated low-rank adapters, arXiv 2507.11851; Markov head: DSpark, arXiv 2607.05147.
#pragma once

#include <array>
#include <filesystem>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/kernels/quantised_matrix.h"
#include "engine/tokenizer/tokenizer.h"
#include "engine/weights/adapter_config.h"
#include "engine/weights/pretrained_weights.h"

namespace inpaint::engine {

/// Beside one projection [outputs, inputs].
struct ThinPair {
  kernels::QuantisedMatrix down;  // [rank, inputs], the file's numbers to the bit
  kernels::QuantisedMatrix up;    // [outputs, rank], f16
};

struct MaskAdapter {
  AdapterConfig config;
  /// On a file of the name that it stands beside: what it proposes may be written without being verified.
  bool measured = false;
  std::vector<std::array<ThinPair, 7>> layers;  // in the order of kAdapterProjections
  std::vector<float> masks;                     // [masks, hidden]
  std::vector<TokenId> draft_tokens;
  kernels::QuantisedMatrix markov_left;   // [draft_tokens, markov_rank]; empty without a table
  kernels::QuantisedMatrix markov_right;  // likewise
};

/// `tokenizer`: the fingerprint of the model's. Reads config.json, and asks whether it is for this
/// model.
Result<AdapterConfig> load_adapter_config(const std::filesystem::path& folder,
                                          const PretrainedConfig& base, std::string_view tokenizer);

Result<MaskAdapter> load_mask_adapter(const std::filesystem::path& folder,
                                      const PretrainedConfig& base, std::string_view tokenizer);

}  // namespace inpaint::engine
