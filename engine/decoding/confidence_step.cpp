#include "engine/decoding/confidence_step.h"

#include <algorithm>

namespace inpaint::engine {

std::vector<CellEdit> set_surest(const Canvas& canvas, std::span<const Proposal> proposals,
                                 TokenId end, const std::function<float(std::size_t n)>& required) {
  // The leftmost mask may always be set: were `<end>` its choice, nothing is missing to its left.
  const int leftmost = canvas.first_mask();
  std::vector<std::size_t> surest;  // of `proposals`
  for (std::size_t i = 0; i < proposals.size(); ++i)
    if (proposals[i].choice.token != end || proposals[i].index == leftmost) surest.push_back(i);
  std::ranges::sort(surest, [&](std::size_t a, std::size_t b) {
    const float of_a = proposals[a].choice.probability, of_b = proposals[b].choice.probability;
    return of_a != of_b ? of_a > of_b : a < b;
  });
  std::vector<bool> set(proposals.size());
  std::size_t n = 0;
  while (n < surest.size() &&
         (n == 0 || proposals[surest[n]].choice.probability >= required(n + 1)))
    set[surest[n++]] = true;

  const auto open = std::ranges::find(set, false) - set.begin();
  if (const auto first = static_cast<std::size_t>(open); first < proposals.size()) {
    const Candidate& choice = proposals[first].choice;
    if (choice.token == end && choice.probability >= required(n + 1)) set[first] = true;
  }
  std::vector<CellEdit> edits;
  for (std::size_t i = 0; i < proposals.size(); ++i)
    if (set[i])
      edits.push_back(
          {proposals[i].index, proposals[i].choice.token, proposals[i].choice.probability});
  return edits;
}

}  // namespace inpaint::engine
