#!/usr/bin/env python3
"""Tests of the data fetcher: licences, selection, copies. Needs no network.

    python3 -m unittest discover -s tests/engine/training/data
"""
import contextlib
import io
import json
import sys
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
DATA = ROOT / "engine/training/data"
sys.path.insert(0, str(DATA))
sys.dont_write_bytecode = True

import clients     # noqa: E402
import dedupe      # noqa: E402
import fetch       # noqa: E402
import licences    # noqa: E402
import selection   # noqa: E402

APACHE = ("/*\n * Licensed under the Apache License,\n * Version 2.0 (the \"License\");\n"
          " * you may not use this file except in compliance.\n */\n")
GPL = ("/* This program is free software under the terms of the\n"
       " * GNU General Public License as published by the FSF. */\n")


def code(name, lines=30):
    """Source text that passes the content rules, different for each name."""
    return "".join(f"def {name}_{i}(value):\n    return value + {name}_offset[{i}]\n\n"
                   for i in range(lines))


class PermissiveTest(unittest.TestCase):
    def test_expressions(self):
        for expression, expected in [
                ("MIT", True), ("mit", True), ("Apache-2.0 WITH LLVM-exception", True),
                ("MIT OR GPL-3.0", True), ("MIT AND GPL-3.0", False), ("MIT/Apache-2.0", True),
                ("(MIT OR GPL-2.0) AND BSD-3-Clause", True), ("(MIT OR X) AND GPL-2.0", False),
                ("Apache-2.0 WITH Classpath-exception-2.0", False), ("GPL-2.0-only", False),
                ("", False), (None, False), ("MIT garbage", False), ("SEE LICENSE IN x", False),
                ("(MIT", True), ("UNLICENSED", False), ("LicenseRef-MIT", False)]:
            with self.subTest(expression):
                self.assertEqual(licences.permissive(expression), expected)


class HeaderTest(unittest.TestCase):
    def test_licence_of_a_header(self):
        for text, language, expected in [
                ("// SPDX-License-Identifier: MIT\nint x;\n", "c", "MIT"),
                ("/* SPDX-License-Identifier: MIT OR GPL-2.0 */\n", "c", "MIT OR GPL-2.0"),
                (APACHE + "class A {}\n", "java", "Apache-2.0"),
                ("#!/usr/bin/env python\n# Licensed under the MIT license\nx\n", "python", "MIT"),
                ("// Permission is hereby granted,\n// free of charge, to any\n", "cpp", "MIT"),
                ("/* about nothing */\nint x;\n", "c", None),
                ("int x; // SPDX-License-Identifier: MIT\n", "c", None),
                ("x = 1  # MIT license\n", "python", None),
                ("", "c", None)]:
            with self.subTest(text):
                self.assertEqual(licences.header_licence(text, language), expected)

    def test_copyleft(self):
        for text, expected in [
                (GPL, True), ("// SPDX-License-Identifier: LGPL-2.1\n", True),
                ("// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause\n", False),
                ("# This is GPL-compatible software\n", False),
                ("# Mozilla Public License 2.0\n", True), ("# nothing of the kind\n", False),
                ("x" * 5000 + GPL, False)]:
            with self.subTest(text[:60]):
                self.assertEqual(licences.copyleft_header(text.encode()), expected)

    def test_only_the_licence_comment_is_cut_off(self):
        cut = selection.without_header
        self.assertEqual(cut(APACHE + "class A {}\n", "java"), "class A {}\n")
        self.assertEqual(cut("/* What this is. */\nint x;\n", "c"), "/* What this is. */\nint x;\n")
        self.assertEqual(cut("#!/bin/python\n# Copyright me\nx = 1\n", "python"),
                         "#!/bin/python\nx = 1\n")
        self.assertEqual(cut("// Copyright\n\n/* Doc */\nint x;", "c"), "/* Doc */\nint x;")


DEP5 = """Format: https://example.org/copyright-format/1.0/
Upstream-Name: thing

Files: *
Copyright: someone
License: Expat

Files: lib/gpl/*
 tools/?.c
Copyright: other
License: GPL-2+

Files: lib/gpl/free.c
License: GPL-2+ or BSD-3-clause

Files: lib/own.c
License: BSD-3-clause-Acme

Files: lib/both.c
License: Expat and GPL-3

Files: odd\\*name.c
License: Zlib

License: BSD-3-clause-Acme
 Redistribution and use in source and binary forms, with or without
 .
 Neither the name of Acme

License: Expat
 Permission is hereby granted
"""


