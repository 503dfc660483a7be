"""One 3×3 convolution, or both its gradients."""
import torch
import torch.nn.functional as F

from arrays import read_arrays
from network import images
from training import faster_layout, reply


class ConvolutionTask:
    def __init__(self, arrays, settings):
        self.arrays, self.settings = arrays, settings
        self.layout = faster_layout(self.in_layout)
        self.compute = self.in_layout(self.layout)

    def in_layout(self, layout):
        shape = [self.settings[name] for name in ("batch", "size", "size", "channels")]
        x = images(self.arrays["x"].reshape(shape), layout)
        dy = images(self.arrays["dy"].reshape(shape), layout)
        channels = self.settings["channels"]
        kernel = torch.from_numpy(self.arrays["kernel"].reshape(3, 3, channels, channels).copy())
        kernel = kernel.permute(3, 2, 0, 1).contiguous(memory_format=layout)

        def gradients():
            # The operation that autograd itself calls.
            return torch.ops.aten.convolution_backward(
                dy, x, kernel, None, [1, 1], [1, 1], [1, 1], False, [0, 0], 1, [True, True, False]
            )

        return gradients if self.settings["gradients"] else lambda: F.conv2d(x, kernel, None, padding=1)

    def answer(self):
        result = self.compute()
        if not self.settings["gradients"]:
            return {"y": result.permute(0, 2, 3, 1).reshape(-1)}
        dx, dW = result[0], result[1]
        return {"dx": dx.permute(0, 2, 3, 1).reshape(-1), "dW": dW.permute(2, 3, 1, 0).reshape(-1)}

    def run(self):
        self.compute()


def convolution(path, settings):
    with torch.no_grad():
        task = ConvolutionTask(read_arrays(path), settings)
    return task, reply(task.layout)
