#include "engine/base/secret_files.h"

#include <algorithm>
#include <cstddef>
#include <ranges>
#include <span>
#include <string>
#include <vector>

#include "engine/base/secret_names.h"
#include "grammar/base/ascii.h"

namespace inpaint::engine {
namespace {

namespace names = secret_names;
using grammar::is_letter;
using grammar::is_lower;
using grammar::is_upper;
using grammar::lowered;
using Words = std::vector<std::string_view>;

bool is_one_of(std::string_view name, std::span<const std::string_view> list) {
  return std::ranges::find(list, name) != list.end();
}

/// The parts between the separators, without those that are empty.
Words split(std::string_view text, std::string_view separators) {
  Words parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

/// Runs of letters, divided where a hump begins as well: "api", "Key", "txt" of "apiKey2.txt".
Words words_of(std::string_view name) {
  Words words;
  std::size_t begin = 0;
  const auto end_word = [&](std::size_t end, std::size_t next) {
    if (end > begin) words.push_back(name.substr(begin, end - begin));
    begin = next;
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!is_letter(name[i])) {
      end_word(i, i + 1);
    } else if (is_upper(name[i]) && i > begin) {
      const bool hump = is_lower(name[i - 1]);
      const bool last_of_capitals = i + 1 < name.size() && is_lower(name[i + 1]);
      if (hump || last_of_capitals) end_word(i, i);
    }
  }
  end_word(name.size(), name.size());
  return words;
}

/// Without what editors and people put around the name of a copy: ".#", "~", ".bak".
std::string_view without_marks(std::string_view name) {
  const std::size_t end = name.find_last_not_of(". #");
  name = name.substr(0, end + 1);
  while (name.starts_with('#') || name.starts_with(".#") || name.starts_with(".."))
    name.remove_prefix(1);
  for (bool shorter = true; shorter;) {
    shorter = false;
    for (const std::string_view mark : names::kCopies) {
      if (name.size() <= mark.size() || !lowered(name).ends_with(mark)) continue;
      name.remove_suffix(mark.size());
      shorter = true;
    }
  }
  return name;
}

/// Whether the path ends with the pattern, part by part; a star ends a pattern's part.
bool ends_with(std::span<const std::string_view> path, std::string_view pattern) {
  const Words wanted = split(pattern, "/");
  if (wanted.size() > path.size()) return false;
  return std::ranges::equal(
      wanted, path.last(wanted.size()), [](std::string_view part, std::string_view given) {
        return part.ends_with('*') ? given.starts_with(part.substr(0, part.size() - 1))
                                   : part == given;
      });
}

bool lies_in_a_store(std::span<const std::string_view> folders) {
  for (std::size_t n = 1; n <= folders.size(); ++n)
    for (const std::string_view store : names::kFolders)
      if (ends_with(folders.first(n), store)) return true;
  return false;
}

/// A file that is known by its name, without the dots in front of it, or by the end of its path.
bool is_a_store(std::span<const std::string_view> path, std::string_view bare_name) {
  return std::ranges::any_of(names::kFiles, [&](std::string_view store) {
    return store.find('/') == std::string_view::npos ? store == bare_name : ends_with(path, store);
  });
}

/// ".env", and what stands behind it is no longer word: ".env-production", ".env2", but ".envrc"
/// too.
bool is_env_file(std::string_view name) {
  if (!name.starts_with(".env")) return false;
  return name.size() == 4 || !is_letter(name[4]) || name.starts_with(".envrc");
}

bool says_what_it_holds(const Words& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto ends = [&](std::string_view word) { return words[i].ends_with(word); };
    if (std::ranges::any_of(names::kWords, ends)) return true;
    if (is_one_of(words[i], names::kWholeWords)) return true;
    if (i + 1 == words.size()) break;
    std::string_view next = words[i + 1];
    for (const auto& [first, second] : names::kWordPairs)
      if (words[i] == first && next.starts_with(second) &&
          (next.size() == second.size() || next.substr(second.size()) == "s"))
        return true;
  }
  return false;
}

/// "openai_key", "host-keys.txt": somebody's key, in a file of no kind.
bool is_some_key(Words words, std::string_view ending) {
  if (ending == "txt") words.pop_back();
  const bool plain = ending.empty() || ending == "txt";
  return plain && words.size() > 1 && (words.back() == "key" || words.back() == "keys") &&
         std::ranges::none_of(names::kOpenKeys, [&](auto kind) { return is_one_of(kind, words); });
}

bool is_wireguard(std::string_view name) {
  return name.starts_with("wg") && name.ends_with(".conf") &&
         std::ranges::all_of(name.substr(2, name.size() - 7),
                             [](char c) { return c >= '0' && c <= '9'; });
}

/// Of a shell or another prompt: what was typed there holds what they were told to log in with.
bool is_history(std::string_view name) {
  const bool hidden = name.starts_with('.');
  if (name.ends_with(".txt")) name.remove_suffix(4);
  return name.ends_with("_history") ||
         (hidden && (name.ends_with("history") || name.ends_with("histfile")));
}

std::string_view ending_of(std::string_view bare_name) {
  const std::size_t dot = bare_name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : bare_name.substr(dot + 1);
}

std::string_view without_dots(std::string_view name) {
  return name.substr(std::min(name.find_first_not_of('.'), name.size()));
}

Secrecy secrecy_of_code(std::string_view bare_name) {
  const Words between_dots = split(bare_name, ".");
  const bool guarded = is_one_of(between_dots.front(), names::kSourceNames) ||
                       std::ranges::any_of(between_dots | std::views::drop(1), [](auto part) {
                         return is_one_of(part, names::kWords);
                       });
  return guarded ? Secrecy::guarded : Secrecy::open;
}

/// Of data: by an ending, also within the name, by its words, or by how it begins.
bool is_named_for_secrets(std::string_view name, const Words& words_as_written) {
  const std::string_view bare = without_dots(name);
  const auto begins = [&](std::string_view beginning) { return bare.starts_with(beginning); };
  const auto is_ending = [](std::string_view part) { return is_one_of(part, names::kEndings); };
  const int n_stem = name.starts_with('.') ? 0 : 1;
  std::vector<std::string> in_lower_case;
  for (const std::string_view word : words_as_written) in_lower_case.push_back(lowered(word));
  const Words words(in_lower_case.begin(), in_lower_case.end());
  return std::ranges::any_of(split(bare, ".") | std::views::drop(n_stem), is_ending) ||
         says_what_it_holds(words) || is_some_key(words, ending_of(bare)) || is_wireguard(bare) ||
         is_history(name) || std::ranges::any_of(names::kBeginnings, begins);
}

bool lies_among_secrets(std::span<const std::string_view> folders, std::string_view bare_name) {
  return !is_one_of(bare_name, names::kManifests) &&
         std::ranges::any_of(names::kDataFolders,
                             [&](std::string_view one) { return is_one_of(one, folders); });
}

}  // namespace

