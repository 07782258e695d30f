#include "grammar/tree/parser.h"

#include <cassert>
#include <cstdint>

#include <tree_sitter/api.h>

namespace inpaint::grammar {
namespace {

using Pieces = std::span<const std::string_view>;

const char* read_pieces(void* payload, std::uint32_t byte, TSPoint, std::uint32_t* n_read) {
  std::size_t begin = 0;
  for (const std::string_view piece : *static_cast<const Pieces*>(payload)) {
    if (byte - begin < piece.size()) {
      *n_read = static_cast<std::uint32_t>(piece.size() - (byte - begin));
      return piece.data() + (byte - begin);
    }
    begin += piece.size();
  }
  *n_read = 0;
  return "";
}

bool is_past(TSParseState* state) {
  return Parser::Clock::now() >= *static_cast<const Parser::Clock::time_point*>(state->payload);
}

}  // namespace

void Parser::Delete::operator()(TSParser* parser) const { ts_parser_delete(parser); }

Parser::Parser(const Language& language) : parser_(ts_parser_new()) {
  [[maybe_unused]] const bool fits = ts_parser_set_language(parser_.get(), language.tables());
  assert(fits);  // a grammar newer than the core; language_test sees it first
}

std::optional<SyntaxTree> Parser::parse(std::string_view text, const SyntaxTree* old,
                                        std::optional<Clock::time_point> deadline) {
  return parse(Pieces(&text, 1), old, deadline);
}

std::optional<SyntaxTree> Parser::parse(std::span<const std::string_view> pieces,
                                        const SyntaxTree* old,
                                        std::optional<Clock::time_point> deadline) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  if (size > INT32_MAX) return std::nullopt;
  TSInput input{};
  input.payload = &pieces;
  input.read = read_pieces;
  input.encoding = TSInputEncodingUTF8;
  TSParseOptions options{};
  if (deadline) {
    options.payload = &*deadline;
    options.progress_callback = is_past;
  }
  TSTree* tree = ts_parser_parse_with_options(
      parser_.get(), old == nullptr ? nullptr : old->tree_.get(), input, options);
  // Without the reset the next call would go on with the text that was given up.
  if (tree == nullptr) {
    ts_parser_reset(parser_.get());
    return std::nullopt;
  }
  return SyntaxTree(tree);
}

}  // namespace inpaint::grammar
