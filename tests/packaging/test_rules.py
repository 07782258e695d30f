"""Each rule of packaging/check_tree.py refuses what breaks it: on small libraries, compiled here."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "packaging"))
import check_tree


def compiled(file, *arguments):
    """A library that needs libc alone, besides what the arguments of the linker say."""
    file.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", file, "-x", "c", "-", "-x", "none", "-Wl,--no-as-needed",
                    *arguments],
                   input=b"#include <stdio.h>\nint answer(void) { return puts(\"42\"); }\n", check=True)
    return file


class Linked(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.tree = pathlib.Path(temporary.name)
        self.other = compiled(self.tree / "lib/libother.so", "-Wl,-soname,libother.so")

    def wrong(self, *arguments, name="libmine.so"):
        return check_tree.linked(self.tree, compiled(self.tree / "lib" / name, *arguments))[0]

    def test_what_lies_in_the_tree_may_be_needed_and_nothing_else(self):
        self.assertEqual(self.wrong(str(self.other)), [])
        self.other.rename(self.tree / "libother.so")  # beside lib/
        self.assertEqual(self.wrong(str(self.tree / "libother.so")),
                         ["it needs libother.so, which neither the tree nor glibc has"])

    def test_the_host_s_curl_is_for_one_library_alone(self):
        elsewhere = compiled(self.tree / "elsewhere/libcurl.so.4", "-Wl,-soname,libcurl.so.4")
        self.assertEqual(self.wrong(str(elsewhere), name="libinpaint_download.so"), [])
        self.assertEqual(self.wrong(str(elsewhere)), ["it needs libcurl.so.4, which neither the tree nor glibc has"])

    def test_run_paths_start_at_the_file_and_stay_in_the_tree(self):
        def of(path):
            return self.wrong(f"-Wl,--disable-new-dtags,-rpath,{path}")
        for right in ("$ORIGIN", "$ORIGIN/../lib"):
            self.assertEqual(of(right), [], right)
        for path in ("/usr/lib", "$ORIGIN/../..", "lib", "$ORIGINAL", str(self.tree / "lib")):
            self.assertEqual(of(path), [f"its run path '{path}' leaves the tree"])

    def test_a_run_path_behind_the_environment_is_refused(self):
        self.assertEqual(self.wrong("-Wl,--enable-new-dtags,-rpath,$ORIGIN"),
                         ["its run path comes behind LD_LIBRARY_PATH (RUNPATH)"])

    def test_the_newest_glibc_is_told(self):
        newest = check_tree.linked(self.tree, self.other)[1]
        self.assertGreaterEqual(newest, (2, 2))


class Listed(unittest.TestCase):
    def test_what_is_missing_and_what_is_too_much_is_named(self):
        with tempfile.TemporaryDirectory() as name:
            tree = pathlib.Path(name)
            for path in ("bin/inpaint", "lib/libsecret.so"):
                (tree / path).parent.mkdir(exist_ok=True)
                (tree / path).write_text("x")
            (tree / "bin/link").symlink_to("inpaint")
            wrong, sizes = check_tree.listed(tree)
        self.assertEqual(sizes["program"], 1)
        for expected in ("bin/link: it is a link", "lib/libsecret.so: no part", re.escape("lib/libc10\\.so: no such")):
            self.assertTrue(any(re.match(expected, one) for one in wrong), (expected, wrong))
        self.assertFalse([one for one in wrong if one.startswith("bin/inpaint")])


if __name__ == "__main__":
    unittest.main()