class DebianCopyrightTest(unittest.TestCase):
    def test_the_last_stanza_that_matches_decides(self):
        parsed = licences.DebianCopyright.parse(DEP5)
        for path, expected in [
                ("main.c", "MIT"), ("deep/er/main.c", "MIT"), ("lib/gpl/a.c", None),
                ("lib/gpl/deep/a.c", None), ("lib/gpl/free.c", "BSD-3-Clause"),
                ("tools/x.c", None), ("tools/xy.c", "MIT"), ("lib/own.c", "BSD-3-Clause"),
                ("lib/both.c", None), ("odd*name.c", None), ("oddXname.c", "MIT")]:
            with self.subTest(path):
                self.assertEqual(parsed.licence(path), expected)

    def test_other_formats_are_not_guessed_at(self):
        self.assertIsNone(licences.DebianCopyright.parse("This package was debianized by ...\n"))
        self.assertIsNone(licences.DebianCopyright.parse(""))

    def test_a_file_in_no_stanza_has_no_licence(self):
        parsed = licences.DebianCopyright.parse(
            "Format: copyright-format/1.0\n\nFiles: a/*\nLicense: MIT\n")
        self.assertIsNone(parsed.licence("b/x.c"))


class Folder(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.path = Path(self._folder.name)

    def tar(self, files, name="x.tar.gz"):
        with tarfile.open(self.path / name, "w:gz") as archive:
            for path, text in files.items():
                info = tarfile.TarInfo(path)
                info.size = len(text.encode())
                archive.addfile(info, io.BytesIO(text.encode()))
        return self.path / name

    def jar(self, files):
        with zipfile.ZipFile(self.path / "x.jar", "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)
        return self.path / "x.jar"

    def taken(self, package, archive, never=frozenset()):
        """The record, and the licence of every file that was laid out."""
        package = {"name": "thing", "version": "1", "licence": "MIT", **package}
        record = selection.take(package, [archive], self.path / "out", never)
        files = {}
        for path in (self.path / "out/src").rglob("*"):
            if path.is_file():
                language, _, inner = path.relative_to(self.path / "out/src").as_posix().split(
                    "/", 2)
                files[inner] = record["file_licences"].get(f"{language}/{inner}",
                                                           record["licence"])
        return record, files


class TakeTest(Folder):
    def test_a_jar_without_licence_gives_only_files_with_a_header(self):
        body = "class A {\n" + "".join(f"  int value{i} = other({i});\n" for i in range(30)) + "}\n"
        package = {"eco": "maven", "name": "org.x:thing", "langs": ["java"]}
        jar = self.jar({"a/Own.java": APACHE + body, "a/None.java": body, "a/Gpl.java": GPL + body})
        self.assertEqual(self.taken(package, jar)[1], {"a/Own.java": "Apache-2.0"})
        jar = self.jar({"a/None.java": body, "META-INF/LICENSE": "Apache License\nVersion 2.0"})
        self.assertEqual(self.taken(package, jar)[1], {"a/None.java": "MIT"})

    def test_debian_copyright_decides_file_by_file(self):
        body = "int x;\n" + "".join(f"int function_{i}(int a) {{ return a; }}\n" for i in range(20))
        archive = self.tar({
            "thing-1/debian/copyright": DEP5, "thing-1/main.c": body,
            "thing-1/lib/gpl/a.c": body, "thing-1/lib/gpl/free.c": body + "// 2\n",
            "thing-1/lib/own.c": "// SPDX-License-Identifier: ISC\n" + body})
        record, files = self.taken({"eco": "apt", "langs": ["c"]}, archive)
        self.assertEqual(files, {"main.c": "MIT", "lib/gpl/free.c": "BSD-3-Clause",
                                 "lib/own.c": "ISC"})
        self.assertGreater(record["dropped"]["debian/copyright"], 0)

    def test_a_mixed_package_is_screened_by_headers(self):
        files = {"t-1/LICENSE": "MIT License\n...", "t-1/COPYING.LIB":
                 "GNU LESSER GENERAL PUBLIC LICENSE\nVersion 2.1", "t-1/a.py": code("a"),
                 "t-1/b.py": "# SPDX-License-Identifier: BSD-2-Clause\n" + code("b")}
        package = {"eco": "pypi", "langs": ["python"]}
        self.assertEqual(self.taken(package, self.tar(files))[1], {"t-1/b.py": "BSD-2-Clause"})
        package["copyleft_elsewhere"] = "a binary"
        self.assertEqual(len(self.taken(package, self.tar(files))[1]), 2)

    def test_what_is_no_training_text_is_left_out_with_its_reason(self):
        good = code("good")
        files = {
            "p/good.py": good, "p/vendor/x.py": code("v"), "p/rich/text.py": code("r"),
            "p/x_pb2.py": code("p"), "p/gen.py": "# Code generated by hand\n" + code("g"),
            "p/long.py": "x = '" + "y" * 2000 + "'\n" * 9, "p/few.py": "x = 1\n",
            "p/digits.py": "".join(f"word_{chr(97 + i % 26) * 5}{10000 + i * 7919 % 89999}\n" for i in range(99)),
            "p/same.py": "value = other(value)\n" * 99, "p/x.txt": good, "p/notes.md": good}
        record, taken = self.taken({"eco": "pypi", "langs": ["python"]}, self.tar(files),
                                   frozenset(["rich"]))
        self.assertEqual(set(taken), {"p/good.py"})
        self.assertEqual(set(record["dropped"]), {
            "folder", "never-train", "name", "generated", "long lines", "size", "digits",
            "repetitive"})

    def test_the_cap_holds_and_picks_the_same_files_again(self):
        files = {f"p/f{i}.py": code(f"f{i}") for i in range(20)}
        package = {"eco": "pypi", "langs": ["python"], "cap_mb": 0.005}
        first = self.taken(package, self.tar(files))
        self.assertLessEqual(first[0]["kept"]["python"], 5000)
        self.assertGreater(len(first[1]), 1)
        self.assertEqual(self.taken(package, self.tar(files)), first)

    def test_headers_go_to_the_language_they_are_written_in(self):
        body = "".join(f"int function_{i}(int argument);\n" for i in range(20))
        files = {"p-1/a.c": body.replace(";", " { return 1; }"), "p-1/a.h": body,
                 "p-1/b.h": "namespace b {\n" + body + "}\n"}
        record, _ = self.taken({"eco": "apt", "langs": ["c", "cpp"]}, self.tar(files))
        self.assertEqual(record["files"], {"c": 2, "cpp": 1})

    def test_an_npm_package_must_declare_its_licence(self):
        for declared in ("GPL-3.0", "SEE LICENSE IN x", None):
            archive = self.tar({"package/package.json": json.dumps({"license": declared})})
            with self.assertRaisesRegex(ValueError, "declares the licence"):
                self.taken({"eco": "npm", "langs": ["javascript"]}, archive)


class NeverTrainTest(unittest.TestCase):
    def test_names_in_every_ecosystem(self):
        never = selection.never_train_parts(
            ["github.com/spf13/cobra", "com.google.code.gson:gson", "serde-yaml", "doctest", "rich"])
        for name, expected in [
                ("github.com/spf13/cobra", True), ("cobra", True), ("github.com/x/cobra/v2", True),
                ("com.google.code.gson:gson", True), ("serde_yaml", True), ("doctest-dev", True),
                ("@scope/rich", True), ("richer", False), ("cobra-cli", False),
                ("com.google.code.gson:other", False)]:
            with self.subTest(name):
                self.assertEqual(selection.is_never_train(name, never), expected)

    def test_the_manifest_obeys_its_own_lists(self):
        never = selection.never_train_parts((DATA / "never_train.txt").read_text().split())
        packages = fetch.read_manifest(DATA / "manifest.toml", "package", never)
        self.assertGreater(len(packages), 300)
        held = {p["name"] for p in fetch.read_manifest(DATA / "manifest.toml", "heldout", never)}
        self.assertTrue(all(selection.is_never_train(name, never) for name in held))
        covered = selection.never_train_parts(
            n.removesuffix("-dev").removesuffix("/v4").replace("_", "-") for n in held)
        self.assertEqual(never - covered, set(), "a never-train package without a held-out source")
        languages = {language for p in packages for language in p.get("langs", [])}
        self.assertEqual(languages, set(selection.LANGUAGES))

    def test_nothing_is_trained_on_that_is_fresh(self):
        trained = {p["name"] for p in fetch.read_manifest(DATA / "manifest.toml", "package", [])}
        fresh = {p["name"] for p in fetch.read_manifest(DATA / "fresh.toml", "heldout", [])}
        self.assertGreater(len(fresh), 20)
        self.assertEqual(fresh & trained, set())

    def test_no_text_here_names_the_host_of_a_registry(self):
        for path in sorted(DATA.glob("*")):
            if path.is_file():
                self.assertNotRegex(path.read_text(), r"https?://(?!example\.org)")


class DedupeTest(Folder):
    def lay_out(self, files, package="thing"):
        tag = f"pypi-{package}-1"
        for name, text in files.items():
            path = self.path / "src/python" / tag / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (self.path / "records").mkdir(exist_ok=True)
        (self.path / f"records/pypi-{package}.json").write_text(json.dumps({
            "tag": tag, "eco": "pypi", "package": package, "version": "1", "licence": "MIT",
            "file_licences": {"python/b.py": "ISC"}}))

    def kept(self, against=None, never=frozenset()):
        with contextlib.redirect_stdout(io.StringIO()):
            dedupe.dedupe(self.path, against, 1, never)
        rows = [json.loads(line) for line in (self.path / "keep.jsonl").read_text().splitlines()]
        return {Path(r["path"]).name: r for r in rows}

    def test_copies_are_kept_once(self):
        lines = code("same", 40)
        self.lay_out({"a.py": lines, "exact.py": lines.replace("\n", "\n\n"),
                      "near.py": lines.replace("same_3(", "other("), "b.py": code("b", 40)})
        kept = self.kept()
        self.assertEqual(set(kept), {"a.py", "b.py"})
        self.assertEqual(kept["b.py"]["licence"], "ISC")
        self.assertEqual(kept["a.py"], {
            "path": "src/python/pypi-thing-1/a.py", "lang": "python", "bytes": len(lines),
            "package": "pypi:thing@1", "licence": "MIT"})

    def test_copies_of_held_out_packages_go(self):
        held = self.path / "held/src/python/pypi-secret-1"
        held.mkdir(parents=True)
        (held / "x.py").write_text(code("secret", 40))
        self.lay_out({"copy.py": code("secret", 20) + code("own", 20),
                      "little.py": code("secret", 4) + code("mine", 40), "own.py": code("c", 40)})
        self.assertEqual(set(self.kept(self.path / "held")), {"little.py", "own.py"})
        with self.assertRaises(SystemExit):
            self.kept(self.path / "nothing")

    def test_never_train_packages_and_unfinished_ones_go(self):
        self.lay_out({"a.py": code("a")}, "rich")
        self.lay_out({"b.py": code("b")}, "other")
        self.lay_out({"c.py": code("c")}, "unfinished")
        (self.path / "records/pypi-unfinished.json").unlink()
        self.assertEqual(set(self.kept(never=frozenset(["rich"]))), {"b.py"})


class ResumeTest(Folder):
    def test_a_finished_package_is_not_taken_again(self):
        source = self.path / "source"
        source.mkdir()
        (source / "a.py").write_text(code("a"))
        package = {"eco": "crate", "name": "thing", "version": "1", "licence": "MIT",
                   "langs": ["python"]}
        out = self.path / "out"
        first = fetch.handle(dict(package), [source], out, "package", frozenset())
        self.assertNotIn("error", first)
        (source / "a.py").unlink()
        again = fetch.handle(dict(package), [source], out, "package", frozenset())
        self.assertTrue(again["again"])
        self.assertEqual(again["kept"], first["kept"])
        changed = fetch.handle({**package, "cap_mb": 1}, [source], out, "package", frozenset())
        self.assertNotIn("again", changed)

    def test_a_failure_has_what_why_and_remedy_and_ends_nothing(self):
        package = {"eco": "maven", "name": "org.x:y", "version": "1", "licence": "MIT"}
        record = fetch.handle(package, None, self.path, "package", frozenset())
        self.assertEqual(record["error"].count(": "), 2)
        with self.assertRaisesRegex(clients.FetchError, "not installed"):
            clients.run(["no-such-client-here"])
        with self.assertRaisesRegex(clients.FetchError, "exit 3"):
            clients.run(["sh", "-c", "exit 3"])


if __name__ == "__main__":
    unittest.main()
