"""Small files as NumPy writes them: every element type, order and version of npy, and each way of packing an npz."""
import os

import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "interchange")
NUMBERS = np.array([[1.5, -2.0, 0.25], [3.0, 0.0, -0.5]])
ARRAYS = {
    "float64": NUMBERS,
    "float32": NUMBERS.astype(np.float32),
    "float16": NUMBERS.astype(np.float16),
    "big": NUMBERS.astype(">f4"),
    "bigInt": np.array([1, -2, 2**31 - 1], ">i4"),
    "int64": np.array([2**31 - 1, -(2**31)]),
    "int32": np.array(7, np.int32),
    "int8": np.array([-128, 127], np.int8),
    "uint16": np.array([0, 65535], np.uint16),
    "bool": np.array([True, False]),
    "fortran": np.asfortranarray(np.arange(24, dtype=np.int32).reshape(2, 3, 4)),
    "ünï/code": np.ones((1, 1), np.float32),
}


class Pipe:
    """A file that cannot go back, so that sizes and checksums come behind the bytes."""

    def __init__(self, path):
        self.file = open(path, "wb")

    def write(self, data):
        return self.file.write(data)

    def read(self, *_):
        """numpy.savez takes for a file what has this."""
        raise OSError("only for writing")

    def flush(self):
        self.file.flush()


def path(name):
    return os.path.join(FOLDER, name)


def save(name, array, version=None):
    with open(path(name), "wb") as file:
        np.lib.format.write_array(file, array, version=version)


save("float32.npy", ARRAYS["float32"])
save("bool.npy", ARRAYS["bool"])
save("fortran-big.npy", np.asfortranarray(NUMBERS.astype(">f8")))
save("version-2.npy", ARRAYS["int32"], (2, 0))
save("version-3.npy", ARRAYS["float64"], (3, 0))
save("objects.npy", np.array([{"a": 1}, None], dtype=object))
save("records.npy", np.zeros(2, [("a", "<f4"), ("b", "<i4")]))
save("complex.npy", np.zeros(2, np.complex64))
np.savez(path("stored.npz"), **ARRAYS)
np.savez_compressed(path("deflated.npz"), zeros=np.zeros((200, 300)), **ARRAYS)
np.savez(path("objects.npz"), a=NUMBERS, b=np.array([{"a": 1}], dtype=object))
pipe = Pipe(path("streamed.npz"))
np.savez_compressed(pipe, **ARRAYS)
pipe.file.close()
