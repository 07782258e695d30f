#include "lsp/protocol/uri.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

struct PathCase {
  const char* uri;
  const char* path;
};

const PathCase kPaths[] = {
    {"file:///home/me/a.py", "/home/me/a.py"},
    {"file:/home/me/a.py", "/home/me/a.py"},
    {"file://host/share/a.py", "/share/a.py"},
    {"file:///a%20b/%C3%A9.py", "/a b/\xC3\xA9.py"},
    {"file:///100%", "/100%"},
    {"file:///a%zz%4", "/a%zz%4"},
    {"file:///a%00b", "/a%00b"},
    {"file:///a%2Fb", "/a%2Fb"},
    {"file:///a.py?x#y", "/a.py"},
    {"file:///C:/w/a.py", "/c:/w/a.py"},
    {"file:///w//b/../a.py/", "/w/a.py"},
    {"untitled:Untitled-1", "Untitled-1"},
    {"vscode-notebook-cell:/n.ipynb#W0", "/n.ipynb"},
    {"nothing", "nothing"},
    {"/w/50% off#1.py", "/w/50% off#1.py"},
    {"", ""},
    {"file://", ""},
    {"file:///", "/"},
};

TEST(Uri, HasAPath) {
  for (const PathCase& c : kPaths) EXPECT_EQ(Uri(c.uri).path(), c.path) << c.uri;
}

struct EqualCase {
  const char* name;
  const char* a;
  const char* b;
};

const EqualCase kEqual[] = {
    {"brackets", "file:///w/[slug]/page.tsx", "file:///w/%5Bslug%5D/page.tsx"},
    {"digits of an escape", "file:///w/%5bslug%5d", "file:///w/%5Bslug%5D"},
    {"a plus sign", "file:///w/a+b.ts", "file:///w/a%2Bb.ts"},
    {"other delimiters", "file:///w/a@b!$&'()*,;=c.ts",
     "file:///w/a%40b%21%24%26%27%28%29%2A%2C%3B%3Dc.ts"},
    {"letters that need no escape", "file:///w/%61%2Epy", "file:///w/a.py"},
    {"a tilde", "file:///%7Eme/a.py", "file:///~me/a.py"},
    {"UTF-8 as it is", "file:///w/caf\xC3\xA9.ts", "file:///w/caf%c3%a9.ts"},
    {"a space", "file:///w/my app/a.ts", "file:///w/my%20app/a.ts"},
    {"a percent sign that escapes nothing", "file:///w/100%", "file:///w/100%25"},
    {"a drive's colon", "file:///c%3A/w/main.ts", "file:///c:/w/main.ts"},
    {"a drive's letter", "file:///C:/w/main.ts", "file:///c%3a/w/main.ts"},
    {"a drive as a host", "file://c:/w/main.ts", "file:///c:/w/main.ts"},
    {"a drive's backslashes", "file:///c:\\w\\main.ts", "file:///c%3A/w/main.ts"},
    {"a drive without a scheme", "C:\\w\\main.ts", "file:///c%3A/w/main.ts"},
    {"the host of this machine", "file://localhost/w/a.py", "file:///w/a.py"},
    {"no host", "file:/w/a.py", "file:///w/a.py"},
    {"the scheme's case", "FILE:///w/a.py", "file:///w/a.py"},
    {"a host's case", "file://Host/w/a.py", "file://host/w/a.py"},
    {"a path without a scheme", "/w/a b.py", "file:///w/a%20b.py"},
    {"two slashes", "file:////w//src///a.py", "file:///w/src/a.py"},
    {"a dot", "file:///w/./a.py", "file:///w/a.py"},
    {"two dots", "file:///w/x/../a.py", "file:///w/a.py"},
    {"dots that are escaped", "file:///w/x/%2e%2E/a.py", "file:///w/a.py"},
    {"two dots at the root", "file:///../a.py", "file:///a.py"},
    {"a folder's slash", "file:///w/", "file:///w"},
    {"an empty fragment", "file:///w/a.py#", "file:///w/a.py"},
    {"a notebook's cell", "vscode-notebook-cell:/w/%5Bn%5D.ipynb#W0sZmlsZQ%3D%3D",
     "vscode-notebook-cell:/w/[n].ipynb#W0sZmlsZQ=="},
    {"another scheme", "untitled:Untitled%2D1", "untitled:Untitled-1"},
    {"the host of a remote folder", "vscode-remote://ssh-remote%2Bbox/w/a.py",
     "vscode-remote://ssh-remote+Box/w/a.py"},
    {"a drive as a host, with backslashes", "file://C:\\W\\a.ts", "file:///c:/W/a.ts"},
    {"braces of a query", "git:/w/a.py?{\"ref\":1}", "git:/w/a.py?%7B%22ref%22:1%7d"},
};

TEST(Uri, SpellingsOfOneDocumentAreEqual) {
  for (const EqualCase& c : kEqual) {
    EXPECT_EQ(Uri(c.a), Uri(c.b)) << c.name << ": " << Uri(c.a).normal() << ", "
                                  << Uri(c.b).normal();
    EXPECT_EQ(Uri(c.a).spelled(), c.a) << c.name;
  }
}

const EqualCase kDifferent[] = {
    {"case", "file:///w/A.py", "file:///w/a.py"},
    {"cells of a notebook", "vscode-notebook-cell:/n.ipynb#W0", "vscode-notebook-cell:/n.ipynb#W1"},
    {"schemes", "untitled:/w/a.py", "file:///w/a.py"},
    {"hosts", "file://host/a.py", "file:///a.py"},
    {"a slash in a name", "file:///w/a%2Fb.py", "file:///w/a/b.py"},
    {"queries", "git:/w/a.py?a%26b", "git:/w/a.py?a&b"},
    {"an escape that is escaped", "file:///w/a%2520b.py", "file:///w/a%20b.py"},
    {"dots of another scheme", "memfs:/w/../a.py", "memfs:/a.py"},
    {"three dots", "file:///w/.../a.py", "file:///w/a.py"},
    {"composed characters", "file:///w/e%CC%81.py", "file:///w/%C3%A9.py"},
};

TEST(Uri, DocumentsThatAreTwoStayTwo) {
  for (const EqualCase& c : kDifferent) EXPECT_NE(Uri(c.a), Uri(c.b)) << c.name;
}

TEST(Uri, TheNormalFormIsItsOwn) {
  for (const EqualCase& c : kEqual)
    EXPECT_EQ(Uri(Uri(c.a).normal()).normal(), Uri(c.a).normal()) << c.name;
  for (const PathCase& c : kPaths)
    EXPECT_EQ(Uri(Uri(c.uri).normal()).normal(), Uri(c.uri).normal()) << c.uri;
}

}  // namespace
}  // namespace inpaint::lsp
