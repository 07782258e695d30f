// The file that a document is of, and whether it holds secrets.
//
// A client names the file as it likes; a link in its path leads to another name, and notes.txt may
// be ~/.netrc. Links are followed once, when the document is opened: a request must not wait for a
// disk. Nothing of the file is read.
//
// Thread rule: immutable.
// Errors: none; what cannot be followed keeps its name.
#pragma once

#include <filesystem>
#include <string>

#include "engine/base/secret_files.h"
#include "lsp/protocol/uri.h"

namespace inpaint::lsp {

struct DocumentFile {
  std::string
      path;  // as the URI names it; need not be a path of this machine ("untitled:Untitled-1")
  std::string target;  // behind all links; the same where there are none
  engine::Secrecy secrecy = engine::Secrecy::open;  // by both names
};

DocumentFile file_of_uri(const Uri& uri);
/// Of a file of this machine.
DocumentFile file_of_path(const std::filesystem::path& path);

}  // namespace inpaint::lsp
