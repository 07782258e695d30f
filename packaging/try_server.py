#!/usr/bin/env python3
"""Shows what an editor gets from the language server, in real files of this repository.

    packaging/try_server.py [PROGRAM [MODEL]]  (else build/release/bin/inpaint, and its own choice)

Starts `inpaint serve --stdio` and does what an editor does: opens a file, types into its copy of it,
and asks for ghost text. Nothing on disk is changed. What is suggested stands in reverse video, or in
[[ ]] where the output is no terminal. The last table holds the timings.

The places were chosen for their kind, not for their answers. Where the model is not sure enough the
server shows nothing; what it would have shown is then asked for with the setting gate=false.
"""

import json
import math
import os
import pathlib
import select
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
PATIENCE = 120.0  # seconds; only a server that hangs reaches it
INVOKED, AUTOMATIC = 1, 2  # InlineCompletionTriggerKind
ERROR = 1  # MessageType

# The text of a place is found in its file by `before`, `there` and `behind`; `there` is taken out of
# the copy, so that it can be written anew.
LINE = {"file": "lsp/evaluation/eval_summary.cpp", "language": "cpp",
        "before": "    known += one->promise_kept.has_value() ? 1 : 0;\n    ",
        "there": "kept += one->promise_kept.value_or(false) ? 1 : 0;", "behind": "\n",
        "typed": "kept += one->promise_kept"}
BODY = {"file": "tests/quality/newton.py", "language": "python",
        "before": "def dot(a, b):\n    ",
        "there": "return sum(x * y for x, y in zip(a, b))", "behind": "\n\n"}
HOLE = {"file": "lsp/evaluation/eval_summary.cpp", "language": "cpp",
        "before": '{"similarity", rounded(', "there": "row.similarity, 1e2", "behind": ")},"}


class Problem(Exception):
    """What went wrong, why, and what helps."""

    def __init__(self, what, why, remedy):
        super().__init__(f"{what}: {why}: {remedy}")


