// An editor with one file, and the documents that follow it: bytes in, notifications out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "lsp/document/documents.h"

namespace inpaint::lsp::test {

class FollowedEditor {
 public:
  FollowedEditor(const std::string& uri, std::string_view text) : uri_(uri), text_(text) {
    documents_.open({uri_, "", version_, text_});
    settle();
  }

  /// Does not wait for the tree.
  void edit(ByteRange range, const std::string& with) {
    const Range positions = documents_.find(uri_)->range(range);
    text_.replace(range.begin, range.size(), with);
    change({{positions, with}});
  }
  void replace_all(const std::string& text) {
    text_ = text;
    change({{std::nullopt, text}});
    settle();
  }
  /// Key by key, the tree known after each.
  void type(std::size_t at, std::string_view keys) {
    for (const char key : keys) {
      edit({at, at}, std::string(1, key));
      ++at;
      settle();
    }
  }
  void save() { documents_.save(uri_); }

  /// Waits until the newest text has a tree; hears what the background has to say, as a server's
  /// loop does between two messages.
  void settle() {
    const auto work = boost::asio::make_work_guard(loop_);
    loop_.restart();
    loop_.poll();
    while (parsed().tree() == nullptr && parsed().language() != nullptr) {
      loop_.restart();
      loop_.run_one();
    }
  }

  const std::string& text() const { return text_; }
  const Document& document() const { return *documents_.find(uri_); }
  const ParsedDocument& parsed() const { return documents_.parsed(uri_); }
  std::optional<grammar::ErrorCount> errors_before(std::size_t cursor) const {
    return documents_.errors_before(uri_, cursor);
  }
  Documents& documents() { return documents_; }
  std::string log() const { return log_text_.str(); }

 private:
  void change(std::vector<ContentChange> changes) {
    documents_.change(uri_, ++version_, std::move(changes));
  }

  Uri uri_;
  std::string text_;
  std::int64_t version_ = 1;
  boost::asio::io_context loop_{1};
  std::ostringstream log_text_;
  Log log_{log_text_};
  BackgroundParser parser_{loop_.get_executor()};
  Documents documents_{parser_, log_};
};

}  // namespace inpaint::lsp::test
