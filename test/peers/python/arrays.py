"""Named arrays in safetensors files: eight bytes of header length, a JSON header, the data."""
import json
import struct

import numpy as np

DTYPES = {"F32": np.float32, "I32": np.int32}


def read_arrays(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__", None)
    arrays = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        arrays[name] = np.frombuffer(data[begin:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return arrays


def write_arrays(path, arrays):
    header, blocks, end = {}, [], 0
    for name, array in arrays.items():
        block = np.ascontiguousarray(array, np.float32)
        begin, end = end, end + block.nbytes
        header[name] = {"dtype": "F32", "shape": list(block.shape), "data_offsets": [begin, end]}
        blocks.append(block)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for block in blocks:
            file.write(block.tobytes())
