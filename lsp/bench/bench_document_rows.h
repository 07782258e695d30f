// The rows of `inpaint bench` about a long document in the server's session: what happens at every
// key before any engine is asked.
#pragma once

#include "lsp/bench/bench_sampler.h"

namespace inpaint::lsp {

/// How long the document is. It is made of the subject's lines, over and over.
inline constexpr std::size_t kLongDocumentLines = 10'000;

/// A change applied; an answer from the type-through cache.
void measure_documents(BenchSampler& sampler);

}  // namespace inpaint::lsp
