"""The VS Code extension is type-checked, bundled and packed, and the package holds what it must.

The sources are copied to a folder of their own, with the locked packages beside them, so that
nothing is written into the tree.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import zipfile

SOURCE = pathlib.Path(os.environ["INPAINT_SOURCE"])
MODULES = pathlib.Path(os.environ["INPAINT_NODE_MODULES"])


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.work = cls.folder / "editors" / "vscode"
        shutil.copytree(SOURCE / "editors" / "vscode", cls.work,
                        ignore=shutil.ignore_patterns("node_modules", "dist", "LICENSE", "*.vsix"))
        shutil.copy(SOURCE / "LICENSE", cls.folder)
        (cls.work / "node_modules").symlink_to(MODULES)
        cls.run_tool("npm", "run", "package")
        with zipfile.ZipFile(cls.work / "inpaint.vsix") as package:
            assert package.testzip() is None
            cls.files = {name: package.read(name) for name in package.namelist()}
        cls.manifest = json.loads(cls.files["extension/package.json"])

    @classmethod
    def run_tool(cls, *command, code=0):
        ran = subprocess.run(command, cwd=cls.work, text=True, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        assert ran.returncode == code, f"{command} ended with {ran.returncode}:\n{ran.stdout}"
        return ran.stdout

    def test_it_holds_what_runs_and_what_a_reader_needs_and_nothing_else(self):
        self.assertEqual(sorted(self.files), [
            "[Content_Types].xml", "extension.vsixmanifest", "extension/LICENSE.txt",
            "extension/dist/THIRD_PARTY.txt", "extension/dist/extension.js",
            "extension/package.json", "extension/readme.md"])

    def test_its_licence_is_the_project_s(self):
        self.assertEqual(self.files["extension/LICENSE.txt"], (SOURCE / "LICENSE").read_bytes())

    def test_the_licence_of_each_bundled_package_is_in_it(self):
        text = self.files["extension/dist/THIRD_PARTY.txt"].decode()
        for name in ("vscode-languageclient", "vscode-languageserver-protocol", "vscode-jsonrpc"):
            self.assertRegex(text, rf"(?m)^{name} \d+\.\d+\.\d+")

    def test_the_bundle_needs_nothing_but_vs_code_and_node(self):
        bundle = self.files["extension/dist/extension.js"].decode()
        needed = set(re.findall(r"""\brequire\((["'`])([^"'`]+)\1\)""", bundle))
        names = {name.removeprefix("node:") for _, name in needed}
        builtin = set(json.loads(self.run_tool(
            "node", "-p", "JSON.stringify(require('module').builtinModules)")))
        self.assertIn("vscode", names)
        self.assertEqual(names - builtin - {"vscode"}, set())

    def test_the_bundle_is_the_entry_and_exports_what_vs_code_calls(self):
        self.assertEqual(self.manifest["main"], "./dist/extension.js")
        # Node runs it up to its first need of the editor, and knows what it will export.
        printed = self.run_tool("node", "-e", """
            const Module = require('module');
            const needed = [];
            const load = Module._load;
            Module._load = function (name, ...rest) {
              if (name !== 'vscode') return load.call(this, name, ...rest);
              needed.push(name);
              // Classes that the client library derives its own from; nothing is called.
              return new Proxy({}, { get: () => class {} });
            };
            const extension = require('./dist/extension.js');
            console.log(needed.length > 0, typeof extension.activate, typeof extension.deactivate);
        """)
        self.assertEqual(printed.strip(), "true function function")

    def test_what_names_a_program_or_a_file_is_read_from_the_machine_s_settings_only(self):
        properties = self.manifest["contributes"]["configuration"]["properties"]
        for name in ("inpaint.serverPath", "inpaint.modelPath"):
            self.assertEqual(properties[name]["scope"], "machine", name)

    def test_nothing_runs_in_an_untrusted_workspace(self):
        self.assertIs(self.manifest["capabilities"]["untrustedWorkspaces"]["supported"], False)

    def test_it_wakes_up_for_every_language_also_one_that_a_user_adds(self):
        # Without a name: the first document of any language. A list of names would leave out those
        # that a user has added to the server (languages.json).
        self.assertEqual(self.manifest["activationEvents"], ["onLanguage"])

    def test_every_command_is_there(self):
        offered = {entry["command"] for entry in self.manifest["contributes"]["commands"]}
        self.assertEqual(offered, {f"inpaint.{name}" for name in
                                   ("enable", "disable", "restart", "snooze", "chooseModel", "why",
                                    "showLog")})
        bundle = self.files["extension/dist/extension.js"].decode()
        for name in offered:
            self.assertIn(name.removeprefix("inpaint."), bundle)

    def test_a_type_error_is_found(self):
        wrong = self.work / "src" / "wrong.ts"
        wrong.write_text("export const answer: number = 'forty-two';\n")
        try:
            said = self.run_tool("npx", "--no-install", "tsc", "--noEmit", code=2)
            self.assertIn("wrong.ts", said)
        finally:
            wrong.unlink()

    def test_the_lock_file_names_no_registry(self):
        self.assertNotIn('"resolved"', (SOURCE / "editors/vscode/package-lock.json").read_text())


class Why(unittest.TestCase):
    """src/why.ts, which is free of VS Code, run by node."""

    def test_a_reason_is_a_line_that_leads_to_its_setting(self):
        reason = {"id": "improbable", "words": "not probable enough: 0.21 of 0.35 needed",
                  "remedy": "ask by hand, or set inpaint.gate to false"}
        loading = {"id": "loading", "words": "the model is being loaded: 12 %",
                   "remedy": "wait until it is"}
        asked = {"file": "a.py", "line": 12, "face": "ghost text", "time": "2026-11-29T12:00:00Z"}
        answer = {"silence": loading, "questions": [{**reason, **asked, "times": 1},
                                                    {**loading, **asked, "times": 3}]}
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            subprocess.run([MODULES / ".bin" / "esbuild",
                            SOURCE / "editors" / "vscode" / "src" / "why.ts", "--bundle",
                            "--format=esm", f"--outfile={folder}/why.mjs", "--log-level=error"],
                           check=True, cwd=folder)
            (folder / "case.mjs").write_text(f"""
                import {{ picks, tooltip }} from './why.mjs';
                const answer = {json.dumps(answer)};
                console.log(JSON.stringify({{
                  picks: picks(answer), none: picks({{ silence: null, questions: [] }}),
                  tooltip: tooltip(answer.questions[0]) }}));
            """)
            ran = subprocess.run(["node", "case.mjs"], check=True, cwd=folder,
                                 stdout=subprocess.PIPE, text=True)
        result = json.loads(ran.stdout)
        now, newest, older = result["picks"]
        self.assertEqual(now, {"label": loading["words"], "description": "now",
                               "detail": loading["remedy"]})
        self.assertEqual(newest["label"], reason["words"])
        self.assertEqual(newest["detail"], reason["remedy"])
        self.assertEqual(newest["setting"], "inpaint.gate")
        self.assertTrue(newest["description"].startswith("a.py:12, ghost text, "))
        self.assertTrue(older["description"].startswith("a.py:12, ghost text, 3 times, "))
        self.assertEqual(result["none"], [])
        self.assertEqual(result["tooltip"], "Nothing is shown: not probable enough: 0.21 of 0.35 "
                                            "needed\n(ask by hand, or set inpaint.gate to false)")

    def test_every_setting_that_a_reason_names_is_one_of_the_extension(self):
        words = (SOURCE / "lsp/completion/silence_reason.cpp").read_text()
        manifest = json.loads((SOURCE / "editors/vscode/package.json").read_text())
        offered = manifest["contributes"]["configuration"]["properties"].keys()
        # Snoozing is a command here, and items in the menu are for editors without ghost text.
        elsewhere = {"inpaint.snooze", "inpaint.completionItems", "inpaint.completionDeadlineMs"}
        named = set(re.findall(r"inpaint\.\w+", words))
        self.assertEqual(named - offered, elsewhere)


class Models(unittest.TestCase):
    """src/models.ts, which is free of VS Code, run by node."""

    def test_who_chooses_is_told_size_licence_address_and_folder(self):
        mini = {"name": "mini", "path": "/m", "bytes": 10_400_000, "licence": "Apache-2.0", "languages": ["c"],
                "tokens_per_second": 812.4, "used": True, "damaged": False, "address": None, "kept_as": None,
                "permissive": False, "default": False}
        usual = {**mini, "name": "larger", "path": None, "bytes": 491_400_064, "tokens_per_second": None,
                 "used": False, "address": "https://example.org/f", "kept_as": "/models/f.gguf",
                 "permissive": True, "default": True}
        own = {**mini, "name": "own", "licence": None, "used": False}
        lists = {"missing": [mini, usual], "here": [mini, {**usual, "path": "/models/f.gguf"}],
                 "another is chosen": [{**mini, "used": False}, usual, {**own, "used": True}], "none": []}
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            subprocess.run([MODULES / ".bin" / "esbuild",
                            SOURCE / "editors" / "vscode" / "src" / "models.ts", "--bundle",
                            "--format=esm", f"--outfile={folder}/models.mjs", "--log-level=error"],
                           check=True, cwd=folder)
            (folder / "case.mjs").write_text(f"""
                import {{ modelPicks, fetchQuestion, missingDefault, fetchedPercent }} from './models.mjs';
                const [mini, usual, own] = {json.dumps([mini, usual, own])};
                const lists = {json.dumps(lists)};
                console.log(JSON.stringify({{
                  picks: modelPicks([mini, usual, own]).map(({{ model, ...shown }}) => shown),
                  questions: [fetchQuestion(usual), fetchQuestion({{ ...usual, permissive: false }})],
                  missing: Object.keys(lists).filter((name) => missingDefault(lists[name])),
                  percent: [0, 245700032, 491400064, 999999999].map((n) => fetchedPercent(usual, n)) }}));
            """)
            ran = subprocess.run(["node", "case.mjs"], check=True, cwd=folder,
                                 stdout=subprocess.PIPE, text=True)
        result = json.loads(ran.stdout)
        self.assertEqual(result["picks"], [
            {"label": "$(check) mini", "description": "in use", "detail": "Apache-2.0; 812 tokens/s here; c"},
            {"label": "larger", "description": "491 MB to fetch", "detail": "Apache-2.0; c"},
            {"label": "own", "description": "here", "detail": "licence unknown; 812 tokens/s here; c"}])
        self.assertEqual(result["questions"][0],
                         "Fetch larger (491 MB; licence: Apache-2.0) from https://example.org/f? It is kept as "
                         "/models/f.gguf; `inpaint models remove larger` takes it away.")
        self.assertIn("licence: Apache-2.0, which limits its use", result["questions"][1])
        self.assertEqual(result["missing"], ["missing"])
        self.assertEqual(result["percent"], [0, 50, 100, 100])


class Program(unittest.TestCase):
    """src/program.ts, which is free of VS Code, run by node."""

    def test_the_program_is_found_where_it_may_be_and_nowhere_else(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for sub in ("first", "second", "open"):
                (folder / sub).mkdir()
            program = folder / "second" / "inpaint"
            program.write_text("#!/bin/sh\n")
            program.chmod(0o755)
            (folder / "first" / "inpaint").write_text("not to be run\n")
            trap = folder / "open" / "inpaint"
            trap.write_text("#!/bin/sh\n")
            trap.chmod(0o755)
            path = f"{folder}/first:{folder}/second"
            came_along = folder / "extension" / "server" / "bin" / "inpaint"
            came_along.parent.mkdir(parents=True)
            came_along.write_text("#!/bin/sh\n")
            came_along.chmod(0o755)
            with_program, without = str(folder / "extension"), str(folder / "first")
            cases = [  # serverPath, PATH, what is found
                ["inpaint", path, str(program)],
                [str(program), "", str(program)],
                [str(folder / "first" / "inpaint"), path, None],  # may not be run
                [str(folder / "second"), path, None],  # a folder
                ["inpaint", f"{folder}/first", None],
                ["inpaint", None, None],
                # Relative to the folder that is open: it must not bring its own program along.
                ["./inpaint", path, None],
                ["open/inpaint", path, None],
                ["inpaint", ".:", None],
                # Where nothing is set: what came with the extension, else PATH. What is set is all there is.
                ["", path, str(came_along), with_program],
                ["", path, str(program), without],
                ["", "", None, without],
                ["inpaint", path, str(program), with_program],
                ["other", path, None, with_program],
                [str(folder / "first" / "inpaint"), path, None, with_program],
            ]
            script = folder / "cases.mjs"
            bundled = folder / "program.mjs"
            subprocess.run([MODULES / ".bin" / "esbuild",
                            SOURCE / "editors" / "vscode" / "src" / "program.ts",
                            "--bundle", "--platform=node", "--format=esm", f"--outfile={bundled}",
                            "--log-level=error"], check=True, cwd=folder)
            script.write_text(f"""
                import {{ documents, findProgram, serverCommand }} from './program.mjs';
                const cases = {json.dumps(cases)};
                console.log(JSON.stringify({{
                  found: cases.map(([name, path, _, extension]) =>
                    findProgram(name, path ?? undefined, extension ?? '/nowhere') ?? null),
                  documents,
                  plain: serverCommand('inpaint', ''),
                  model: serverCommand('/bin/inpaint', '/models/a b'),
                }}));
            """)
            ran = subprocess.run(["node", script], check=True, cwd=folder / "open",
                                 stdout=subprocess.PIPE, text=True)
            result = json.loads(ran.stdout)
        for case, found in zip(cases, result["found"], strict=True):
            with self.subTest(case=case[:2]):
                self.assertEqual(found, case[2])
        # What is served is told by where it lies, never by its language.
        self.assertEqual(result["documents"], [{"scheme": "file"}, {"scheme": "untitled"}])
        self.assertEqual(result["plain"], {"command": "inpaint", "args": ["serve"]})
        self.assertEqual(result["model"], {"command": "/bin/inpaint",
                                           "args": ["serve", "--model", "/models/a b"]})


if __name__ == "__main__":
    unittest.main()
