"""The parts of the networks in PyTorch, from weights that have Isochromat's names and layouts.

Weights arrive with kernels as [rows, columns, in, out] and matrices as [in, out], images as [batch, rows, columns, channels]; here they
are PyTorch's own layouts, and `channels_last` decides how images and kernels lie in memory.
"""
import math
import os

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
WEIGHT = "weight:"


class Parameters:
    """Weights by name. Counts what is used: a network that leaves one out is not the network that it is compared with."""

    def __init__(self, arrays, memory_format):
        self.memory_format = memory_format
        self.tensors = {}
        self.used = set()
        for name, array in arrays.items():
            if name.startswith(WEIGHT):
                tensor = torch.from_numpy(array.copy())
                if tensor.ndim == 4:
                    tensor = tensor.permute(3, 2, 0, 1).contiguous(memory_format=memory_format)
                elif name.endswith(".weight"):
                    tensor = tensor.t().contiguous()
                self.tensors[name[len(WEIGHT) :]] = tensor.requires_grad_()

    def __getitem__(self, name):
        self.used.add(name)
        return self.tensors[name]

    def require_all_used(self):
        unused = self.tensors.keys() - self.used
        if unused:
            raise ValueError(f"{len(unused)} weights were not used, {sorted(unused)[0]} among them")

    def gradients(self):
        """In the layouts that they came in."""
        out = {}
        for name, tensor in self.tensors.items():
            gradient = tensor.grad
            if tensor.ndim == 4:
                gradient = gradient.permute(2, 3, 1, 0)
            elif name.endswith(".weight"):
                gradient = gradient.t()
            out[f"gradient:{name}"] = gradient.numpy()
        return out


def images(array, memory_format):
    """[batch, rows, columns, channels] to PyTorch's order of axes."""
    return torch.from_numpy(np.array(array)).permute(0, 3, 1, 2).contiguous(memory_format=memory_format)


def convolution(p, name, x, stride=1):
    kernel = p[f"{name}.kernel"]
    return F.conv2d(x, kernel, p[f"{name}.bias"], stride, padding=kernel.shape[-1] // 2)


def linear(p, name, x):
    return F.linear(x, p[f"{name}.weight"], p[f"{name}.bias"])


def groups_of(channels):
    groups = min(32, channels // 4)
    return groups if groups > 0 and channels % 4 == 0 and channels % groups == 0 else 1


def group_norm(p, name, x):
    return F.group_norm(x, groups_of(x.shape[1]), p[f"{name}.gamma"], p[f"{name}.beta"])


def residual_block(p, name, x, embedding):
    h = convolution(p, f"{name}.conv1", F.silu(group_norm(p, f"{name}.norm1", x)))
    scale, shift = linear(p, f"{name}.film", embedding)[:, :, None, None].chunk(2, 1)
    h = torch.addcmul(shift, group_norm(p, f"{name}.norm2", h), scale + 1)
    h = convolution(p, f"{name}.conv2", F.silu(h))
    return h + (x if x.shape[1] == h.shape[1] else convolution(p, f"{name}.skip", x))


def attention_block(p, name, x, head_channels):
    batch, channels, rows, columns = x.shape
    tokens = group_norm(p, f"{name}.norm", x).flatten(2).transpose(1, 2)
    heads = max(1, channels // head_channels)
    split = [t.unflatten(2, (heads, -1)).transpose(1, 2) for t in linear(p, f"{name}.qkv", tokens).chunk(3, 2)]
    attended = F.scaled_dot_product_attention(*split).transpose(1, 2).flatten(2)
    return x + linear(p, f"{name}.projection", attended).transpose(1, 2).reshape(batch, channels, rows, columns)


def upsampled_convolution(p, name, x):
    return convolution(p, name, F.interpolate(x, scale_factor=2, mode="nearest"))


def sinusoids(time, features):
    half = features // 2
    angles = 1000 * time.double()[:, None] * 10_000.0 ** (-torch.arange(half, dtype=torch.float64) / half)
    return torch.cat([angles.cos(), angles.sin()], 1).float()
