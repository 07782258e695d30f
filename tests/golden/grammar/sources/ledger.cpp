// Accounts and what moved between them.
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bank::ledger {
namespace {

constexpr std::int64_t kLimit = 1'000'000;
const char* const kHelp = R"help(usage: ledger "file" (or -)
  { } are not special here
)help";

template <class T, std::size_t kSize = 4>
struct Ring {
  T values[kSize] = {};
  std::size_t next = 0;
  void push(T value) { values[next++ % kSize] = std::move(value); }
  const T& operator[](std::size_t i) const { return values[i % kSize]; }
};

}  // namespace

enum class Kind : std::uint8_t { deposit, transfer, fee };

struct Entry {
  Kind kind = Kind::deposit;
  std::string from, to;
  std::int64_t cents = 0;
  friend auto operator<=>(const Entry&, const Entry&) = default;
};

class Visitor {
 public:
  virtual ~Visitor() = default;
  virtual void visit(const Entry& entry) = 0;
};

class Ledger final {
 public:
  explicit Ledger(std::string_view name) : name_(name), entries_{} {}

  [[nodiscard]] std::optional<std::int64_t> balance(const std::string& account) const {
    const auto found = balances_.find(account);
    if (found == balances_.end()) return std::nullopt;
    return found->second;
  }

  bool add(Entry entry) {
    if (entry.cents <= 0 || entry.cents > kLimit) {
      return false;
    }
    switch (entry.kind) {
      case Kind::fee:
      case Kind::transfer: {
        auto& from = balances_[entry.from];
        if (from < entry.cents) return false;
        from -= entry.cents;
        [[fallthrough]];
      }
      default:
        balances_[entry.to] += entry.cents;
    }
    recent_.push(entry.to);
    entries_.push_back(std::move(entry));
    return true;
  }

  template <class Function>
  void for_each(Function&& function) const {
    for (const auto& [account, cents] : balances_) function(account, cents);
  }

  void accept(Visitor& visitor) const {
    for (const Entry& entry : entries_) visitor.visit(entry);
  }

 private:
  std::string name_;
  std::vector<Entry> entries_;
  std::map<std::string, std::int64_t> balances_;
  Ring<std::string> recent_;
};

/// The largest accounts, at most `n` of them.
std::vector<std::string> largest(const Ledger& ledger, std::size_t n) {
  std::vector<std::pair<std::int64_t, std::string>> all;
  ledger.for_each([&](const std::string& account, std::int64_t cents) {
    if (cents != 0) all.emplace_back(-cents, account);
  });
  std::sort(all.begin(), all.end());
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(n, all.size()); ++i) {
    names.push_back(all[i].second.empty() ? "(none)" : all[i].second);
  }
  return names;
}

std::unique_ptr<Ledger> parse(std::string_view text) try {
  auto ledger = std::make_unique<Ledger>("main");
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (!line.starts_with("#")) ledger->add({.to = std::string(line), .cents = 100});
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return ledger;
} catch (const std::exception& error) {
  static_cast<void>(error.what() + std::string(kHelp, 3));
  return nullptr;
}

}  // namespace bank::ledger
