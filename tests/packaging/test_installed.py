"""`cmake --install` leaves a folder that runs wherever it lies: packaging/check_tree.py says so, and it does.

INPAINT_BUILD names the build that is installed.
"""

import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["INPAINT_BUILD"])


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="a folder ", dir=BUILD)
        cls.addClassCleanup(temporary.cleanup)
        cls.tree = pathlib.Path(temporary.name) / "inpaint"
        cls.must("cmake", "--install", BUILD, "--prefix", cls.tree)

    @classmethod
    def must(cls, *command, **variables):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                              cwd="/", env=os.environ | variables)
        assert done.returncode == 0, f"{command}:\n{done.stdout}"
        return done.stdout

    def test_it_holds_what_it_needs_and_no_more(self):
        self.must(ROOT / "packaging/check_tree.py", self.tree)

    def test_it_completes_with_its_own_libraries_whatever_the_environment_names(self):
        foreign = self.tree.parent / "foreign"
        foreign.mkdir()
        for library in (self.tree / "lib").iterdir():
            (foreign / library.name).write_text("no library")
        source = self.tree.parent / "circle.py"
        source.write_text("def area(radius):\n    return \n")
        said = self.must(self.tree / "bin/inpaint", "complete", f"{source}:2:12", "--model", "mini",
                         LD_LIBRARY_PATH=str(foreign))
        self.assertIn("return", said)


if __name__ == "__main__":
    unittest.main()
