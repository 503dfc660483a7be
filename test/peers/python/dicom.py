"""Every pixel of some DICOM files, as pydicom reads them with its usual decoders."""
import numpy as np
import pydicom


class DicomTask:
    def __init__(self, files):
        self.files = files

    def sums(self):
        return [int(pydicom.dcmread(path).pixel_array.sum(dtype=np.int64)) for path in self.files]

    def answer(self):
        return {"sums": np.array(self.sums(), np.float64).astype(np.float32)}

    def run(self):
        self.sums()


def read_dicom(_path, settings):
    return DicomTask(settings["files"]), {"version": f"pydicom {pydicom.__version__}"}
