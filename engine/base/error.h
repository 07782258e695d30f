// Expected failures are values: a Result holds what was asked for, or an Error that says what
// failed, why, and how to mend it.
//
// Exceptions of torch, JSON and PCRE2 are caught in the file that calls the library and become an
// Error there; none crosses a folder. What nobody expected to be thrown becomes one at the next barrier
// (guarded.h). A broken invariant of ours is an assert, never an Error.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace inpaint::engine {

/// What callers branch on; the words of an Error are for people.
enum class ErrorCode {
  cancelled,       // the stop token was set; nothing is wrong
  bad_argument,    // the caller's request makes no sense (hole outside of the text, ...)
  bad_config,      // config.json: missing, unreadable or not supported
  bad_weights,     // *.safetensors: truncated, lying or not what the configuration says
  bad_tokenizer,   // tokenizer.json: unreadable or not byte-level BPE
  bad_data,        // training data that cannot be used
  file_not_found,  // a file or folder that the user named is not there
  io_failed,       // the disk is full, a file may not be written, ...
  not_finite,      // a loss or a logit became NaN or infinite
  unavailable,     // this build or machine lacks the part that was asked for
  internal,        // an exception that nobody expected, or no memory: this one request is lost
};

struct Error {
  ErrorCode code = ErrorCode::bad_argument;
  std::string what;    // what failed, naming the file or value: "model.safetensors"
  std::string why;     // the reason, with the offending value: "header of 9 bytes claims 1048576"
  std::string remedy;  // what the user can do: "fetch the file again"
  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = std::expected<T, Error>;

/// The one form in which errors are shown: `what: why: remedy`, without the parts that are empty.
inline std::string to_string(const Error& error) {
  std::string text = error.what;
  for (std::string_view part : {std::string_view(error.why), std::string_view(error.remedy)}) {
    if (part.empty()) continue;
    if (!text.empty()) text += ": ";
    text += part;
  }
  return text;
}

inline std::unexpected<Error> failure(ErrorCode code, std::string what, std::string why,
                                      std::string remedy = {}) {
  return std::unexpected(Error{code, std::move(what), std::move(why), std::move(remedy)});
}

}  // namespace inpaint::engine
