"""A server on the loopback that serves one file, well and badly. For tests of downloads.

Says "PORT BYTES SHA256" on its first line, then a line for each request: its path and its range. Ends when
its standard input does.

    /file      with ranges           /norange   always from the beginning
    /moved     leads to /file        /missing   is not there
    /wrong     other bytes           /long      more bytes than the file has
    /cutN      ends after N bytes    /held      N bytes, and the rest never
"""
import hashlib
import http.server
import re
import sys
import threading

CONTENT = b"".join(hashlib.sha256(b"%d" % i).digest() for i in range(6250))  # 200,000 bytes
HELD = 50_000


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        asked = self.headers.get("Range") or "-"
        print(self.path, asked, flush=True)
        if self.path == "/missing":
            return self.head(404, 0)
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/file")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        content = CONTENT
        if self.path == "/wrong":
            content = CONTENT[:-1] + b"!"
        if self.path == "/long":
            content = CONTENT + b"!"
        begin = int(re.match(r"bytes=(\d+)-", asked).group(1)) if asked != "-" and self.path != "/norange" else 0
        if begin >= len(content):
            return self.head(416, 0)
        part = content[begin:]
        self.head(206 if begin else 200, len(part),
                  f"bytes {begin}-{len(content) - 1}/{len(content)}" if begin else None)
        if cut := re.match(r"/cut(\d+)$", self.path):
            self.wfile.write(part[: int(cut.group(1))])
            self.close_connection = True
        elif self.path == "/held":
            self.wfile.write(part[:HELD])
            self.wfile.flush()
            threading.Event().wait()
        else:
            self.wfile.write(part)

    def head(self, status, length, content_range=None):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), flush=True)
sys.stdin.read()
