// Which document a URI names, however it is spelled.
//
// Editors do not agree on what is escaped (`[slug]` or `%5Bslug%5D`, `%c3` or `%C3`, `c:` or
// `C%3A`), and one editor may open a document under one spelling and ask about it under another. So
// a document is known by a normal form, which is made here and nowhere else; the spelling is kept
// for what is sent back. Nothing is looked up on a disk: two names of one file are two documents.
//
// The normal form:
//   * scheme and host are in lower case; `file://localhost/x`, `file:/x` and a bare path `/x` are
//     `file:///x`;
//   * what need not be escaped is not, the rest is; in a path a "/" that is escaped stays so, and
//     so do the delimiters of a query, because they mean something else when they are not;
//   * in the path of a file, "." and ".." are resolved, "//" and a "/" at the end are dropped, and
//     a drive letter is small, with "/" behind it where Windows has "\".
// A query and a fragment belong to the name: the cells of a notebook are told apart by them.
//
// Errors: none. What is no URI is the name that it is, and a "%" that begins no escape stands for
// itself.
// Source: RFC 3986, section 6.2.2; RFC 8089, appendices B and E.
#pragma once

#include <compare>
#include <filesystem>
#include <string>
#include <string_view>

namespace inpaint::lsp {

/// Immutable.
class Uri {
 public:
  Uri() = default;
  explicit Uri(std::string_view spelled);

  /// As the client wrote it.
  const std::string& spelled() const { return spelled_; }
  const std::string& normal() const { return normal_; }
  bool empty() const { return normal_.empty(); }
  bool is_file() const { return normal_.starts_with("file:"); }

  /// The path part, unescaped but for "/" and NUL. Of another scheme than file ("untitled:",
  /// "vscode-notebook-cell:") it names no file but may tell the language.
  std::filesystem::path path() const;

  /// Whether both name the same document.
  friend bool operator==(const Uri& a, const Uri& b) { return a.normal_ == b.normal_; }
  friend std::strong_ordering operator<=>(const Uri& a, const Uri& b) {
    return a.normal_ <=> b.normal_;
  }

 private:
  std::string spelled_;
  std::string normal_;
};

}  // namespace inpaint::lsp
