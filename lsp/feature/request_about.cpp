#include "lsp/feature/request_about.h"

#include "lsp/document/document_kind.h"
#include "lsp/feature/neighbours.h"

namespace inpaint::lsp {

CompletionRequest request_about(const Document& document, const Documents& documents,
                                const Settings& settings,
                                std::span<const std::filesystem::path> folders) {
  CompletionRequest request;
  request.language = documents.parsed(document.uri()).language();
  request.path = model_path_of(document, folders, request.language);
  request.neighbours = neighbours_of(document, documents, settings);
  request.gate = settings.gate;
  request.mode = settings.mode;
  request.threshold = settings.threshold;
  request.max_tokens = settings.max_tokens;
  request.deadline = settings.deadline;
  return request;
}

}  // namespace inpaint::lsp
