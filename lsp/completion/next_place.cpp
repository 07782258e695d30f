#include "lsp/completion/next_place.h"

#include "grammar/lexical/lexical_rules.h"
#include "lsp/completion/text_fit.h"

namespace inpaint::lsp {
namespace {

bool opens_block(char last, const grammar::Language* language) {
  return last == '{' || last == '(' || last == '[' ||
         (last == ':' && grammar::lexical_rules(language).indents);
}

}  // namespace

std::optional<Insertion> next_line(std::string_view text, grammar::ByteRange hole,
                                   std::string_view suggested, const grammar::Language* language) {
  const std::string_view behind = text.substr(hole.end);
  if (!behind.empty() && behind.front() != '\n' && behind.front() != '\r') return std::nullopt;
  const std::string_view before = text.substr(0, hole.begin);
  std::string written(before.substr(before.find_last_of('\n') + 1));  // 0 where there is none
  written += suggested;
  std::string_view line = written;
  line.remove_prefix(line.find_last_of('\n') + 1);
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return std::nullopt;
  const LineStyle style = line_style(text, hole.begin);
  Insertion next{hole, std::string(suggested)};
  next.text += style.newline;
  next.text += line.substr(0, begin);
  if (opens_block(line[line.find_last_not_of(" \t")], language)) next.text += style.level();
  return next;
}

}  // namespace inpaint::lsp
