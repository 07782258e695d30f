#include "lsp/feature/code_action.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "grammar/hole/refill_range.h"
#include "lsp/feature/fill_params.h"
#include "lsp/feature/rewrite_action.h"
#include "lsp/feature/silence.h"
#include "lsp/protocol/loose_json.h"

namespace inpaint::lsp {
namespace {

/// Whether a kind is ours, or one that ours is a part of.
bool takes_in_ours(const Json& kind) {
  if (!kind.is_string()) return false;
  const std::string_view name = kind.get_ref<const std::string&>();
  return name.empty() || name == kRewriteKind ||
         (kRewriteKind.starts_with(name) && kRewriteKind.substr(name.size()).starts_with('.'));
}

bool touch(ByteRange a, ByteRange b) { return a.begin <= b.end && b.begin <= a.end; }

}  // namespace

std::expected<CodeAction::Params, std::string> CodeAction::Params::read(const Json& params) {
  const auto range = range_from(member(params, "range"));
  if (!range) return std::unexpected("no range");
  const auto kinds = elements_of(member(params, {"context", "only"}));
  const bool wanted = kinds.empty() || std::ranges::any_of(kinds, [](const Json* kind) {
                        return takes_in_ours(*kind);
                      });
  return Params{document_of(params), *range, wanted};
}

Json CodeAction::offer() const {
  if (!client_.resolves_edits) return nullptr;
  return {{"codeActionKinds", {kRewriteKind}}, {"resolveProvider", true}};
}

const std::vector<grammar::Mark>& CodeAction::marks_of(const Document& document) {
  const ParsedDocument& parsed = documents_.parsed(document.uri());
  const bool has_tree = parsed.tree() != nullptr;
  if (known_.text != document.snapshot() || known_.parsed != has_tree)
    known_ = {document.snapshot(), has_tree,
              grammar::marked_holes(document.text(), parsed.language(), parsed.tree())};
  return known_.marks;
}

Answer CodeAction::operator()(const Params& params) {
  using What = RewriteAction::What;
  const Document* const document = documents_.find(params.document);
  if (document == nullptr) return refuse(RpcErrorCode::invalid_params, "the document is not open");
  Json actions = Json::array();
  const Asked asked{.in_person = true, .cursor = document->byte(params.range.start)};
  if (!client_.resolves_edits || !params.wanted ||
      why_silent(*document, settings_, /*snoozing=*/false, asked))
    return actions;
  const auto offer = [&](std::string title, What what, ByteRange range) {
    actions.push_back(
        to_json({document->uri(), document->revision(), what, range}, std::move(title)));
  };

  const ByteRange bytes{asked.cursor, document->byte(params.range.end)};
  const ParsedDocument& parsed = documents_.parsed(document->uri());
  if (bytes.size() > 0 && !grammar::plan_refill(document->text(), parsed.tree(), bytes).empty())
    offer("Inpaint: write the selection anew", What::refill, bytes);

  const std::vector<grammar::Mark>& marks = marks_of(*document);
  const auto here = std::ranges::find_if(
      marks, [&](const grammar::Mark& mark) { return touch(mark.range, bytes); });
  if (here != marks.end())
    offer(here->is_body ? "Inpaint: fill this body" : "Inpaint: fill this hole", What::fill,
          here->range);
  if (marks.size() > 1)
    offer("Inpaint: fill all " + std::to_string(marks.size()) + " marked holes", What::fill,
          {0, document->text().size()});
  return actions;
}

}  // namespace inpaint::lsp
