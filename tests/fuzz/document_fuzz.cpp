// didOpen and didChange: whatever a client sends, documents hold well-formed text, their line index
// is that of the text, and every position is a place in it. The input is messages, one a line.

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "engine/base/utf8.h"
#include "lsp/document/background_parser.h"
#include "lsp/document/documents.h"
#include "lsp/feature/fill_params.h"
#include "lsp/feature/text_document_sync.h"
#include "lsp/protocol/message.h"

using namespace inpaint::lsp;  // a program of one function
namespace engine = inpaint::engine;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const Document& document) {
  const std::string& text = document.text();
  require(engine::valid_utf8_prefix(text) == text.size());
  require(document.lines() == LineIndex(text));
  for (std::size_t byte = 0; byte <= text.size(); byte += 1 + text.size() / 16) {
    require(document.byte(document.position(byte)) <= byte);
  }
  for (const Position at : {Position{0, 0}, Position{1, 7}, Position{0x7FFFFFFF, 0x7FFFFFFF}}) {
    const std::size_t byte = document.byte(at);
    require(byte <= text.size() && (byte == text.size() || !engine::is_continuation(text[byte])));
  }
}

/// As the session does it.
void follow(Documents& documents, std::string_view method, Json& params) {
  if (method.ends_with("didOpen")) {
    if (auto read = DidOpenParams::read(params)) documents.open(std::move(read->opened));
    else documents.lose(Uri("u"));
  } else if (method.ends_with("didChange")) {
    if (auto read = DidChangeParams::read(params))
      documents.change(read->document, read->version, std::move(read->changes));
    else documents.lose(Uri("u"));
  } else if (method.ends_with("didSave")) {
    documents.save(document_of(params));
  } else if (method.ends_with("didClose")) {
    documents.close(document_of(params));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::ostringstream log_text;
  Log log(log_text);
  boost::asio::io_context loop;
  BackgroundParser parser(loop.get_executor());
  Documents documents(parser, log);
  if (size > 0) documents.set_encoding(static_cast<PositionEncoding>(data[0] % 3));
  std::string_view lines(reinterpret_cast<const char*>(data), size);
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    auto message = parse_message(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
    if (message) follow(documents, message->method, message->params);
    loop.poll();  // what the background parser has to say
    if (const Document* document = documents.find(Uri("u"))) check(*document);
  }
  return 0;
}
