#include "lsp/document/excluded_files.h"

#include <algorithm>
#include <cstddef>

namespace inpaint::lsp {
namespace {

constexpr std::string_view kPatterns[] = {
    ".env",
    ".env.*",
    "*.env",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.p8",
    "*.jks",
    "*.keystore",
    "*.kdbx",
    "*.ppk",
    "*.asc",
    "*.gpg",
    "*.age",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    "credentials",
    "credentials.json",
    "credentials.y*ml",
    "credentials.toml",
    "credentials.ini",
    "credentials.csv",
    "credentials.xml",
    "credentials.txt",
    "client_secret*.json",
    "service-account*.json",
    "service_account*.json",
    "secrets.json",
    "secrets.y*ml",
    "secrets.toml",
    "secrets.ini",
    "secrets.env",
    ".netrc",
    "_netrc",
    ".npmrc",
    ".yarnrc",
    ".pypirc",
    ".pgpass",
    ".my.cnf",
    ".htpasswd",
    ".git-credentials",
    ".gitconfig",
    ".dockercfg",
    ".docker/config.json",
    ".kube/config",
    ".aws/*",
    ".ssh/*",
    ".gnupg/*",
    "*.tfvars",
    "*.tfvars.json",
    "*.tfstate",
    "*.tfstate.backup",
    "*.ovpn",
    "shadow",
    "master.key",
};

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// With one place to go back to, since only the last `*` ever needs to take more: O(length²) at most.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t taken = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = t;
    } else if (p < pattern.size() && to_lower(pattern[p]) == to_lower(text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos && text[taken] != '/') {
      p = star + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool names(std::string_view pattern, std::string_view path) {
  const auto n_slashes = std::ranges::count(pattern, '/');
  std::size_t begin = path.size();
  for (std::ptrdiff_t i = 0; i <= n_slashes && begin != std::string_view::npos; ++i) {
    begin = begin == 0 ? std::string_view::npos : path.rfind('/', begin - 1);
  }
  return matches(pattern, begin == std::string_view::npos ? path : path.substr(begin + 1));
}

}  // namespace

bool is_excluded_file(std::string_view path, std::span<const std::string> more) {
  const auto fits = [&](std::string_view pattern) { return names(pattern, path); };
  return std::ranges::any_of(kPatterns, fits) || std::ranges::any_of(more, fits);
}

}  // namespace inpaint::lsp
