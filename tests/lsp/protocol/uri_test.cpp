#include "lsp/protocol/uri.h"

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

struct UriCase {
  const char* uri;
  const char* path;
};

const UriCase kCases[] = {
    {"file:///home/me/a.py", "/home/me/a.py"},
    {"file:/home/me/a.py", "/home/me/a.py"},
    {"file://host/share/a.py", "/share/a.py"},
    {"file:///a%20b/%C3%A9.py", "/a b/\xC3\xA9.py"},
    {"file:///100%", "/100%"},
    {"file:///a%zz%4", "/a%zz%4"},
    {"file:///a%00b", "/a%00b"},
    {"file:///a.py?x#y", "/a.py"},
    {"untitled:Untitled-1", "Untitled-1"},
    {"vscode-notebook-cell:/n.ipynb#W0", "/n.ipynb"},
    {"nothing", "nothing"},
    {"", ""},
    {"file://", ""},
};

TEST(Uri, Cases) {
  for (const UriCase& c : kCases) EXPECT_EQ(path_of_uri(c.uri), c.path) << c.uri;
}

}  // namespace
}  // namespace inpaint::lsp
