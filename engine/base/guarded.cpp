#include "engine/base/guarded.h"

#include <exception>
#include <new>
#include <string>

namespace inpaint::engine {
namespace {

constexpr std::size_t kLongestReason = 200;

/// libtorch appends a stack trace; one line says what is wrong.
std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n')).substr(0, kLongestReason);
}

Error described(std::string_view what) {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return {ErrorCode::internal, std::string(what), "out of memory", "close what needs much of it"};
  } catch (const std::exception& error) {
    return {ErrorCode::internal, std::string(what), std::string(first_line(error.what())),
            "report it: nothing should throw there"};
  } catch (...) {
    return {ErrorCode::internal, std::string(what), "an exception of an unknown type",
            "report it: nothing should throw there"};
  }
}

}  // namespace

Error error_of_exception(std::string_view what) noexcept {
  try {
    return described(what);
  } catch (...) {
    return {ErrorCode::internal, "", "out of memory", ""};  // short enough to need none
  }
}

}  // namespace inpaint::engine
