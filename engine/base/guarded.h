// A barrier against exceptions: what is thrown inside of it becomes an Error of whoever asked.
//
// Expected failures are values (error.h). What is left is what nobody expects: memory that runs
// out, a library that throws where its manual does not say so, a mistake of ours. None of these is
// worth more than the one request, parse or document that it happened in, so there is a barrier
// wherever work is handed over: at the begin of each thread, around each request, around each
// callback of an event loop. Within a part nobody catches: its state may be half changed there, and
// only whoever handed the work over knows what to forget.
//
// Errors: `internal`, named after the work.
// Thread rule: any thread.
#pragma once

#include <string_view>
#include <type_traits>
#include <utility>

#include "engine/base/error.h"

namespace inpaint::engine {

/// The exception that is being handled; to be called in a catch clause only. Does not throw: where
/// there is no memory for all of the words, there are fewer.
Error error_of_exception(std::string_view what) noexcept;

namespace detail {

template <class T>
struct GuardedResult {
  using Type = Result<T>;
};
template <class T>
struct GuardedResult<Result<T>> {
  using Type = Result<T>;
};

}  // namespace detail

/// What `work` returns, be it a value or a Result; an Error named `what` where it throws.
template <class Work>
auto guarded(std::string_view what, Work&& work) ->
    typename detail::GuardedResult<std::invoke_result_t<Work>>::Type {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
      std::forward<Work>(work)();
      return {};
    } else {
      return std::forward<Work>(work)();
    }
  } catch (...) {  // whatever it is: the work is over, and nothing else is to be
    return std::unexpected(error_of_exception(what));
  }
}

}  // namespace inpaint::engine
