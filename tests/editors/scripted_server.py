#!/usr/bin/env python3
"""A language server whose answers are written down, for what no model can be made to say.

The editors' other tests run the real server. This one stands in where the answer itself is the
case: text that is replaced behind the cursor, several lines, several alternatives, errors, silence.

    scripted_server.py ANSWERS

ANSWERS is a JSON file: {"inline": [answer, ...]}. The n-th request for inline completion in a document gets
the n-th answer, later ones the last. With {"untouched": answer} beside it that is the answer, uncounted, as long as
nothing was changed. An answer is {"result": ...} or {"error": ...}; wherever it holds
the word "$line", the line of the request is put in.
"""

import collections
import json
import sys


def read_message(stream):
    length = None
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    if length is None:
        return None
    return json.loads(stream.read(length))


def send(message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    sys.stdout.buffer.flush()


def filled(value, line):
    if isinstance(value, dict):
        return {key: filled(inner, line) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, line) for inner in value]
    return line if value == "$line" else value


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        script = json.load(file)
    answers, untouched = script["inline"], script.get("untouched")
    asked, changed = collections.Counter(), set()
    while (message := read_message(sys.stdin.buffer)) is not None:
        method, number = message.get("method"), message.get("id")
        if method == "initialize":
            send({"id": number, "result": {
                "serverInfo": {"name": "inpaint"},
                "capabilities": {"textDocumentSync": 2, "inlineCompletionProvider": {}}}})
        elif method == "textDocument/inlineCompletion":
            document = message["params"]["textDocument"]["uri"]
            if untouched is not None and document not in changed:
                answer = untouched
            else:
                answer = answers[min(asked[document], len(answers) - 1)]
                asked[document] += 1
            send({"id": number, **filled(answer, message["params"]["position"]["line"])})
        elif method == "textDocument/didChange":
            changed.add(message["params"]["textDocument"]["uri"])
        elif method == "exit":
            return
        elif number is not None and method is not None:
            send({"id": number, "result": None})


main()