class Server:
    """The program, and the messages to and from it. No read or write waits longer than PATIENCE."""

    def __init__(self, program, model=None):
        self.errors = tempfile.TemporaryFile()
        command = [program, "serve", "--stdio"] + (["--model", model] if model else [])
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=self.errors, bufsize=0)
        except OSError as error:
            raise Problem(program, error.strerror, "build it: packaging/try.sh") from error
        os.set_blocking(self.process.stdin.fileno(), False)
        self.received = b""
        self.last_id = 0
        self.bar = None  # of the model that is opened: "begin", "report" or "end"

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        frame = memoryview(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        end = time.monotonic() + PATIENCE
        while frame:
            if not select.select([], [self.process.stdin], [], max(end - time.monotonic(), 0))[1]:
                raise Problem("inpaint serve", "it reads nothing", "report this as a bug")
            try:
                frame = frame[os.write(self.process.stdin.fileno(), frame):]
            except BlockingIOError:
                continue
            except OSError as error:
                raise self.gone() from error

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def request(self, method, params):
        """The result, and the milliseconds until it was here."""
        start = time.monotonic()
        answer = self.answer_to(method, params)
        if "error" in answer:
            raise Problem(method, answer["error"]["message"], "report this as a bug")
        return answer["result"], (time.monotonic() - start) * 1000.0

    def answer_to(self, method, params):
        """The answer to a request, be it an error."""
        self.last_id += 1
        number = self.last_id
        end = time.monotonic() + PATIENCE
        self.send({"id": number, "method": method, "params": params})
        while True:
            message = self.read(end, method)
            if "method" not in message and message.get("id") == number:
                return message
            self.on_other(message)

    def on_other(self, message):
        if "method" not in message:
            return
        if "id" in message:  # a question of the server's, of which an editor may know nothing
            self.send({"id": message["id"], "result": None})
        elif message["method"] == "$/progress":
            self.bar = message["params"]["value"]["kind"]
        elif message["method"] == "window/showMessage" and message["params"]["type"] == ERROR:
            raise Problem("inpaint serve", message["params"]["message"], "see `inpaint doctor`")

    def wait_for_model(self):
        """Until then the embedded model answers; the milliseconds."""
        start = time.monotonic()
        # The server asks for a bar before it answers the first question, which it does not know, and
        # begins the bar before it answers the second, unless the model is open by then.
        self.answer_to("$/nothing", None)
        self.answer_to("$/nothing", None)
        while self.bar not in (None, "end"):
            self.on_other(self.read(start + PATIENCE, "opening the model"))
        return (time.monotonic() - start) * 1000.0

    def read(self, end, what):
        """The next message."""
        while True:
            head, found, rest = self.received.partition(b"\r\n\r\n")
            if found:
                try:
                    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                    if len(rest) >= length:
                        self.received = rest[length:]
                        return json.loads(rest[:length])
                except (IndexError, ValueError) as error:
                    raise Problem("inpaint serve", "it wrote no message of the protocol",
                                  "name the program `inpaint`") from error
            if not select.select([self.process.stdout], [], [], max(end - time.monotonic(), 0))[0]:
                raise Problem(what, f"no answer in {PATIENCE:.0f} s", "see `inpaint doctor`")
            received = os.read(self.process.stdout.fileno(), 65536)
            if not received:
                raise self.gone()
            self.received += received

    def gone(self):
        try:
            code = self.process.wait(10)
        except subprocess.TimeoutExpired:
            code = "none yet"
        self.errors.seek(0)
        last = self.errors.read().decode(errors="replace").strip().split("\n")[-1]
        said = f", {last}" if last else ""
        return Problem("inpaint serve", f"it ended with exit code {code}{said}",
                       "see `inpaint doctor`")

    def leave(self):
        self.request("shutdown", None)
        self.notify("exit", None)
        self.process.stdin.close()
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired as error:
            raise Problem("inpaint serve", "it does not end", "report this as a bug") from error
        if code != 0:
            raise self.gone()

    def end(self):
        """At once, whatever state it is in."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Editor:
    """A file's copy as an editor holds it, with the cursor where `there` was."""

    def __init__(self, server, place):
        self.server, self.place = server, place
        path = ROOT / place["file"]
        try:
            self.text = path.read_text()
        except OSError as error:
            raise Problem(place["file"], error.strerror, "take the whole repository") from error
        around = place["before"] + place["there"] + place["behind"]
        if self.text.count(around) != 1:
            raise Problem(place["file"], "the place that is shown is not in it any more",
                          "name another one in packaging/try_server.py")
        self.cursor = self.text.index(around) + len(place["before"])
        self.line = self.text.count("\n", 0, self.cursor) + 1
        self.uri, self.version = path.as_uri(), 1
        server.notify("textDocument/didOpen", {"textDocument": {
            "uri": self.uri, "languageId": place["language"], "version": 1, "text": self.text}})
        self.change(self.cursor, self.cursor + len(place["there"]), "")

    def position(self, offset):
        """As the protocol counts: lines, and UTF-16 units in them."""
        begin = self.text.rfind("\n", 0, offset) + 1
        return {"line": self.text.count("\n", 0, offset),
                "character": len(self.text[begin:offset].encode("utf-16-le")) // 2}

    def offset(self, position):
        begin = 0
        for _ in range(position["line"]):
            begin = self.text.index("\n", begin) + 1
        line = self.text[begin:].split("\n")[0].encode("utf-16-le")
        return begin + len(line[:2 * position["character"]].decode("utf-16-le"))

    def change(self, begin, end, new):
        self.version += 1
        self.server.notify("textDocument/didChange", {
            "textDocument": {"uri": self.uri, "version": self.version},
            "contentChanges": [{"range": {"start": self.position(begin), "end": self.position(end)},
                                "text": new}]})
        self.text = self.text[:begin] + new + self.text[end:]
        self.cursor = begin + len(new)

    def type(self, character):
        self.change(self.cursor, self.cursor, character)

    def ask(self, trigger):
        """The first item or nothing, and the milliseconds."""
        result, milliseconds = self.server.request("textDocument/inlineCompletion", {
            "textDocument": {"uri": self.uri}, "position": self.position(self.cursor),
            "context": {"triggerKind": trigger}})
        items = (result or {}).get("items", [])
        return (items[0] if items else None), milliseconds

    def ghost(self, item):
        """What of an item stands behind the cursor: its text without what it repeats of the line."""
        kept = self.text[self.offset(item["range"]["start"]):self.cursor]
        text = item["insertText"]
        return text[len(kept):] if text.startswith(kept) else text

    def show(self, item):
        """The line of the cursor, with the item in it."""
        begin = self.offset(item["range"]["start"]) if item else self.cursor
        end = self.offset(item["range"]["end"]) if item else self.cursor
        left = self.text[self.text.rfind("\n", 0, begin) + 1:begin]
        return left + (marked(item["insertText"]) if item else "¦") + self.text[end:].split("\n")[0]


def marked(text):
    if not sys.stdout.isatty():
        return f"[[{text}]]"
    return "\n".join(f"\x1b[7m{line}\x1b[0m" for line in text.split("\n"))


def say(text=""):
    print("\n".join(("   " + line).rstrip() for line in text.split("\n")), flush=True)


class Tour:
    """The three places, and the times that they took: name -> milliseconds."""

    def __init__(self, server):
        self.server, self.times = server, {}

    def note(self, name, milliseconds):
        self.times.setdefault(name, []).append(milliseconds)

    def set_gate(self, gate):
        self.server.notify("workspace/didChangeConfiguration",
                           {"settings": {"inpaint": {"gate": gate}}})

    def begin(self, what, place):
        editor = Editor(self.server, place)
        say(f"\n{what}\n{place['file']}, line {editor.line}; the file says: {place['there']}")
        return editor

    def ask_in_person(self, editor, name):
        """Asks at the cursor, and once more without the gate where nothing is shown."""
        item, milliseconds = editor.ask(INVOKED)
        self.note(name, milliseconds)
        say(f"{editor.show(item)}     {milliseconds:.0f} ms, asked in person")
        if item:
            return item
        say("nothing is shown: not probable enough; with gate=false:")
        self.set_gate(False)
        item, milliseconds = editor.ask(INVOKED)
        say(f"{editor.show(item)}     {milliseconds:.0f} ms")
        if not item:
            say("nothing either: what the model wrote would make the file parse worse, or is empty")
        return item

    def typed_line(self):
        editor = self.begin("A line, typed key by key; ghost text comes by itself", LINE)
        shown, n_shown, n_right = "", 0, 0
        for i, character in enumerate(LINE["typed"]):
            through = shown[:1] == character
            editor.type(character)
            item, milliseconds = editor.ask(AUTOMATIC)
            shown = editor.ghost(item) if item else ""
            how = "typed through" if through and item else "computed"
            if i == 0:
                how = "first answer: the file is read"
            self.note("first answer" if i == 0 else f"answer to a key, {how}", milliseconds)
            n_shown += 1 if item else 0
            n_right += 1 if LINE["typed"][:i + 1] + shown == LINE["there"] else 0
            say(f"{editor.show(item)}     {milliseconds:.1f} ms, {how}" + ("" if item else ": nothing"))
        say(f"shown at {n_shown} of {len(LINE['typed'])} keys, at {n_right} of them just what the file "
            "says; else nothing is shown: not probable enough")
        item = self.ask_in_person(editor, "answer in person, rest of a line")
        shown = editor.ghost(item) if item else ""
        if len(shown) > 1:
            editor.type(shown[0])
            item, milliseconds = editor.ask(AUTOMATIC)
            self.note("answer to a key, typed through" if item else "answer to a key, computed",
                      milliseconds)
            say(f"{editor.show(item)}     {milliseconds:.1f} ms, its first character typed")
        self.set_gate(True)

    def one_answer(self, what, place, name):
        editor = self.begin(what, place)
        say(editor.show(None))
        self.ask_in_person(editor, name)
        self.set_gate(True)


GOALS = {"initialize": 100, "answer to a key, computed": 150, "answer to a key, typed through": 5}


def percentile(values, q):
    return sorted(values)[max(math.ceil(q * len(values)) - 1, 0)]


def table(times):
    row = "{:<36} {:>9} {:>9} {:>4} {:>6}"
    lines = [row.format("milliseconds", "p50", "p95", "n", "goal")]
    for name, values in times.items():
        lines.append(row.format(name, f"{percentile(values, 0.5):.1f}",
                                f"{percentile(values, 0.95):.1f}", len(values),
                                GOALS.get(name, "")))
    return "\n".join(lines)


def main():
    if len(sys.argv) > 3 or sys.argv[1:2] in (["-h"], ["--help"]):
        print(__doc__)
        return 0 if len(sys.argv) == 2 else 2
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/release/bin/inpaint")
    model = sys.argv[2] if len(sys.argv) > 2 else None
    server = None
    try:
        start = time.monotonic()
        server = Server(program, model)
        server.request("initialize", {
            "processId": os.getpid(), "rootUri": ROOT.as_uri(),
            "capabilities": {"textDocument": {"inlineCompletion": {}},
                             "window": {"workDoneProgress": True}}})
        tour = Tour(server)
        tour.note("initialize", (time.monotonic() - start) * 1000.0)
        server.notify("initialized", {})
        tour.note("opening the model", server.wait_for_model())
        tour.typed_line()
        tour.one_answer("The body of a function", BODY, "answer in person, a body")
        tour.one_answer("A hole in the middle of a line", HOLE, "answer in person, mid-line")
        server.leave()
        say("\n" + table(tour.times))
        return 0
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if server:
            server.end()


if __name__ == "__main__":
    sys.exit(main())
