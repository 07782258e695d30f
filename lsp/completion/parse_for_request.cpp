#include "lsp/completion/parse_for_request.h"

#include <chrono>
#include <utility>

#include "grammar/tree/parser.h"

namespace inpaint::lsp {
namespace {

constexpr std::chrono::milliseconds kParseLimit{50};

}  // namespace

std::shared_ptr<const grammar::SyntaxTree> parse_for_request(const Place& place) {
  if (place.tree || place.language == nullptr) return place.tree;
  auto tree =
      grammar::Parser(*place.language)
          .parse(*place.text, place.older_tree.get(), grammar::Parser::Clock::now() + kParseLimit);
  return tree ? std::make_shared<const grammar::SyntaxTree>(std::move(*tree)) : nullptr;
}

}  // namespace inpaint::lsp
