"""Two small files of the reference implementation of safetensors: one with every element type that gradlab reads, one with those that it writes."""
import os

import numpy as np
from safetensors import TensorSpec, serialize_file

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "interchange")
ARRAYS = {
    "float64": np.array([[0.1, -1e300], [0.0, 5e-324]], np.float64),
    "float32": np.array([0.1, -0.0, np.inf], np.float32),
    "float16": np.array([1, -2, 65504, 2.0**-24, 0.1, -np.inf], np.float16),
    "int64": np.array([2**31 - 1, -(2**31)], np.int64),
    "int32": np.array(7, np.int32),
    "int16": np.array([-32768, 32767], np.int16),
    "int8": np.array([-128, 127], np.int8),
    "uint8": np.array([0, 255], np.uint8),
    "bool": np.array([True, False]),
}


# NumPy has no bfloat16: the upper halves of float32 numbers.
HALVES = (np.array([1, -2, 0.10009765625], np.float32).view(np.uint32) >> 16).astype(np.uint16)


def spec(array, dtype):
    return TensorSpec(dtype=dtype, shape=array.shape, data_ptr=array.ctypes.data, data_len=array.nbytes)


def save(name, specs):
    serialize_file(specs, os.path.join(FOLDER, name), {"format": "pt"})


specs = {name: spec(array, array.dtype.name) for name, array in ARRAYS.items()}
save("reference.safetensors", {**specs, "bfloat16": spec(HALVES, "bfloat16")})
save("four-types.safetensors", {name: specs[name] for name in ["float64", "float32", "int32", "bool"]})
