// Which files hold secrets: no completion is made in them, their text is shown to no model and
// offered in no other file, and no training reads them.
//
// The name decides, since reading a file to find out whether it may be read would be too late; a
// text that is there already, in an editor, decides as well. Upper and lower case are alike.
//
//   1. A store of a tool or a person is secret: by its name (.netrc, id_rsa, kubeconfig), by its
//      ending (*.pem, *.kdbx, *.tfvars), or by the folder that it lies in (.ssh/, .aws/,
//      .config/gcloud/).
//   2. So is the env family (.env*, *.env, .envrc, .Renviron), and every file whose words say what
//      it holds (db-credentials.json, apiKey.txt, vault_pass), unless it is source code or a
//      document.
//   3. Source code is code whatever it is called: key.ts and environment.ts are open. Where the
//      whole name says that literals in it are secrets (secrets.py, arduino_secrets.h) it is
//      guarded.
//   4. Copies are what they are copies of: .env~, id_rsa.bak, credentials.json.example.
//   5. A text with a private key in it is secret, and guarded where it is source code: tests of
//      cryptography are ordinary code.
//
// A false alarm costs silence in one file, a miss shows a password: in doubt data are secret, and
// source code is not. The table of examples is tests/engine/base/secret_files_test.cpp, the names
// themselves are in secret_names.h.
//
// Units: bytes.   Cost: O(length of the path) for each name of the tables; O(text) for the text.
// Thread rule: any thread.   Errors: none.
#pragma once

#include <cstdint>
#include <string_view>

namespace inpaint::engine {

enum class Secrecy : std::uint8_t {
  open,     // nothing speaks for a secret
  guarded,  // source code with secrets in it: completed where it is open, lent and learned nowhere
  secret,   // a store of secrets
};

/// `path` is absolute or relative, its parts divided by "/" or "\". Only its end need be known.
Secrecy secrecy_of_path(std::string_view path);

/// Of the text alone; `path` says whether it is source code, `is_code` as well, for a text without
/// one.
Secrecy secrecy_of_text(std::string_view text, std::string_view path, bool is_code = false);

}  // namespace inpaint::engine
