"""The sequence-conditioned autoencoder (main/models/cvae.ts) and its training step."""
import torch
import torch.nn.functional as F

from arrays import read_arrays
from network import convolution, group_norm, images, residual_block, upsampled_convolution
from training import TrainingTask


def encode(architecture, p, patches, condition):
    h = convolution(p, "encoder.in", patches)
    for level, count in enumerate(architecture["encoderBlocks"]):
        if level > 0:
            h = convolution(p, f"encoder.down{level}", h, 2)
        for b in range(count):
            h = residual_block(p, f"encoder.block{level}.{b}", h, condition)
    h = convolution(p, "encoder.out", F.silu(group_norm(p, "encoder.norm", h)))
    mean, log_variance = h.chunk(2, 1)
    return mean, log_variance.clamp(-20, 10)


def decode(architecture, p, latents, condition):
    top = len(architecture["channels"]) - 1
    h = convolution(p, "decoder.in", latents)
    for level in reversed(range(top + 1)):
        if level < top:
            h = upsampled_convolution(p, f"decoder.up{level}", h)
        for b in range(architecture["decoderBlocks"][level]):
            h = residual_block(p, f"decoder.block{level}.{b}", h, condition)
    return convolution(p, "decoder.out", F.silu(group_norm(p, "decoder.norm", h)))


def autoencoder_training(path, settings):
    arrays, architecture, training = read_arrays(path), settings["architecture"], settings["training"]
    sequence = torch.from_numpy(arrays["sequence"].copy()).long()
    patches = images(arrays["patches"], torch.contiguous_format)
    fixed_noise = images(arrays["noise"], torch.contiguous_format)

    def loss(p, noise):
        x = patches.contiguous(memory_format=p.memory_format)
        condition = p["sequence"][sequence]
        mean, log_variance = encode(architecture, p, x, condition)
        latents = mean + torch.exp(0.5 * log_variance) * noise
        d = decode(architecture, p, latents, condition) - x
        steps = (d[:, :, 1:] - d[:, :, :-1]).abs().mean() + (d[:, :, :, 1:] - d[:, :, :, :-1]).abs().mean()
        divergence = 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).mean()
        return d.abs().mean() + training["gradientWeight"] * steps + training["klWeight"] * divergence

    task = TrainingTask(
        arrays, settings, lambda p: loss(p, fixed_noise), lambda p: loss(p, torch.randn_like(fixed_noise))
    )
    return task, task.reply()
