"""The plain files inside of what the package clients deliver: wheels, jars, tarballs, folders."""
import os
import tarfile
import zipfile
from pathlib import Path


def members(path):
    """(name, function that reads the bytes, size) of every plain file, in the archive's order.

    A tarball is a stream: read a member before asking for the next one.
    """
    path = Path(path)
    if path.is_dir():
        for root, folders, files in os.walk(path):
            folders.sort()
            for file in sorted(files):
                member = Path(root) / file
                if not member.is_symlink():
                    yield str(member.relative_to(path)), member.read_bytes, member.stat().st_size
    elif path.suffix in (".whl", ".zip", ".jar"):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    yield info.filename, (lambda i=info: archive.read(i)), info.file_size
    else:
        with tarfile.open(path, "r|*") as archive:
            for info in archive:
                if info.isfile():
                    yield info.name, (lambda i=info: archive.extractfile(i).read()), info.size
