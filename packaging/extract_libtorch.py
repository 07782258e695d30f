#!/usr/bin/env python3
"""Takes LibTorch's headers and libraries out of the wheels, into one folder of include/ and lib/.

The wheels hold far more (the Python half, 500 MB of CUDA kernels). What a program that runs on the
CPU needs is a tenth of that; --cuda adds torch's CUDA half.
"""

import argparse
import os
import pathlib
import shutil
import sys
import time
import zipfile

CPU_LIBRARIES = {"libtorch_cpu.so", "libc10.so", "libshm.so"}
CUDA_LIBRARIES = {"libtorch.so", "libtorch_cuda.so", "libtorch_cuda_linalg.so", "libc10_cuda.so",
                  "libtorch_nvshmem.so", "libcaffe2_nvrtc.so"}
NVIDIA_LIBRARIES = ("libcudart.so.", "libcupti.so.")


def place(name: str, cuda: bool) -> str | None:
    """Where an entry of a wheel goes below the target folder; None: it is left out."""
    if name.endswith("/"):
        return None
    if name.startswith("torch/include/"):
        return name.removeprefix("torch/")
    file = name.rsplit("/", 1)[-1]
    if name == f"torch/lib/{file}":
        wanted = CPU_LIBRARIES | (CUDA_LIBRARIES if cuda else set())
        return f"lib/{file}" if file in wanted or file.startswith("libgomp") else None
    if name.startswith("nvidia/") and file.startswith(NVIDIA_LIBRARIES):
        return f"lib/{file}"
    if name.startswith("torch-") and ("/LICENSE" in name or "/NOTICE" in name):
        return f"licences/{file}"
    if name.startswith("nvidia_") and file == "License.txt":
        return "licences/nvidia.txt"  # one text for all of their wheels
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuda", action="store_true")
    parser.add_argument("target", type=pathlib.Path)
    parser.add_argument("wheels", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    for wheel in arguments.wheels:
        taken = 0
        with zipfile.ZipFile(wheel) as archive:
            for entry in archive.infolist():
                where = place(entry.filename, arguments.cuda)
                if where is None:
                    continue
                path = arguments.target / where
                path.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as source, path.open("wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
                # The archive's own time: headers unpacked again must not look newer than what was
                # built from them.
                written = time.mktime((*entry.date_time, 0, 0, -1))
                os.utime(path, (written, written))
                taken += 1
        print(f"   {wheel.name}: {taken} files")
    missing = [file for file in ("include/ATen/ATen.h", "lib/libtorch_cpu.so", "lib/libc10.so",
                                 "lib/libcudart.so.13", "lib/libcupti.so.13",
                                 "licences/nvidia.txt")
               if not (arguments.target / file).exists()]
    if missing:
        print(f"the wheels lack {', '.join(missing)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
