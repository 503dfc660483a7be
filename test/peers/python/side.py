"""A side of a comparison that runs in Python; what it is asked and answers is in ../protocol.ts."""
import importlib
import json
import resource
import sys
import time

from arrays import write_arrays

TASKS = {
    "autoencoder-training": "autoencoder",
    "convolution": "convolution",
    "flow-sampling": "flow",
    "flow-training": "flow",
    "read-dicom": "dicom",
    "read-slices": "slices",
    "espirit": "espirit",
}


def cpu_seconds():
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in usage)


def main():
    task = None
    for line in sys.stdin:
        try:
            request = json.loads(line)
            reply = {}
            if request["ask"] == "prepare":
                name = request["task"]
                module = importlib.import_module(TASKS[name])
                prepare = getattr(module, name.replace("-", "_"))
                task, reply = prepare(request["input"], request["settings"])
            elif request["ask"] == "answer":
                write_arrays(request["output"], task.answer())
            elif request["ask"] == "run":
                started, before = time.perf_counter(), cpu_seconds()
                for _ in range(request["times"]):
                    task.run()
                reply = {"seconds": time.perf_counter() - started, "cpuSeconds": cpu_seconds() - before}
            elif request["ask"] == "memory":
                reply = {"peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


main()
