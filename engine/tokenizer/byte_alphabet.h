// The printable stand-ins that byte-level BPE files use for bytes.
//
// A JSON file cannot hold arbitrary bytes, so every byte is written as one printable character: the
// visible bytes of Latin-1 as themselves, the other 68 as U+0100 and up, in order (a space is "Ġ").
//
// Units:  bytes; UTF-8 of the stand-ins.   Errors: std::nullopt, false for a character that stands for none.
// Source: bytes_to_unicode() of GPT-2's encoder, as described there: '!'..'~', U+00A1..U+00AC and
//         U+00AE..U+00FF stand for themselves.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace inpaint::engine {

/// The bytes that a word of the file stands for.
std::optional<std::string> bytes_from_stand_ins(std::string_view word);

/// Appends them instead, for callers with many words. False for a character that stands for none;
/// part of the word may have been appended then.
bool append_bytes_of_stand_ins(std::string_view word, std::string& bytes);

/// The word of the file for these bytes.
std::string stand_ins_from_bytes(std::string_view bytes);

}  // namespace inpaint::engine
