#include "lsp/protocol/uri.h"

#include <charconv>
#include <string>

namespace inpaint::lsp {

bool is_file_uri(std::string_view uri) { return uri.starts_with("file:"); }

std::filesystem::path path_of_uri(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  if (colon != std::string_view::npos) uri.remove_prefix(colon + 1);
  if (uri.starts_with("//")) {  // an authority: nothing, or the name of a host
    const std::size_t slash = uri.find('/', 2);
    uri = slash == std::string_view::npos ? std::string_view() : uri.substr(slash);
  }
  uri = uri.substr(0, uri.find_first_of("?#"));
  std::string path;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    unsigned char byte = 0;
    const char* const from = uri.data() + i + 1;
    if (uri[i] == '%' && i + 2 < uri.size() &&
        std::from_chars(from, from + 2, byte, 16).ptr == from + 2 && byte != 0) {
      path += static_cast<char>(byte);
      i += 2;
    } else {
      path += uri[i];
    }
  }
  return path;
}

}  // namespace inpaint::lsp
