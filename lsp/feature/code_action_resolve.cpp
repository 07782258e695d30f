#include "lsp/feature/code_action_resolve.h"

#include <algorithm>
#include <utility>

#include "lsp/feature/document_place.h"

namespace inpaint::lsp {

std::expected<CodeActionResolve::Params, std::string>
CodeActionResolve::Params::read(Json& params) {
  auto action = rewrite_action_from(params);
  if (!action) return std::unexpected("the action is none of ours");
  return Params{std::move(*action), std::move(params)};
}

void CodeActionResolve::operator()(Params params, Reply reply) {
  const RewriteAction& action = params.action;
  const Document* const document = parts_.documents.find(action.document);
  if (document == nullptr)
    return reply.error(RpcErrorCode::invalid_params, "the action is of no open document");
  if (action.revision != document->revision())
    return reply.error(RpcErrorCode::content_modified, "the text has changed since");
  const ByteRange range = action.range;
  if (range.end > document->text().size())
    return reply.error(RpcErrorCode::invalid_params, "the action's range is beyond the text");

  CompletionRequest request;
  request.place =
      place_in(*document, range.begin, parts_.documents, parts_.settings, parts_.folders);
  request.decoding = parts_.settings.decoding;
  request.decoding.deadline.reset();  // somebody waits, and can take it back
  const bool refills = action.what == RewriteAction::What::refill;
  if (refills && written_.document == document->uri())
    request.decoding.seed = written_.texts.size();
  const std::stop_source stop;
  request.stop = stop.get_token();

  const std::uint64_t number = ++last_number_;
  reply.on_cancel([this, number] {
    if (const auto node = open_.extract(number)) node.mapped().stop.request_stop();
  });
  parts_.engine.want(/*in_person=*/true);
  parts_.queue.give_way();
  parts_.worker.rewrite(
      std::move(request),
      [refills, range](const Rewriter& rewriter, const CompletionRequest& about) {
        return refills ? rewriter.refill(about, range) : rewriter.fill_marked(about, range);
      },
      [this, number](const engine::Result<Rewriting>& rewriting) {
        on_written(number, rewriting);
      });
  open_.emplace(number, Open{std::move(reply), std::move(params), stop});
}

void CodeActionResolve::on_written(std::uint64_t number,
                                   const engine::Result<Rewriting>& rewriting) {
  const auto node = open_.extract(number);
  if (node.empty()) return;
  Open& open = node.mapped();
  const RewriteAction& action = open.params.action;
  const Document* const document = parts_.documents.find(action.document);
  if (document == nullptr || document->revision() != action.revision)
    return open.reply.error(RpcErrorCode::content_modified, "the text has changed meanwhile");
  if (!rewriting) {
    parts_.log.problem("code action: " + engine::to_string(rewriting.error()));
    return open.reply.failed(rewriting.error());
  }
  static const Rewrite kNothing;
  const Rewrite* rewrite = choose(action.document, *rewriting);
  if (rewrite == nullptr) {
    parts_.client.show_message(MessageType::info, "Inpaint found nothing that fits there");
    rewrite = &kNothing;
  }
  open.params.code_action["edit"] = workspace_edit(*document, *rewrite);
  open.reply.result(std::move(open.params.code_action));
}

/// The best one that has not been written there before; null where there is none at all.
const Rewrite* CodeActionResolve::choose(const Uri& document, const Rewriting& rewriting) {
  if (rewriting.alternatives.empty()) return nullptr;
  const auto text_of = [](const Rewrite& rewrite) {
    std::string text;
    for (const Replacement& part : rewrite) text += part.text + '\0';
    return text;
  };
  const std::size_t begin = rewriting.alternatives.front().front().range.begin;
  if (written_.document != document || written_.begin != begin) written_ = {document, begin, {}};
  auto chosen = std::ranges::find_if(rewriting.alternatives, [&](const Rewrite& rewrite) {
    return std::ranges::find(written_.texts, text_of(rewrite)) == written_.texts.end();
  });
  if (chosen == rewriting.alternatives.end()) chosen = rewriting.alternatives.begin();
  written_.texts.push_back(text_of(*chosen));
  return &*chosen;
}

Json CodeActionResolve::workspace_edit(const Document& document, const Rewrite& rewrite) const {
  Json edits = Json::array();
  for (const Replacement& part : rewrite)
    edits.push_back({{"range", to_json(document.range(part.range))}, {"newText", part.text}});
  const std::string& uri = document.uri().spelled();
  if (!parts_.client.capabilities.versioned_edits) return {{"changes", {{uri, std::move(edits)}}}};
  const Json of = {{"uri", uri}, {"version", document.version()}};
  return {{"documentChanges", {{{"textDocument", of}, {"edits", std::move(edits)}}}}};
}

}  // namespace inpaint::lsp
