"""What the golden scripts share: inputs from an integer hash that TypeScript repeats exactly, and the header of each file."""
import json
import os
import subprocess
import sys

import numpy as np
import torch

M32 = 0xFFFFFFFF


def bits(count, seed):
    """32 hashed bits per index: tests/support/hash.ts computes the same integers."""
    with np.errstate(over="ignore"):
        x = np.arange(count, dtype=np.uint32) * np.uint32(2654435761)
        x += np.uint32((seed * 0x9E3779B9) & M32)
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x85EBCA6B)
        x ^= x >> np.uint32(13)
        x *= np.uint32(0xC2B2AE35)
        x ^= x >> np.uint32(16)
    return x


def uniform(shape, seed, low=-1.0, high=1.0):
    """float64 numbers in low..high"""
    unit = bits(int(np.prod(shape)), seed) / 4294967296.0
    return torch.from_numpy((unit * (high - low) + low).reshape(shape))


def classes(count, seed, num_classes):
    return torch.from_numpy((bits(count, seed) % np.uint32(num_classes)).astype(np.int64))


def numbers(tensor):
    return tensor.detach().numpy().ravel().tolist()


def write(script, cases):
    """One JSON file beside the script, one case a line."""
    name = os.path.basename(script)
    header = {
        "program": "PyTorch",
        "version": torch.__version__,
        "package": subprocess.check_output(["dpkg-query", "--show", "python3-torch"], text=True).strip().replace("\t", " "),
        "command": "/usr/bin/python3 tests/golden/" + name,
        "dtype": "float64",
    }
    path = os.path.splitext(os.path.abspath(script))[0] + ".json"
    lines = ",\n".join("    %s: %s" % (json.dumps(key), json.dumps(value)) for key, value in cases.items())
    with open(path, "w", encoding="utf-8") as file:
        file.write('{\n  "header": %s,\n  "cases": {\n%s\n  }\n}\n' % (json.dumps(header), lines))
    size = os.path.getsize(path)
    print(path, size, "bytes", file=sys.stderr)
    assert size < 50_000, "a golden file stays under 50 kB"
