// The tokenizer that a GGUF file carries in its metadata.
//
// Served is byte-level BPE (`tokenizer.ggml.model` = "gpt2") whose way to cut text is one of the names
// that engine/tokenizer/named_splits.h lists (`tokenizer.ggml.pre`). Everything else is refused by name.
//
// Units:  token ids, which are the places in `tokenizer.ggml.tokens`.
// Errors: bad_tokenizer; `what` is `name`.
// Source: the GGUF specification of ggml (docs/gguf.md, "Tokenizer").
#pragma once

#include <string>

#include "engine/base/error.h"
#include "engine/tokenizer/tokenizer.h"
#include "engine/weights/gguf_file.h"

namespace inpaint::engine {

/// `name` stands for the file in errors. The metadata is not needed afterwards.
Result<Tokenizer> load_gguf_tokenizer(const GgufMetadata& metadata, const std::string& name);

}  // namespace inpaint::engine
