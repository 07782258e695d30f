#!/usr/bin/env python3
"""Fetch permissively licensed source packages and lay their training text out in one folder.

    fetch.py --out DATA                                     everything of manifest.toml
    fetch.py --out HELD --section heldout                   what training must not contain
    fetch.py --out DATA --dedupe --against HELD             DATA/keep.jsonl, ready to be packed

DATA/cache/      archives as the package clients delivered them; may be deleted afterwards
DATA/src/LANGUAGE/PACKAGE/...   one file a source file
DATA/licences/   the licence files of every package
DATA/records/    what was taken from each package, and why the rest was not
DATA/keep.jsonl  path, lang, bytes, package and licence of every file to train on

An interrupted run continues where it stopped. Needs Python 3.11 and, for the packages that are
asked for, pip, npm, go, cargo, mvn and apt-get. Exit: 0, 1 when a package failed, 2 for wrong use.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import sys
import time
import tomllib
from pathlib import Path

import clients
import selection
from dedupe import dedupe
from licences import permissive

HERE = Path(__file__).resolve().parent


def record_path(out, package):
    name = package["name"].replace("/", "_").replace(":", "_").lstrip("@")
    version = f"-{package['version']}" if package["eco"] == "crate" else ""
    tests = "-tests" if package.get("kind") == "test-sources" else ""
    return out / "records" / f"{package['eco']}-{name}{version}{tests}.json"


def order_of(package, section):
    """What the result depends on: a record with the same key need not be made again."""
    text = json.dumps([section, selection.VERSION, package], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def handle(package, sources, out, section, never):
    """Fetches (unless that was done) and takes one package; its record, or one with "error"."""
    began = time.time()
    path, key = record_path(out, package), order_of(package, section)
    try:
        if path.exists():
            record = json.loads(path.read_text())
            if record.get("key") == key:
                return {**record, "again": True}
        if sources is None and package["eco"] == "maven":
            raise clients.FetchError(clients.jar_name(package), "mvn did not bring it",
                                     "check the version, or take it out of the manifest")
        if sources is None:
            fetch = clients.SINGLE[package["eco"]]
            sources, package["version"] = fetch(package, out / "cache")
        if section == "heldout":
            record = selection.take_whole(package, sources, out)
        else:
            record = selection.take(package, sources, out, never)
        record |= {"key": key, "seconds": round(time.time() - began, 1)}
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new")
        temporary.write_text(json.dumps(record, indent=1) + "\n")
        temporary.replace(path)
        return record
    except Exception as error:   # one missing package must not end the run
        return {"package": package["name"], "eco": package["eco"],
                "error": str(error) or type(error).__name__}


def work_list(packages, out, section, never):
    """(package, sources or None) of everything to be handled; cargo and maven fetch in one go."""
    work = [(p, None) for p in packages if p["eco"] in clients.SINGLE]
    crates = [p for p in packages if p["eco"] == "crate"]
    if crates:
        print(f"cargo: {len(crates)} roots and what they depend on", flush=True)
        work += [w for w in clients.from_cargo(crates, out / "cache")
                 if section != "heldout" or w[0]["root"]]
    jars = [p for p in packages if p["eco"] == "maven"]
    if jars:
        print(f"maven: {len(jars)} source jars", flush=True)
        work += clients.from_maven(jars, out / "cache")
    # By name in every ecosystem: the dependencies of a crate are nobody's choice.
    return work if section == "heldout" else [
        w for w in work if not selection.is_never_train(w[0]["name"], never)]


def report(n, total, began, record):
    if "error" in record:
        print(f"{record['eco']} {record['package']}: {record['error']}", file=sys.stderr,
              flush=True)
    left = (time.time() - began) / n * (total - n)
    if record["eco"] != "crate" or n % 100 == 0 or n == total:
        kept = ", ".join(f"{k} {v / 1e6:.1f} MB" for k, v in record.get("kept", {}).items())
        print(f"[{n}/{total}] {record['eco']} {record['package']} {record.get('version', '')}:"
              f" {kept or 'nothing'}; about {left / 60:.1f} min left", flush=True)


def fetch_all(packages, out, section, never, jobs, cap):
    """Handles all packages; the records. Stops taking a language once it has `cap` bytes."""
    for suite in sorted({p.get("suite", "trixie") for p in packages if p["eco"] == "apt"}):
        clients.apt_options(out / "cache", suite)
    work = collections.deque(work_list(packages, out, section, never))
    total, began, records, kept = len(work), time.time(), [], collections.Counter()
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        running = set()
        while work or running:
            while work and len(running) < 2 * jobs:
                package, sources = work.popleft()
                languages = package.get("langs", selection.LANGUAGES)
                if cap and all(kept[language] >= cap for language in languages):
                    total -= 1
                    continue
                running.add(pool.submit(handle, package, sources, out, section, never))
            if not running:
                break
            done, running = concurrent.futures.wait(
                running, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in done:
                records.append(future.result())
                kept.update(records[-1].get("kept", {}))
                report(len(records), total, began, records[-1])
    print("kept", ", ".join(f"{k} {v / 1e6:.1f} MB" for k, v in sorted(kept.items())),
          f"= {sum(kept.values()) / 1e6:.1f} MB in {time.time() - began:.0f} s")
    return records


def read_manifest(path, section, never):
    """The packages of a section; ends the program when one of them may not be used."""
    try:
        packages = [dict(p) for p in tomllib.loads(path.read_text())[section]]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        sys.exit(f"{path}: no section [[{section}]] can be read ({error}):"
                 " name another file with --manifest")
    for package in packages:
        name = package["name"]
        if section == "heldout":
            package["heldout"] = True
            continue
        if not permissive(package.get("licence")):
            sys.exit(f"{path}: {name} has the licence {package.get('licence')}, which is not on"
                     " the list of permissive ones: take it out")
        if selection.is_never_train(name, never):
            sys.exit(f"{path}: {name} is on the never-train list: take it out")
    return packages


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--manifest", type=Path, default=HERE / "manifest.toml")
    parser.add_argument("--never", type=Path, default=HERE / "never_train.txt")
    parser.add_argument("--section", choices=["package", "heldout"], default="package")
    parser.add_argument("--only", help="names, separated by commas")
    parser.add_argument("--eco", help="pypi,npm,go,crate,maven,apt")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--bytes-per-language", type=float, default=0, metavar="BYTES",
                        help="stop taking packages of a language that has so much")
    parser.add_argument("--dedupe", action="store_true", help="write keep.jsonl; fetch nothing")
    parser.add_argument("--against", type=Path, help="DATA of --section heldout")
    arguments = parser.parse_args()
    out = arguments.out.resolve()
    never = selection.never_train_parts(arguments.never.read_text().split())
    if arguments.dedupe:
        if not (out / "records").is_dir():
            sys.exit(f"{out}: nothing was fetched into it: run without --dedupe first")
        dedupe(out, arguments.against, arguments.jobs, never)
        return 0
    packages = read_manifest(arguments.manifest, arguments.section, never)
    if arguments.eco:
        packages = [p for p in packages if p["eco"] in arguments.eco.split(",")]
    if arguments.only:
        packages = [p for p in packages if p["name"] in arguments.only.split(",")]
    if not packages:
        parser.error("no package of the manifest has this name or ecosystem")
    out.mkdir(parents=True, exist_ok=True)
    records = fetch_all(packages, out, arguments.section, never, arguments.jobs,
                        arguments.bytes_per_language)
    failed = [r for r in records if "error" in r]
    for record in failed:
        print(f"failed: {record['eco']} {record['package']}: {record['error']}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
