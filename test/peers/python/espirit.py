"""Coil sensitivities by SigPy, in the phase convention of the comparison."""
import numpy as np
import sigpy
import sigpy.mri

from arrays import read_arrays


class EspiritTask:
    def __init__(self, arrays, settings):
        shape = [settings[name] for name in ("coils", "rows", "columns")]
        self.kspace = arrays["kspace"].view(np.complex64).reshape(shape)
        self.object = arrays["object"].reshape(shape[1:])
        self.reference = arrays["reference-re"] + 1j * arrays["reference-im"]

    def maps(self):
        app = sigpy.mri.app.EspiritCalib(
            self.kspace, calib_width=24, thresh=0.001**0.5, kernel_width=6, crop=0, show_pbar=False
        )
        return app.run()

    def answer(self):
        maps = self.maps()
        projection = np.tensordot(self.reference.conj(), maps, 1)
        maps = maps * np.exp(-1j * np.angle(projection))
        maps = np.ascontiguousarray(maps * self.object, np.complex64)
        return {"maps": maps.view(np.float32).reshape(-1)}

    def run(self):
        for _ in range(2):
            self.maps()


def espirit(path, settings):
    return EspiritTask(read_arrays(path), settings), {"version": f"SigPy {sigpy.__version__}", "note": "NumPy, one slice after the other"}
