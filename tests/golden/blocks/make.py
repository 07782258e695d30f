#!/usr/bin/env python3
"""Write random blocks of every number format and the values that the package `gguf` reads from them.

    make.py        rewrites *.blocks and *.f32 beside this script (python packages: numpy, gguf)

NAME.blocks  whole blocks, one after the other, as a tensor of a GGUF file holds them
NAME.f32     their values, f32, little endian: gguf.quants.dequantize of NAME.blocks

The bits of a block are random, so every bit of the layout counts. Its scales (f16) are chosen: zero,
both signs, the least and greatest subnormal and normal, then random signs, exponents and fractions.
Infinity and not-a-number are no scales, since infinity times zero has no value to compare. F16 and
BF16, which have no scales, hold such numbers as values, and infinity as well.
"""
from pathlib import Path

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize

HERE = Path(__file__).resolve().parent
SEED = 20261129

# Bytes at which a block holds its f16 scales.
SCALES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
          "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}

# f16: 0, -0, least and greatest subnormal, least normal, 1, greatest; then the same below zero.
F16_CORNERS = [0x0000, 0x8000, 0x0001, 0x03FF, 0x0400, 0x3C00, 0x7BFF,
               0x8001, 0x83FF, 0x8400, 0xBC00, 0xFBFF]
BF16_CORNERS = [0x0000, 0x8000, 0x0001, 0x007F, 0x0080, 0x3F80, 0x7F7F,
                0x8001, 0x807F, 0x8080, 0xBF80, 0xFF7F]


def random_floats(rng, n, corners, fraction_bits, exponents):
    """Bit patterns of n finite numbers, the corners first, in 16 bits."""
    sign = rng.integers(0, 2, n) << 15
    exponent = rng.integers(0, exponents, n) << fraction_bits   # 0: subnormal
    bits = (sign | exponent | rng.integers(0, 1 << fraction_bits, n)).astype(np.uint16)
    bits[:len(corners)] = corners
    return bits


def random_blocks(rng, name, n_blocks, block_bytes):
    blocks = rng.integers(0, 256, (n_blocks, block_bytes), dtype=np.uint8)
    blocks[-2], blocks[-1] = 0x00, 0xFF   # the least and the greatest of every small integer
    for place in SCALES[name]:
        scales = random_floats(rng, n_blocks, F16_CORNERS, 10, 31)
        scales[-2:] = rng.integers(0x3400, 0x3800, 2)   # 0.25 to 0.5
        # In one order for the first scale and another for the second: all pairs cannot be had.
        scales[:-2] = rng.permutation(scales[:-2])
        blocks[:, place:place + 2] = scales.astype("<u2").view(np.uint8).reshape(-1, 2)
    return blocks


def made(name):
    kind = GGMLQuantizationType[name]
    rng = np.random.default_rng([SEED, int(kind)])
    values, block_bytes = GGML_QUANT_SIZES[kind]
    if name == "F16":
        return random_floats(rng, 1000, F16_CORNERS + [0x7C00, 0xFC00], 10, 31)
    if name == "BF16":
        return random_floats(rng, 1000, BF16_CORNERS + [0x7F80, 0xFF80], 7, 255)
    return random_blocks(rng, name, 64 if values == 32 else 20, block_bytes)


def write(name):
    stored = np.frombuffer(made(name).astype("<u2" if name in ("F16", "BF16") else np.uint8).tobytes(),
                           dtype=np.uint8)
    read = dequantize(stored, GGMLQuantizationType[name]).astype("<f4", copy=False)
    assert not np.isnan(read).any(), name
    (HERE / f"{name}.blocks").write_bytes(stored.tobytes())
    (HERE / f"{name}.f32").write_bytes(read.tobytes())
    print(f"{name:5} {stored.size:6} bytes -> {read.size:5} values, {np.unique(read).size} of them unlike")


if __name__ == "__main__":
    for one in ["F16", "BF16", *SCALES]:
        write(one)
