#include "lsp/retrieval/draft_finder.h"

#include <algorithm>
#include <utility>

#include "lsp/retrieval/analogy_finder.h"
#include "lsp/retrieval/copy_finder.h"
#include "lsp/retrieval/draft_probability.h"

namespace inpaint::lsp {
namespace {

// Those that come later are right in one of a hundred holes.
constexpr std::size_t kCopies = 4;
constexpr std::size_t kAnalogies = 8;

/// Whether the copy is the same place with names that are others here.
bool corrects(const Draft& analogy, const Draft& copy) {
  return analogy.analogy->changed > 0 && analogy.source.begin == copy.source.begin &&
         analogy.neighbour == copy.neighbour && analogy.text != copy.text;
}

}  // namespace

std::vector<Draft> find_drafts(const DraftRequest& request) {
  DraftRequest wanted = request;
  wanted.max_drafts = kCopies;
  std::vector<Draft> drafts = find_copies(wanted);
  wanted.max_drafts = kAnalogies;
  std::vector<Draft> analogies = find_analogies(wanted);
  for (Draft& analogy : analogies)
    analogy.analogy->corrects =
        std::erase_if(drafts, [&](const Draft& copy) { return corrects(analogy, copy); }) > 0;
  for (Draft& analogy : analogies) {
    const auto same = std::ranges::find(drafts, analogy.text, &Draft::text);
    if (same == drafts.end()) drafts.push_back(std::move(analogy));
    else same->analogy = analogy.analogy;
  }
  rate_together(drafts, request.kind);
  std::erase_if(drafts,
                [&](const Draft& draft) { return draft.probability < request.least_probability; });
  if (drafts.size() > request.max_drafts) drafts.resize(request.max_drafts);
  return drafts;
}

}  // namespace inpaint::lsp
