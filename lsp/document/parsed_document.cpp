#include "lsp/document/parsed_document.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace inpaint::lsp {
namespace {

using grammar::ErrorCount;
using grammar::SyntaxTree;

/// Parses that go to the background at most before one is tried here again.
constexpr std::size_t kMostSkipped = 31;

Tree shared_copy(const std::optional<SyntaxTree>& tree) {
  return tree ? std::make_shared<const SyntaxTree>(tree->copy()) : nullptr;
}

}  // namespace

ParsedDocument::ParsedDocument(const grammar::Language* language,
                               std::chrono::microseconds patience)
    : language_(language), patience_(patience) {
  if (language != nullptr) parser_.emplace(*language);
}

void ParsedDocument::edit(const grammar::TextEdit& edit) {
  tree_.reset();
  if (has_job_) since_job_.push_back(edit);
  if (!base_) return;
  base_->edit(edit);
  ++edits_;
}

void ParsedDocument::restart(const grammar::Language* language) {
  if (language != language_) {
    language_ = language;
    parser_.reset();
    if (language != nullptr) parser_.emplace(*language);
  }
  tree_.reset();
  base_.reset();
  edits_ = to_skip_ = last_skip_ = 0;
  given_up_ = false;
  // An answer that is on its way is about another text.
  ++job_number_;
  has_job_ = false;
  since_job_.clear();
}

void ParsedDocument::catch_up(std::string_view text) {
  if (!is_stale() || patience_.count() == 0) return;
  if (to_skip_ > 0) {
    --to_skip_;
    return;
  }
  const bool fresh = wants_fresh();
  auto parsed =
      parser_->parse(text, fresh ? nullptr : &*base_, grammar::Parser::Clock::now() + patience_);
  if (!parsed) {
    last_skip_ = std::min((2 * last_skip_) + 1, kMostSkipped);
    to_skip_ = last_skip_;
    return;
  }
  last_skip_ = 0;
  if (fresh || parsed->errors() == ErrorCount{}) build_upon(parsed->copy(), 0);
  tree_ = std::move(parsed);
}

std::optional<ParseJob> ParsedDocument::begin_job(const Document& document) {
  if (!is_stale() || has_job_) return std::nullopt;
  has_job_ = true;
  ++job_number_;
  job_is_fresh_ = wants_fresh();
  return ParseJob{language_, document.snapshot(), job_is_fresh_ ? nullptr : older_copy()};
}

void ParsedDocument::adopt(const Tree& tree) {
  has_job_ = false;
  const std::vector<grammar::TextEdit> since = std::exchange(since_job_, {});
  if (tree == nullptr) {
    given_up_ = true;
    base_.reset();
    return;
  }
  if (job_is_fresh_ || tree->errors() == ErrorCount{}) {
    SyntaxTree base = tree->copy();
    for (const grammar::TextEdit& edit : since) base.edit(edit);
    build_upon(std::move(base), since.size());
  }
  if (since.empty()) tree_ = tree->copy();
}

void ParsedDocument::give_up_job() {
  has_job_ = false;
  since_job_.clear();
}

void ParsedDocument::build_upon(SyntaxTree tree, std::size_t edits) {
  base_ = std::move(tree);
  edits_ = edits;
}

Tree ParsedDocument::tree_copy() const { return shared_copy(tree_); }

Tree ParsedDocument::older_copy() const { return shared_copy(base_); }

}  // namespace inpaint::lsp