Secrecy secrecy_of_path(std::string_view path) {
  const std::string in_lower_case = lowered(path);
  Words parts = split(in_lower_case, "/\\");
  if (parts.empty()) return Secrecy::open;
  const std::span<const std::string_view> folders(parts.begin(), parts.end() - 1);
  if (lies_in_a_store(folders)) return Secrecy::secret;

  const std::string_view name = without_marks(parts.back());
  const std::string_view bare = without_dots(name);
  if (bare.empty()) return Secrecy::open;
  parts.back() = name;
  if (is_env_file(name) || is_a_store(parts, bare)) return Secrecy::secret;

  if (is_one_of(ending_of(bare), names::kCode)) return secrecy_of_code(bare);
  // The words of the name as it was written: its humps are gone in lower case.
  const Words given = split(path, "/\\");
  const bool secret = is_named_for_secrets(name, words_of(without_marks(given.back()))) ||
                      lies_among_secrets(folders, bare);
  return secret ? Secrecy::secret : Secrecy::open;
}

Secrecy secrecy_of_text(std::string_view text, std::string_view path, bool is_code) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::string_view kKey = "PRIVATE KEY";
  constexpr std::size_t kLongestKind = 24;  // "ENCRYPTED ", "OPENSSH ", "RSA "
  bool holds = text.starts_with("PuTTY-User-Key-File-") || text.starts_with("$ANSIBLE_VAULT;") ||
               text.find("AGE-SECRET-KEY-1") != std::string_view::npos;
  for (std::size_t at = 0; !holds && (at = text.find(kKey, at)) != std::string_view::npos; ++at) {
    const std::size_t from = at - std::min(at, kBegin.size() + kLongestKind);
    holds = text.substr(from, at - from).find(kBegin) != std::string_view::npos;
  }
  if (!holds) return Secrecy::open;
  const Words parts = split(path, "/\\");
  const std::string name = parts.empty() ? "" : lowered(parts.back());
  const bool code = is_code || is_one_of(ending_of(without_dots(name)), names::kCode);
  return code ? Secrecy::guarded : Secrecy::secret;
}

}  // namespace inpaint::engine
