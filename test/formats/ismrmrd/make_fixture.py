"""Writes interleaved_partial_fourier.h5 with the ISMRMRD project's own Python package (pip install ismrmrd h5py).

A scan of 3 slices, 2 coils, 16 samples x 12 lines, of which lines -4 .. 5 around the centre were measured (partial
Fourier): slices interleaved, numbered against their positions; the centre line measured twice; odd lines read backwards;
an asymmetric echo without its first 2 samples; 2 discarded samples at the end; noise, navigator, separate calibration and
another encoding in between. The sample of slice p (by position), coil c, row r, column k is
    1000 (p + 1) + 100 c + r  +  i (k + 1).
"""
import sys
import numpy as np
import ismrmrd

ROWS, COLUMNS, COILS, SLICES = 16, 12, 2, 3
CENTER = 4  # the scanner's number of the centre line
HEADER = f"""<?xml version="1.0"?>
<ismrmrdHeader xmlns="http://www.ismrm.org/ISMRMRD">
<experimentalConditions><H1resonanceFrequency_Hz>123200000</H1resonanceFrequency_Hz></experimentalConditions>
<encoding>
<encodedSpace><matrixSize><x>{ROWS}</x><y>{COLUMNS}</y><z>1</z></matrixSize>
<fieldOfView_mm><x>440</x><y>240</y><z>5</z></fieldOfView_mm></encodedSpace>
<reconSpace><matrixSize><x>32</x><y>32</y><z>1</z></matrixSize>
<fieldOfView_mm><x>220</x><y>220</y><z>5</z></fieldOfView_mm></reconSpace>
<encodingLimits><kspace_encoding_step_1><minimum>0</minimum><maximum>9</maximum><center>{CENTER}</center></kspace_encoding_step_1></encodingLimits>
<trajectory>cartesian</trajectory>
<parallelImaging><accelerationFactor><kspace_encoding_step_1>1</kspace_encoding_step_1><kspace_encoding_step_2>1</kspace_encoding_step_2></accelerationFactor><calibrationMode>separate</calibrationMode></parallelImaging>
</encoding>
<sequenceParameters><TR>500</TR><TE>10</TE></sequenceParameters>
</ismrmrdHeader>"""


def readout(position, column, extra=0.0):
    rows = np.arange(2, ROWS)  # the first two samples of the echo are missing
    values = np.stack([1000 * (position + 1) + 100 * c + rows + extra + 1j * (column + 1) for c in range(COILS)])
    return np.concatenate([values, np.full((COILS, 2), 777)], axis=1).astype(np.complex64)


def acquisition(data, flags=(), **index):
    acq = ismrmrd.Acquisition.from_array(np.ascontiguousarray(data))
    acq.center_sample = ROWS // 2 - 2
    acq.discard_post = 2
    acq.slice_dir[:] = (0, 0, 1)
    for flag in flags:
        acq.set_flag(flag)
    for name, value in index.items():
        setattr(acq.idx, name, value)
    return acq


def write(path):
    out = ismrmrd.Dataset(path, "dataset", create_if_needed=True)
    out.write_xml_header(HEADER.encode())
    out.append_acquisition(acquisition(np.full((COILS, 8), 5, np.complex64), [ismrmrd.ACQ_IS_NOISE_MEASUREMENT]))
    for line in range(10):
        out.append_acquisition(acquisition(readout(9, 9), [ismrmrd.ACQ_IS_NAVIGATION_DATA]))
        for number in (0, 2, 1):  # interleaved
            position = SLICES - 1 - number
            column = COLUMNS // 2 - CENTER + line
            for average, extra in enumerate((0.5, -0.5) if line == CENTER else (0.0,)):
                data, flags = readout(position, column, extra), []
                acq = acquisition(data, flags, slice=number, kspace_encode_step_1=line, average=average)
                if line % 2:
                    # Backwards: what was discarded last is stored first.
                    acq = acquisition(data[:, ::-1], [ismrmrd.ACQ_IS_REVERSE], slice=number, kspace_encode_step_1=line)
                    acq.center_sample = data.shape[1] - 1 - acq.center_sample
                    acq.discard_pre, acq.discard_post = 2, 0
                acq.position[:] = (0, 0, 6.0 * position)
                out.append_acquisition(acq)
    out.append_acquisition(acquisition(readout(8, 8), [ismrmrd.ACQ_IS_PARALLEL_CALIBRATION], kspace_encode_step_1=4))
    other = acquisition(readout(7, 7))
    other.encoding_space_ref = 1
    out.append_acquisition(other)
    out.close()


write(sys.argv[1])
