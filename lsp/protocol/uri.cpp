#include "lsp/protocol/uri.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <vector>

#include "grammar/base/ascii.h"

namespace inpaint::lsp {
namespace {

using grammar::is_letter;
using grammar::lowered;
using grammar::to_lower;

constexpr std::string_view kReserved = ":/?#[]@!$&'()*+,;=";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_unreserved(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/// The byte of an escape at the beginning of `text`.
std::optional<char> escaped_byte(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return std::nullopt;
  unsigned char byte = 0;
  const char* const end = text.data() + 3;
  if (std::from_chars(text.data() + 1, end, byte, 16).ptr != end) return std::nullopt;
  return static_cast<char>(byte);
}

/// `text` with every byte escaped but those that need not be, and those of `literal` that were not:
/// an escaped one of these is not the same as the byte itself.
std::string escaped(std::string_view text, std::string_view literal = "") {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  while (!text.empty()) {
    const auto byte = escaped_byte(text);
    const char c = byte.value_or(text.front());
    text.remove_prefix(byte ? 3 : 1);
    if (is_unreserved(c) || (!byte && literal.find(c) != std::string_view::npos)) {
      result += c;
    } else {
      const auto value = static_cast<unsigned char>(c);
      result.append({'%', kDigits[value >> 4U], kDigits[value & 15U]});
    }
  }
  return result;
}

struct Parts {
  std::string_view scheme;
  std::optional<std::string_view> authority;
  std::string_view path;
  std::string_view query;     // with its "?"
  std::string_view fragment;  // with its "#"
};

/// "C:", or "/C:" as the path of a URI has it, also with the colon escaped.
bool begins_with_drive(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.empty() || !is_letter(path.front())) return false;
  path.remove_prefix(1);
  const std::size_t colon = path.starts_with(':') ? 1 : path.starts_with("%3A") ? 3 : 0;
  path.remove_prefix(colon);
  return colon > 0 &&
         (path.empty() || path.front() == '/' || path.front() == '\\' || path.starts_with("%5C"));
}

std::string_view cut(std::string_view& text, std::size_t at) {
  const std::string_view tail = text.substr(std::min(at, text.size()));
  text = text.substr(0, at);
  return tail;
}

Parts parts_of(std::string_view uri) {
  Parts parts;
  // No URI, but what some clients send in its place: "#" and "?" are characters like any other
  // there.
  if (uri.starts_with('/') || begins_with_drive(uri)) {
    parts.scheme = "file";
    parts.path = uri;
    return parts;
  }
  parts.fragment = cut(uri, uri.find('#'));
  parts.query = cut(uri, uri.find('?'));
  if (const std::size_t colon = uri.find(':'); colon != std::string_view::npos) {
    parts.scheme = uri.substr(0, colon);
    uri.remove_prefix(colon + 1);
  }
  if (uri.starts_with("//")) {
    uri.remove_prefix(2);
    const std::string_view rest = cut(uri, uri.find('/'));
    parts.authority = uri;
    uri = rest;
  }
  parts.path = uri;
  return parts;
}

/// Of a file, with "/" between its parts; `path` is escaped.
std::string resolved(std::string path) {
  if (begins_with_drive(path)) {
    if (!path.starts_with('/')) path.insert(0, "/");
    path[1] = to_lower(path[1]);
    for (std::size_t at = path.find("%5C"); at != std::string::npos; at = path.find("%5C", at))
      path.replace(at, 3, "/");
  }
  std::vector<std::string_view> names;
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view name = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    if (name == ".." && !names.empty()) names.pop_back();
    else if (!name.empty() && name != "." && name != "..") names.push_back(name);
  }
  std::string result = path.starts_with('/') && names.empty() ? "/" : "";
  for (const std::string_view name : names) result.append("/").append(name);
  return result;
}

std::string normal_form(std::string_view uri) {
  const Parts parts = parts_of(uri);
  const std::string scheme = lowered(parts.scheme);
  std::string authority = lowered(escaped(parts.authority.value_or("")));
  std::string path = escaped(parts.path, "/");
  if (scheme == "file") {
    if (parts.authority && begins_with_drive(*parts.authority)) {  // "file://c:/x" lacks a slash
      path.insert(0, "/" + escaped(*parts.authority));
      authority.clear();
    }
    if (authority == "localhost") authority.clear();
    path = resolved(std::move(path));
  }
  std::string normal = scheme;
  if (!scheme.empty()) normal += ":";
  if (parts.authority || scheme == "file") normal.append("//").append(authority);
  normal += path;
  if (parts.query.size() > 1) normal += "?" + escaped(parts.query.substr(1), kReserved);
  if (parts.fragment.size() > 1) normal += "#" + escaped(parts.fragment.substr(1));
  return normal;
}

}  // namespace

Uri::Uri(std::string_view spelled) : spelled_(spelled) {
  if (!spelled.empty()) normal_ = normal_form(spelled);
}

std::filesystem::path Uri::path() const {
  std::string_view rest = parts_of(normal_).path;
  std::string path;
  while (!rest.empty()) {
    const auto byte = escaped_byte(rest);
    const bool stays = byte == '/' || byte == '\0';
    path += byte && !stays ? *byte : rest.front();
    rest.remove_prefix(byte && !stays ? 3 : 1);
  }
  return path;
}

}  // namespace inpaint::lsp
