#include "lsp/worker/type_through_cache.h"

#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/lsp/document/marked_document.h"

namespace inpaint::lsp {
namespace {

FillPlace place_of(const test::MarkedDocument& d, int alternatives = 1) {
  return {d.document.uri(), d.document.snapshot(), d.cursor, alternatives};
}

/// The texts that would stand there, each as the whole document.
std::string applied(const std::optional<Fills>& fills, const std::string& text) {
  if (!fills) return "-";
  std::string all;
  for (const std::string& fill : fills->texts) {
    std::string whole = text;
    whole.replace(fills->hole.begin, fills->hole.size(), fill);
    all += (all.empty() ? "" : " | ") + whole;
  }
  return all;
}

struct TypingCase {
  const char* name;
  const char* before;
  std::vector<std::string> fills;
  const char* after;
  const char* expect;
};

const TypingCase kCases[] = {
    {"the same place", "return ^", {"x + y"}, "return ^", "return x + y"},
    {"a prefix", "return ^", {"x + y"}, "return x +^", "return x + y"},
    {"another text", "return ^", {"x + y"}, "return z^", "-"},
    {"all of it leaves nothing to show", "return ^", {"x"}, "return x^", "-"},
    {"more than it", "return ^", {"x"}, "return xy^", "-"},
    {"of several the ones that fit", "r ^", {"ab", "cd", "ac"}, "r a^", "r ab | r ac"},
    {"into the next line", "f:^", {"\n    a\n    b"}, "f:\n    a^", "f:\n    a\n    b"},
    {"with text behind", "f(^)", {"a, b"}, "f(a^)", "f(a, b)"},
    {"a bracket that the editor closed", "f^", {"(a, b)"}, "f(^)", "f(a, b)"},
    {"two of them", "f^", {"({a})"}, "f({^})", "f({a})"},
    {"a quote that the editor closed", "x = ^", {"'a'"}, "x = '^'", "x = 'a'"},
    {"a brace with a body", "f() ^", {"{\n  a;\n}"}, "f() {^}", "f() {\n  a;\n}"},
    {"a bracket that the fill does not close", "f^", {"(a, b"}, "f(^)", "-"},
    {"a change elsewhere", "a\n^", {"b"}, "x\n^", "-"},
    {"a change behind", "^\na", {"b"}, "^\nx", "-"},
    {"a deletion", "ab^", {"c"}, "a^", "-"},
    {"the cursor elsewhere", "ab^c", {"x"}, "a^bc", "-"},
    {"white space that the hole owns", "f:\n[[    ^]]", {"    ab"}, "f:\n    a^", "f:\n    ab"},
    {"less indentation", "f:\n[[        ^]]", {"    ab"}, "f:\n        ^", "f:\n    ab"},
    {"less indentation, typed on deeper", "f:\n[[        ^]]", {"    ab"}, "f:\n        a^", "-"},
    {"white space behind the cursor", "r [[^  ]]", {"ab"}, "r a^  ", "r ab"},
    {"typed white space", "r^", {" a"}, "r ^", "r a"},
};

TEST(TypeThroughCache, Cases) {
  for (const TypingCase& c : kCases) {
    const test::MarkedDocument before(c.before);
    const test::MarkedDocument after(c.after);
    TypeThroughCache cache;
    cache.keep(place_of(before), {before.hole, c.fills});
    EXPECT_EQ(applied(cache.find(place_of(after)), after.document.text()), c.expect) << c.name;
  }
}

TEST(TypeThroughCache, NothingIsAnAnswerForThePlaceItself) {
  const test::MarkedDocument d("return ^");
  TypeThroughCache cache;
  EXPECT_FALSE(cache.find(place_of(d)).has_value());
  cache.keep(place_of(d), {d.hole, {}});
  ASSERT_TRUE(cache.find(place_of(d)).has_value());
  EXPECT_TRUE(cache.find(place_of(d))->texts.empty());
}

TEST(TypeThroughCache, WhoAsksForSeveralIsNotServedWithOne) {
  const test::MarkedDocument d("return ^");
  TypeThroughCache cache;
  cache.keep(place_of(d, 1), {d.hole, {"x"}});
  EXPECT_FALSE(cache.find(place_of(d, 3)).has_value());
  cache.keep(place_of(d, 3), {d.hole, {"x", "y"}});
  EXPECT_TRUE(cache.find(place_of(d, 3)).has_value());
  EXPECT_TRUE(cache.find(place_of(d, 1)).has_value());
}

TEST(TypeThroughCache, KeepsTheNewest) {
  TypeThroughCache cache(2);
  const test::MarkedDocument a("a^");
  const test::MarkedDocument b("b^");
  const test::MarkedDocument c("c^");
  for (const auto* d : {&a, &b, &c}) cache.keep(place_of(*d), {d->hole, {"x"}});
  EXPECT_EQ(cache.size(), 2U);
  EXPECT_FALSE(cache.find(place_of(a)).has_value());
  EXPECT_TRUE(cache.find(place_of(c)).has_value());
  cache.forget(c.document.uri());
  EXPECT_EQ(cache.size(), 0U);
}

// Whatever is typed: what the cache still offers, once accepted, is the text that was offered first.
TEST(TypeThroughCache, AnAnswerAlwaysLeadsToTheSameText) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto piece = [&](std::size_t most) {
    std::string text;
    for (auto left = random() % (most + 1); left > 0; --left) text += "ab()\n "[random() % 6];
    return text;
  };
  int n_found = 0;
  for (int round = 0; round < 5000; ++round) {
    const std::string before = piece(6);
    const std::string behind = piece(6);
    const std::string fill = piece(6);
    const std::string typed = random() % 2 == 0 ? fill.substr(0, random() % 4) : piece(3);
    const std::string closers = random() % 2 == 0 ? "" : ")";
    const FillPlace place{Uri("u"), std::make_shared<const std::string>(before + behind),
                          before.size(), 1};
    TypeThroughCache cache;
    cache.keep(place, {{before.size(), before.size()}, {fill}});
    const std::string text = before + typed + closers + behind;
    const FillPlace now{Uri("u"), std::make_shared<const std::string>(text),
                        before.size() + typed.size(), 1};
    const auto found = cache.find(now);
    if (!found || found->texts.empty()) continue;
    ++n_found;
    ASSERT_EQ(applied(found, text), before + fill + behind);
  }
  EXPECT_GT(n_found, 500);
}

}  // namespace
}  // namespace inpaint::lsp
