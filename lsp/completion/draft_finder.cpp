#include "lsp/completion/draft_finder.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "lsp/completion/analogy_finder.h"
#include "lsp/completion/copy_finder.h"

namespace inpaint::lsp {
namespace {

constexpr double kLeast = 0.01;

}  // namespace

std::vector<Draft> find_drafts(const DraftRequest& request) {
  std::vector<Draft> drafts = find_copies(request);
  for (Draft& analogy : find_analogies(request)) {
    const auto same = std::ranges::find(drafts, analogy.text, &Draft::text);
    if (same == drafts.end()) drafts.push_back(std::move(analogy));
    else if (analogy.probability > same->probability) *same = std::move(analogy);
  }
  // Each costs a forward; what is so improbable is right in one of a hundred.
  std::erase_if(drafts, [](const Draft& draft) { return draft.probability < kLeast; });
  std::ranges::stable_sort(drafts, std::ranges::greater{}, &Draft::probability);
  if (drafts.size() > request.max_drafts) drafts.resize(request.max_drafts);
  return drafts;
}

}  // namespace inpaint::lsp
