#include "lsp/models/model_table.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace inpaint::lsp {
namespace {

constexpr std::size_t kColumns = 6;
using Cells = std::array<std::string, kColumns>;

Cells cells_of(const ModelRow& row) {
  return {(row.is_used ? "* " : "  ") + row.name,
          row.is_damaged     ? "damaged"
          : row.path.empty() ? "no"
                             : "yes",
          fmt::format("{:.0f} MB", static_cast<double>(row.bytes) / 1e6),
          row.licence.empty() ? "-" : row.licence,
          row.tokens_per_second ? fmt::format("{:.0f} tokens/s", *row.tokens_per_second) : "-",
          row.languages.empty() ? "-" : fmt::format("{}", fmt::join(row.languages, ", "))};
}

}  // namespace

std::string to_text(const std::vector<ModelRow>& rows) {
  std::vector<Cells> table = {{"  name", "here", "size", "licence", "speed here", "languages"}};
  for (const ModelRow& row : rows) table.push_back(cells_of(row));
  std::array<std::size_t, kColumns> widths{};
  for (const Cells& cells : table)
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], cells[i].size());
  std::string text;
  for (const Cells& cells : table) {
    std::string line;
    for (std::size_t i = 0; i + 1 < kColumns; ++i)
      line += fmt::format("{:<{}}  ", cells[i], widths[i]);
    text += line + cells.back() + "\n";
  }
  return text;
}

std::string to_json(const std::vector<ModelRow>& rows) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const ModelRow& row : rows) {
    Json object = {{"name", row.name},
                   {"path", nullptr},
                   {"bytes", row.bytes},
                   {"licence", nullptr},
                   {"languages", row.languages},
                   {"tokens_per_second", nullptr},
                   {"used", row.is_used},
                   {"damaged", row.is_damaged},
                   {"address", nullptr},
                   {"kept_as", nullptr},
                   {"permissive", row.permissive},
                   {"default", row.is_default}};
    if (!row.path.empty()) object["path"] = row.path;
    if (!row.licence.empty()) object["licence"] = row.licence;
    if (row.tokens_per_second) object["tokens_per_second"] = *row.tokens_per_second;
    if (!row.address.empty()) object["address"] = row.address;
    if (!row.kept_as.empty()) object["kept_as"] = row.kept_as;
    list.push_back(std::move(object));
  }
  // Paths need not be UTF-8; they are shown as well as can be.
  return list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace inpaint::lsp
