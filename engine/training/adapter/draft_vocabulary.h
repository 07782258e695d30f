// The tokens that masks may propose: those that code uses most.
//
// A draft need not be complete, because causal rows verify it with the whole vocabulary, and a head of
// 16,384 rows costs a ninth of one of 151,936. Counted over as much of a corpus as tells the frequent ones
// apart, in the order of its first epoch, so that languages count alike.
//
// Units:  tokens.   Errors: bad_data, io_failed (from the corpus).
#pragma once

#include <vector>

#include "engine/base/error.h"
#include "engine/tokenizer/tokenizer.h"
#include "engine/training/corpus/corpus.h"

namespace inpaint::engine {

/// `size` tokens at most, ascending: `end`, and the most frequent of those below `vocabulary`.
Result<std::vector<TokenId>> draft_vocabulary(const Corpus& corpus, const Tokenizer& tokenizer,
                                              int vocabulary, TokenId end, int size);

}  // namespace inpaint::engine
