#include "lsp/feature/code_actions.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "grammar/hole/refill_range.h"
#include "lsp/feature/document_place.h"
#include "lsp/feature/silence.h"

namespace inpaint::lsp {
namespace {

constexpr std::string_view kKind = "refactor.rewrite";

/// Whether the client wants to hear of our kind: `only` names it, or one that it is a part of.
bool is_wanted(const Json& params) {
  const auto context = params.find("context");
  if (context == params.end() || !context->is_object()) return true;
  const auto only = context->find("only");
  if (only == context->end() || !only->is_array()) return true;
  return std::ranges::any_of(*only, [](const Json& kind) {
    if (!kind.is_string()) return false;
    const std::string_view name = kind.get_ref<const std::string&>();
    return name.empty() || name == kKind ||
           (kKind.starts_with(name) && kKind.substr(name.size()).starts_with('.'));
  });
}

bool touch(ByteRange a, ByteRange b) { return a.begin <= b.end && b.begin <= a.end; }

Json action(std::string title, const Document& document, std::string_view what, ByteRange range) {
  return {{"title", std::move(title)},
          {"kind", kKind},
          {"data",
           {{"uri", document.uri()},
            {"revision", document.revision()},
            {"what", what},
            {"begin", range.begin},
            {"end", range.end}}}};
}

std::optional<ByteRange> range_of(const Json& data, const Document& document) {
  const Json begin = data.value("begin", Json());
  const Json end = data.value("end", Json());
  if (!begin.is_number_unsigned() || !end.is_number_unsigned()) return std::nullopt;
  const ByteRange range{begin.get<std::size_t>(), end.get<std::size_t>()};
  if (range.begin > range.end || range.end > document.text().size()) return std::nullopt;
  return range;
}

}  // namespace

Json CodeActions::options(const ClientCapabilities& client) {
  if (!client.resolves_edits) return nullptr;
  return {{"codeActionKinds", {kKind}}, {"resolveProvider", true}};
}

const std::vector<grammar::Mark>& CodeActions::marks_of(const Document& document) {
  const ParsedDocument& parsed = parts_.documents.parsed(document.uri());
  const bool has_tree = parsed.tree() != nullptr;
  if (known_.text != document.snapshot() || known_.parsed != has_tree)
    known_ = {document.snapshot(), has_tree,
              grammar::marked_holes(document.text(), parsed.language(), parsed.tree())};
  return known_.marks;
}

void CodeActions::list(const Json& params, Reply reply) {
  const Document* const document = parts_.documents.find(uri_of(params));
  const auto range = range_from(params.value("range", Json()));
  if (document == nullptr || !range)
    return reply.error(RpcErrorCode::invalid_params,
                       document == nullptr ? "the document is not open" : "no range");
  Json actions = Json::array();
  const Asked asked{.in_person = true, .cursor = document->byte(range->start)};
  const bool silent = !parts_.client.capabilities.resolves_edits || !is_wanted(params) ||
                      why_silent(*document, settings_, /*snoozing=*/false, asked).has_value();
  if (silent) return reply.result(std::move(actions));

  const ByteRange bytes{document->byte(range->start), document->byte(range->end)};
  const ParsedDocument& parsed = parts_.documents.parsed(document->uri());
  if (bytes.size() > 0 && !grammar::plan_refill(document->text(), parsed.tree(), bytes).empty())
    actions.push_back(action("Inpaint: write the selection anew", *document, "refill", bytes));

  const std::vector<grammar::Mark>& marks = marks_of(*document);
  const auto here = std::ranges::find_if(
      marks, [&](const grammar::Mark& mark) { return touch(mark.range, bytes); });
  if (here != marks.end())
    actions.push_back(action(here->is_body ? "Inpaint: fill this body" : "Inpaint: fill this hole",
                             *document, "fill", here->range));
  if (marks.size() > 1)
    actions.push_back(action("Inpaint: fill all " + std::to_string(marks.size()) + " marked holes",
                             *document, "fill", {0, document->text().size()}));
  reply.result(std::move(actions));
}

void CodeActions::resolve(Json action, Reply reply) {
  const auto data = action.find("data");
  const auto asked = [&](const char* key) {
    return data != action.end() && data->is_object() ? data->value(key, Json()) : Json();
  };
  const Json uri = asked("uri");
  const Document* const document =
      uri.is_string() ? parts_.documents.find(uri.get<std::string>()) : nullptr;
  if (document == nullptr)
    return reply.error(RpcErrorCode::invalid_params, "the action is of no open document");
  if (asked("revision") != document->revision())
    return reply.error(RpcErrorCode::content_modified, "the text has changed since");
  const auto range = range_of(*data, *document);
  if (!range) return reply.error(RpcErrorCode::invalid_params, "the action has no range");

  CompletionRequest request;
  request.place = place_in(*document, range->begin, parts_.documents, settings_, folders_);
  request.decoding = settings_.decoding;
  request.decoding.deadline.reset();  // somebody waits, and can take it back
  const bool refills = asked("what") == "refill";
  if (refills && written_.uri == document->uri()) request.decoding.seed = written_.texts.size();

  const std::uint64_t number = ++last_number_;
  Open& open = open_[number];
  open = {std::move(reply), std::move(action), document->revision(), document->uri(), {}};
  request.stop = open.stop.get_token();
  parts_.engine.want(/*in_person=*/true);
  parts_.worker.rewrite(
      std::move(request),
      [refills, range = *range](const Rewriter& rewriter, const CompletionRequest& about) {
        return refills ? rewriter.refill(about, range) : rewriter.fill_marked(about, range);
      },
      [this, number](const engine::Result<Rewriting>& rewriting) {
        on_written(number, rewriting);
      });
}

void CodeActions::on_written(std::uint64_t number, const engine::Result<Rewriting>& rewriting) {
  auto node = open_.extract(number);
  if (node.empty()) return;
  Open& open = node.mapped();
  const Document* const document = parts_.documents.find(open.uri);
  if (document == nullptr || document->revision() != open.revision)
    return open.reply.error(RpcErrorCode::content_modified, "the text has changed meanwhile");
  if (!rewriting) {
    parts_.log.problem("code action: " + engine::to_string(rewriting.error()));
    return open.reply.error(RpcErrorCode::internal_error, engine::to_string(rewriting.error()));
  }
  static const Rewrite kNothing;
  const Rewrite* rewrite = choose(open.uri, *rewriting);
  if (rewrite == nullptr) {
    parts_.client.show_message(MessageType::info, "Inpaint found nothing that fits there");
    rewrite = &kNothing;
  }
  open.action["edit"] = workspace_edit(*document, *rewrite);
  open.reply.result(std::move(open.action));
}

/// The best one that has not been written there before; null where there is none at all.
const Rewrite* CodeActions::choose(const std::string& uri, const Rewriting& rewriting) {
  if (rewriting.alternatives.empty()) return nullptr;
  const auto text_of = [](const Rewrite& rewrite) {
    std::string text;
    for (const Replacement& part : rewrite) text += part.text + '\0';
    return text;
  };
  const std::size_t begin = rewriting.alternatives.front().front().range.begin;
  if (written_.uri != uri || written_.begin != begin) written_ = {uri, begin, {}};
  auto chosen = std::ranges::find_if(rewriting.alternatives, [&](const Rewrite& rewrite) {
    return std::ranges::find(written_.texts, text_of(rewrite)) == written_.texts.end();
  });
  if (chosen == rewriting.alternatives.end()) chosen = rewriting.alternatives.begin();
  written_.texts.push_back(text_of(*chosen));
  return &*chosen;
}

Json CodeActions::workspace_edit(const Document& document, const Rewrite& rewrite) const {
  Json edits = Json::array();
  for (const Replacement& part : rewrite)
    edits.push_back({{"range", to_json(document.range(part.range))}, {"newText", part.text}});
  if (!parts_.client.capabilities.versioned_edits)
    return {{"changes", {{document.uri(), std::move(edits)}}}};
  const Json of = {{"uri", document.uri()}, {"version", document.version()}};
  return {{"documentChanges", {{{"textDocument", of}, {"edits", std::move(edits)}}}}};
}

bool CodeActions::cancel(const Json& id) {
  const auto found =
      std::ranges::find_if(open_, [&](const auto& entry) { return entry.second.reply.id() == id; });
  if (found == open_.end()) return false;
  found->second.stop.request_stop();
  found->second.reply.error(RpcErrorCode::request_cancelled, "cancelled by the client");
  open_.erase(found);
  return true;
}

void CodeActions::end_all() {
  for (auto& [number, open] : open_) {
    open.stop.request_stop();
    open.reply.error(RpcErrorCode::request_cancelled, "the session ends");
  }
  open_.clear();
}

}  // namespace inpaint::lsp
