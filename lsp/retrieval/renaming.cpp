#include "lsp/retrieval/renaming.h"

#include <algorithm>
#include <span>

#include "grammar/base/ascii.h"

namespace inpaint::lsp {
namespace {

using grammar::is_upper;
using grammar::lowered;

/// What is beyond ASCII has no case that we know: it goes on as small letters do.
bool is_lower(char c) { return grammar::is_lower(c) || static_cast<unsigned char>(c) >= 0x80; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char upper(char c) { return grammar::is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

/// The parts of a name: `HTTPServer_port2` is HTTP, Server, _, port, 2.
std::vector<std::string_view> parts_of(std::string_view word) {
  std::vector<std::string_view> parts;
  std::size_t at = 0;
  const auto run = [&](auto is_alike) {
    std::size_t end = at;
    while (end < word.size() && is_alike(word[end])) ++end;
    return end;
  };
  while (at < word.size()) {
    std::size_t end = at;
    if (word[at] == '_') {
      end = run([](char c) { return c == '_'; });
    } else if (is_digit(word[at])) {
      end = run(is_digit);
    } else if (is_upper(word[at])) {
      end = run(is_upper);
      // The last of several capitals begins a part of its own where small letters follow.
      if (end < word.size() && is_lower(word[end])) {
        if (end - at > 1) {
          --end;
        } else {
          while (end < word.size() && is_lower(word[end])) ++end;
        }
      }
    } else {
      end = run(is_lower);
      if (end == at) ++end;  // what is in no name
    }
    parts.push_back(word.substr(at, end - at));
    at = end;
  }
  return parts;
}

bool is_underscore(std::string_view part) { return part.front() == '_'; }

/// Without the underscores, in lower case.
std::vector<std::string> letters_of(std::span<const std::string_view> parts) {
  std::vector<std::string> letters;
  for (const std::string_view part : parts)
    if (!is_underscore(part)) letters.push_back(lowered(part));
  return letters;
}

std::string capitalised(std::string text) {
  text.front() = upper(text.front());
  return text;
}

/// The parts of a core, written as `replaced` was, which is part of `word`.
std::string written_like(std::span<const std::string_view> replaced, std::string_view word,
                         std::span<const std::string> core, bool snake_core) {
  const std::string_view first = replaced.front();
  const bool snake = word.find('_', word.find_first_not_of('_')) != std::string_view::npos ||
                     (snake_core && std::ranges::none_of(word, is_upper));
  const bool capitals =
      std::ranges::none_of(replaced,
                           [](auto part) { return std::ranges::any_of(part, is_lower); }) &&
      (first.size() > 1 || std::ranges::none_of(word, is_lower));
  std::string text;
  for (std::size_t i = 0; i < core.size(); ++i) {
    if (i > 0 && (snake || capitals)) text += '_';
    if (capitals) {
      std::ranges::transform(core[i], std::back_inserter(text), upper);
    } else {
      const bool capital = is_upper(first.front()) || (i > 0 && !snake);
      text += capital ? capitalised(core[i]) : core[i];
    }
  }
  return text;
}

}  // namespace

bool Renaming::add(std::string_view from, std::string_view to) {
  for (const Pair& pair : pairs_)
    if (pair.from == from || pair.to == to) return pair.from == from && pair.to == to;
  pairs_.push_back({std::string(from), std::string(to)});
  if (from != to)
    if (std::optional<Core> core = core_of(pairs_.back())) cores_.push_back(std::move(*core));
  return true;
}

std::optional<std::string> Renaming::renamed(std::string_view word) const {
  for (const Pair& pair : pairs_)
    if (pair.from == word) return pair.to == word ? std::nullopt : std::optional(pair.to);
  for (const Core& core : cores_)
    if (std::optional<std::string> renamed = with_core(word, core)) return renamed;
  return std::nullopt;
}

std::optional<Renaming::Core> Renaming::core_of(const Pair& pair) {
  const std::vector<std::string_view> from = parts_of(pair.from);
  const std::vector<std::string_view> to = parts_of(pair.to);
  const std::size_t least = std::min(from.size(), to.size());
  std::size_t begin = 0;
  while (begin < least && from[begin] == to[begin]) ++begin;
  std::size_t behind = 0;
  while (behind < least - begin && from[from.size() - 1 - behind] == to[to.size() - 1 - behind])
    ++behind;
  const auto middle = [&](const std::vector<std::string_view>& parts) {
    return std::span(parts).subspan(begin, parts.size() - behind - begin);
  };
  Core core{letters_of(middle(from)), letters_of(middle(to)),
            std::ranges::any_of(middle(to), is_underscore)};
  std::size_t letters = 0;
  for (const std::string& part : core.from) letters += part.size();
  // One letter stands in too many words.
  if (letters < 2 || core.to.empty()) return std::nullopt;
  return core;
}

std::optional<std::string> Renaming::with_core(std::string_view word, const Core& core) {
  const std::vector<std::string_view> parts = parts_of(word);
  std::vector<std::size_t> places;  // of the parts that are no underscores
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (!is_underscore(parts[i])) places.push_back(i);
  const auto is_from = [&](std::size_t place, const std::string& part) {
    return lowered(parts[place]) == part;
  };
  const auto found = std::ranges::search(places, core.from, is_from);
  if (found.empty()) return std::nullopt;
  const std::size_t first = found.front();
  const std::size_t last = found.back();
  const auto offset = [&](std::size_t i) {
    return static_cast<std::size_t>(parts[i].data() - word.data());
  };
  std::string text(word.substr(0, offset(first)));
  text +=
      written_like(std::span(parts).subspan(first, last + 1 - first), word, core.to, core.snake);
  text += word.substr(offset(last) + parts[last].size());
  return text;
}

}  // namespace inpaint::lsp
