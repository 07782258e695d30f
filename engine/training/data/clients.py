"""Fetching by name and pinned version with the ecosystems' own clients.

pip, npm, go, cargo, mvn and apt-get bring the archives into CACHE; what is there already is not
fetched again. Nothing of a package is run: pip takes wheels (or, for kind = "sdist", pure-Python
source packages without dependencies), npm packs without scripts, the others only unpack.
A failure is a FetchError with what, why and remedy.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from licences import permissive

# Bindings and tables: megabytes of declarations that machines wrote.
BINDINGS = re.compile(
    r"^(windows|winapi|web-sys|libc$|linux-raw-sys|objc2|icrate|aws-lc|encoding)|-sys$|-data$|"
    r"_data$|khronos|glow$|^ash$|unicode-(width|normalization|segmentation|bidi)")


class FetchError(Exception):
    def __init__(self, what, why, remedy):
        super().__init__(f"{what}: {why}: {remedy}")


def run(command, cwd=None, env=None, check=True):
    try:
        done = subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        raise FetchError(command[0], "the client is not installed",
                         "install it with the distribution's package manager") from None
    if check and done.returncode:
        last = " ".join(done.stdout.split())[-400:]
        raise FetchError(" ".join(map(str, command[:3])), f"exit {done.returncode}: {last}",
                         "check the network and the pinned version, then run again")
    return done.stdout


def spec(package, separator):
    version = package.get("version")
    return package["name"] + (separator + version if version else "")


def filled(folder):
    return folder.is_dir() and any(folder.iterdir())


def from_pypi(package, cache):
    folder = cache / "pypi" / package["name"]
    if not filled(folder):
        folder.mkdir(parents=True, exist_ok=True)
        kind = (["--no-binary", package["name"]] if package.get("kind") == "sdist"
                else ["--only-binary", ":all:"])
        run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", *kind, "-d", str(folder),
             spec(package, "==")])
    archive = next(x for x in sorted(folder.iterdir())
                   if x.suffix in (".whl", ".gz", ".zip", ".bz2"))
    match = re.match(r".+?-(\d[^-]*?)(?:-py|-cp|\.tar|\.zip|-\d+-)", archive.name)
    return [archive], match.group(1) if match else package.get("version", "?")


def from_npm(package, cache):
    folder = cache / "npm" / package["name"].replace("/", "+")
    if not filled(folder):
        folder.mkdir(parents=True, exist_ok=True)
        run(["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(folder),
             spec(package, "@")])
    archive = next(folder.glob("*.tgz"))
    return [archive], re.search(r"-(\d+\.\d+\.\d+.*)\.tgz$", archive.name).group(1)


def from_go(package, cache):
    env = dict(os.environ, GOMODCACHE=str(cache / "gomod"), GOFLAGS="-mod=mod",
               GOTOOLCHAIN="local")
    output = run(["go", "mod", "download", "-json",
                  package["name"] + "@" + package.get("version", "latest")],
                 cwd=tempfile.gettempdir(), env=env)
    answer = json.loads(output[output.index("{"):output.rindex("}") + 1])
    return [Path(answer["Dir"])], answer["Version"]


def apt_options(cache, suite):
    """apt with lists of its own, so that the system's set-up stays as it is."""
    folder = cache / f"apt-{suite}"
    options = ["-o", f"Dir::Etc::sourcelist={folder}/sources.list",
               "-o", "Dir::Etc::sourceparts=/dev/null", "-o", f"Dir::State::lists={folder}/lists",
               "-o", f"Dir::Cache={folder}/cache", "-o", "APT::Sandbox::User=root"]
    if not (folder / "sources.list").exists():
        (folder / "lists/partial").mkdir(parents=True, exist_ok=True)
        (folder / "cache/archives/partial").mkdir(parents=True, exist_ok=True)
        system = Path("/etc/apt/sources.list.d/debian.sources")
        match = system.exists() and re.search(r"URIs: (\S+/debian)\s*$", system.read_text(), re.M)
        if not match:
            raise FetchError(str(system), "no Debian mirror is named in it",
                             "run on Debian 12 or later, or leave apt out with --eco")
        key = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
        (folder / "sources.list").write_text("".join(
            f"{kind} {key} {match.group(1)} {suite} main\n" for kind in ("deb", "deb-src")))
        run(["apt-get", *options, "update"])
    return options


