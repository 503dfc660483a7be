"""The velocity U-Net (main/models/flow-unet.ts), its training step and its sampling."""
import torch
import torch.nn.functional as F

from arrays import read_arrays
from network import (
    Parameters,
    attention_block,
    convolution,
    group_norm,
    images,
    linear,
    residual_block,
    sinusoids,
    upsampled_convolution,
)
from training import TrainingTask, faster_layout, reply


def velocity(architecture, p, x, time, sequence):
    channels, blocks = architecture["channels"], architecture["blocks"]
    features = max(32, channels[0])
    hidden = linear(p, "time2", F.silu(linear(p, "time1", sinusoids(time, features))))
    embedding = F.silu(hidden + p["sequence"][sequence])

    def block(name, h, attends):
        h = residual_block(p, name, h, embedding)
        return attention_block(p, f"{name}.attention", h, architecture["headChannels"]) if attends else h

    def attends(level):
        return architecture["latentSize"] // 2**level in architecture["attention"]

    gaussian = architecture["preconditioning"] == "gaussian"
    t = time[:, None, None, None]
    variance = (1 - t) ** 2 + t**2
    h = convolution(p, "in", x * variance.rsqrt() if gaussian else x)
    skips = [h]
    for level in range(len(channels)):
        for b in range(blocks[level]):
            h = block(f"down{level}.{b}", h, attends(level))
            skips.append(h)
        if level < len(channels) - 1:
            h = convolution(p, f"downsample{level}", h, 2)
            skips.append(h)
    h = block("middle.1", block("middle.0", h, True), False)
    for level in reversed(range(len(channels))):
        for b in range(blocks[level] + 1):
            h = block(f"up{level}.{b}", torch.cat([h, skips.pop()], 1), attends(level))
        if level > 0:
            h = upsampled_convolution(p, f"upsample{level - 1}", h)
    output = convolution(p, "out", F.silu(group_norm(p, "norm", h)))
    return x * ((2 * t - 1) / variance) + output * variance.rsqrt() if gaussian else output


def flow_training(path, settings):
    arrays, architecture = read_arrays(path), settings["architecture"]
    time = torch.from_numpy(arrays["time"].copy())
    sequence = torch.from_numpy(arrays["sequence"].copy()).long()
    density = settings["training"]["timeDensity"]
    batch = len(sequence)

    def fixed_loss(p):
        x, target = images(arrays["x"], p.memory_format), images(arrays["target"], p.memory_format)
        return F.mse_loss(velocity(architecture, p, x, time, sequence), target)

    mean = images(arrays["target"], torch.contiguous_format)
    deviation = mean.abs()

    def drawn_loss(p):
        z = torch.addcmul(mean, deviation, torch.randn_like(mean))
        noise = torch.randn_like(z)
        if density["kind"] == "uniform":
            t = torch.rand(batch)
        else:
            t = torch.sigmoid(density["location"] + density["scale"] * torch.randn(batch))
        x = torch.lerp(noise, z, t[:, None, None, None]).contiguous(memory_format=p.memory_format)
        return F.mse_loss(velocity(architecture, p, x, t, sequence), z - noise)

    task = TrainingTask(arrays, settings, fixed_loss, drawn_loss)
    return task, task.reply()


class SamplingTask:
    def __init__(self, arrays, settings):
        self.arrays, self.settings = arrays, settings
        self.sequence = torch.from_numpy(arrays["sequence"].copy()).long()
        self.layout = faster_layout(lambda layout: self.in_layout(layout)[1])
        self.velocity, self.sample = self.in_layout(self.layout)

    def in_layout(self, layout):
        p = Parameters(self.arrays, layout)
        noise = images(self.arrays["x"], layout)
        h = 1 / self.settings["steps"]

        def at(x, t):
            return velocity(self.settings["architecture"], p, x, t, self.sequence)

        @torch.inference_mode()
        def sample():
            x, ones = noise, torch.ones(len(noise))
            for i in range(self.settings["steps"]):
                v0 = at(x, ones * (i * h))
                v1 = at(x + h * v0, ones * (i * h + h))
                x = x + (h / 2) * (v0 + v1)
            return x

        @torch.inference_mode()
        def once():
            v = at(noise, torch.from_numpy(self.arrays["time"].copy()))
            p.require_all_used()
            return v

        return once, sample

    def answer(self):
        return {name: t().permute(0, 2, 3, 1).numpy() for name, t in (("velocity", self.velocity), ("sample", self.sample))}

    def run(self):
        self.sample()


def flow_sampling(path, settings):
    task = SamplingTask(read_arrays(path), settings)
    return task, reply(task.layout)
