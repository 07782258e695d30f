#include "lsp/retrieval/searched_texts.h"

#include "grammar/tree/keywords.h"

namespace inpaint::lsp {
namespace {

std::string_view stem_before(std::string_view text) {
  LexemeIds ids;
  const Lexemes line(text.substr(text.find_last_of('\n') + 1), ids);  // all where there is none
  if (line.size() == 0 || !line[line.size() - 1].is_name()) return {};
  return line.text(line.size() - 1);
}

}  // namespace

SearchedTexts::SearchedTexts(const DraftRequest& request)
    : stem_(stem_before(request.text.substr(0, request.hole.begin))),
      begins_line_(request.text.substr(0, request.hole.begin).ends_with('\n')) {
  texts_.reserve(kFirstNeighbour + request.neighbours.size());
  texts_.emplace_back(request.text.substr(0, request.hole.begin - stem_.size()), ids_);
  texts_.emplace_back(request.text.substr(request.hole.end), ids_);
  for (const std::string& neighbour : request.neighbours) texts_.emplace_back(neighbour, ids_);
  if (request.language == nullptr) return;
  for (const std::string_view word : grammar::keywords(*request.language))
    keywords_.insert(ids_.id(word));
}

}  // namespace inpaint::lsp
