// One forward of a span: clean rows, each asked for the token behind it, and rows of blocks.
//
// Thread rule: engine thread only.     Errors: those of the model.
#pragma once

#include <span>
#include <vector>

#include "engine/decoding/forward_rows.h"
#include "engine/decoding/model.h"
#include "engine/decoding/span_decoder.h"

namespace inpaint::engine {

/// Asks the rows of `clean` for the token behind each, which is that of `drafted`, behind the last
/// one `<end>`; and rows of blocks.
struct Asked {
  RowSpan clean;
  std::span<const TokenId> drafted;
  std::vector<int> block;
};

/// What one forward says of the clean rows that were asked, and of those of blocks.
struct ForwardOutcome {
  std::vector<Distribution> clean;
  std::vector<Distribution> block;
};

Result<ForwardOutcome> run_rows(Model& model, KeyValueCache& cache, ForwardRows& rows,
                                const Asked& asked, TokenId end);

/// At positions from `position` on.
std::vector<Row> rows_of(std::span<const TokenId> tokens, int position);

/// `rows`: of the row in front of a draft, and of all its tokens, each asked for the one behind it.
DraftScore score_of(std::span<const Distribution> rows);

Error cancelled_error();

}  // namespace inpaint::engine