def from_apt(package, cache):
    options = apt_options(cache, package.get("suite", "trixie"))
    folder = cache / "apt-pkgs" / package["name"]
    if not filled(folder):
        folder.mkdir(parents=True, exist_ok=True)
        command = ["apt-get", "-q", *options, "source", "--download-only"]
        try:
            run([*command, spec(package, "=")], cwd=folder)
        except FetchError:
            # A point release replaced the pinned version. The signature file alone may be missing
            # then; apt has compared the tarball's own hash.
            run([*command, package["name"]], cwd=folder, check=False)
            if not any(".orig" in f.name for f in folder.iterdir()):
                raise
    files = sorted(f for f in folder.iterdir() if re.search(r"\.tar\.(xz|gz|bz2)$", f.name))
    if not files:
        raise FetchError(package["name"], "no tarball arrived", "run again")
    named = next(iter(sorted(folder.glob("*.dsc"))), files[0])
    version = re.sub(r"\.dsc$|\.orig.*$|\.debian.*$|\.tar.*$", "", named.name.split("_", 1)[1])
    return files, version


def from_cargo(roots, cache):
    """One `cargo vendor` for all root crates: (package, sources) of each permissive crate."""
    folder = cache / "cargo"
    vendor = folder / "vendor"
    if not vendor.is_dir():
        (folder / "src").mkdir(parents=True, exist_ok=True)
        (folder / "src/lib.rs").write_text("")
        lines = ['[package]\nname = "corpus"\nversion = "0.0.0"\nedition = "2021"\n',
                 "[dependencies]"]
        for root in roots:
            version = "=" + root["version"] if root.get("version") else "*"
            default = str(root.get("defaults", True)).lower()
            lines.append(f'{root["name"]} = {{ version = "{version}",'
                         f' default-features = {default} }}')
        (folder / "Cargo.toml").write_text("\n".join(lines) + "\n")
        run(["cargo", "vendor", "-q", "--versioned-dirs", str(vendor)], cwd=folder)
    wanted = {root["name"]: root for root in roots}
    for crate in sorted(vendor.iterdir()):
        try:
            table = tomllib.loads((crate / "Cargo.toml").read_text())["package"]
        except (OSError, KeyError, tomllib.TOMLDecodeError):
            continue
        name, licence = table["name"], table.get("license")
        is_root = name in wanted
        if BINDINGS.search(name) or not (permissive(licence) or wanted.get(name, {}).get("heldout")):
            continue
        yield {**wanted.get(name, {}), "eco": "crate", "name": name, "licence": licence,
               "version": str(table["version"]), "langs": ["rust"], "root": is_root}, [crate]


def jar_name(package):
    kind = package.get("kind", "sources")
    return f"{package['name'].split(':')[1]}-{package['version']}-{kind}.jar"


def from_maven(packages, cache):
    """One `mvn dependency:copy` for all sources jars: (package, sources) of those that arrived."""
    folder = cache / "maven"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [p for p in packages if not (folder / jar_name(p)).exists()]
    for _ in range(12):   # each round leaves out what the last one could not find
        if not missing:
            break
        items = "".join(
            "<artifactItem><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>"
            "<type>jar</type><classifier>%s</classifier></artifactItem>"
            % (*p["name"].split(":"), p["version"], p.get("kind", "sources")) for p in missing)
        (folder / "pom.xml").write_text(
            "<project><modelVersion>4.0.0</modelVersion><groupId>x</groupId>"
            "<artifactId>x</artifactId><version>1</version><packaging>pom</packaging>"
            "<build><plugins><plugin><groupId>org.apache.maven.plugins</groupId>"
            "<artifactId>maven-dependency-plugin</artifactId><version>3.6.1</version>"
            f"<configuration><outputDirectory>{folder}</outputDirectory>"
            f"<artifactItems>{items}</artifactItems></configuration>"
            "</plugin></plugins></build></project>")
        output = run(["mvn", "-B", "-q", "dependency:copy"], cwd=folder, check=False)
        absent = set(re.findall(r"artifact\.? ([\w.-]+:[\w.-]+):jar:([\w-]+):", output))
        if not absent:
            break
        missing = [p for p in missing if (p["name"], p.get("kind", "sources")) not in absent
                   and not (folder / jar_name(p)).exists()]
    for package in packages:
        path = folder / jar_name(package)
        yield ({**package, "langs": ["java"]}, [path] if path.exists() else None)


SINGLE = {"pypi": from_pypi, "npm": from_npm, "go": from_go, "apt": from_apt}
