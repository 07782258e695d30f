#include "lsp/feature/silence.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

Document document_of(const std::string& uri, const std::string& language = "python",
                     const std::string& text = "abcdef") {
  Document document(Uri(uri), language, 1, text, PositionEncoding::utf16);
  document.apply({Range{{0, 0}, {0, 0}}, "x"});
  return document;
}

Document changed_document() { return document_of("file:///w/a.py"); }

ContentChange deletion(std::uint32_t character) {
  return {Range{{0, character}, {0, character + 1}}, ""};
}

const Asked kByItself{.in_person = false, .cursor = 1};
const Asked kInPerson{.in_person = true, .cursor = 1};

TEST(Silence, ThereIsNoneAfterTyping) {
  EXPECT_EQ(why_silent(changed_document(), {}, false, kByItself), std::nullopt);
}

TEST(Silence, WhereNobodyAsksInPersonNothingIsOfferedToAReader) {
  const Document document(Uri("file:///w/a.py"), "python", 1, "abc", PositionEncoding::utf16);
  EXPECT_EQ(why_silent(document, {}, false, kByItself), Silence{SilenceReason::unmodified});
  EXPECT_EQ(why_silent(document, {}, false, kInPerson), std::nullopt);
}

TEST(Silence, AfterADeletionUntilThereAreMany) {
  Document document = changed_document();
  document.apply(deletion(1));
  EXPECT_EQ(why_silent(document, {}, false, kByItself), Silence{SilenceReason::deletion});
  EXPECT_EQ(why_silent(document, {}, false, kInPerson), std::nullopt);
  EXPECT_EQ(why_silent(document, {}, false, {.in_person = false, .cursor = 3}), std::nullopt)
      << "the cursor has moved on";
  document.apply(deletion(1));
  EXPECT_EQ(why_silent(document, {}, false, kByItself), Silence{SilenceReason::deletion});
  document.apply(deletion(1));
  EXPECT_EQ(why_silent(document, {}, false, kByItself), std::nullopt);
}

TEST(Silence, IsNotBrokenByAskingInPerson) {
  Settings settings;
  EXPECT_EQ(why_silent(changed_document(), settings, true, kInPerson),
            Silence{SilenceReason::snoozed});
  EXPECT_EQ(why_silent(document_of("file:///w/.env"), settings, false, kInPerson),
            Silence{SilenceReason::secret_file});
  EXPECT_EQ(why_silent(document_of("file:///w/a%2Epem"), settings, false, kInPerson),
            Silence{SilenceReason::secret_file});
  settings.excluded_files = {"a.py"};
  EXPECT_EQ(why_silent(changed_document(), settings, false, kInPerson),
            (Silence{SilenceReason::excluded_file, "a.py"}));
  settings = {};
  settings.languages_off = {"python"};
  EXPECT_EQ(why_silent(changed_document(), settings, false, kInPerson),
            (Silence{SilenceReason::language_off, "python"}));
  settings = {};
  settings.enabled = false;
  EXPECT_EQ(why_silent(changed_document(), settings, false, kInPerson),
            Silence{SilenceReason::switched_off});
}

TEST(Silence, WhereATextHoldsSecrets) {
  const std::string key = "-----BEGIN PRIVATE" + std::string(" KEY-----\n");
  const auto why = [](const Document& document) {
    return why_silent(document, {}, false, kInPerson);
  };
  EXPECT_EQ(why(document_of("untitled:Untitled-1", "plaintext", key)),
            Silence{SilenceReason::secret_file});
  EXPECT_EQ(why(document_of("untitled:.env", "plaintext")), Silence{SilenceReason::secret_file});
  EXPECT_EQ(why(document_of("untitled:Untitled-2", "dotenv")), Silence{SilenceReason::secret_file});
  EXPECT_EQ(why(document_of("file:///w/keys_test.py", "python", key)), std::nullopt);
  EXPECT_EQ(why(document_of("untitled:Untitled-3", "python", key)), std::nullopt);
  EXPECT_EQ(why(document_of("file:///w/secrets.py")), std::nullopt);
}

TEST(Silence, InAHugeFile) {
  const Document huge = document_of("file:///w/a.py", "python", std::string(kHugeFile, 'x'));
  EXPECT_EQ(why_silent(huge, {}, false, kInPerson),
            (Silence{SilenceReason::huge_file, "5000001 bytes of at most 5000000"}));
}

}  // namespace
}  // namespace inpaint::lsp
