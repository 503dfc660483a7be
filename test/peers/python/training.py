"""One training step as PyTorch users write it: eager mode, fused AdamW, foreach clipping and moving average."""
import time

import torch

from network import Parameters

STEPS = 3
LAYOUTS = [torch.channels_last, torch.contiguous_format]


class Trainer:
    def __init__(self, arrays, memory_format, settings):
        self.parameters = Parameters(arrays, memory_format)
        self.settings = settings
        tensors = list(self.parameters.tensors.values())
        matrices = [t for t in tensors if t.ndim >= 2]
        vectors = [t for t in tensors if t.ndim < 2]
        groups = [{"params": matrices, "weight_decay": settings["weightDecay"]}, {"params": vectors, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=settings["learningRate"], eps=1e-8, fused=True)
        self.tensors = tensors
        self.ema = [t.detach().clone() for t in tensors]
        self.steps = 0

    def step(self, loss_of):
        self.optimiser.zero_grad(set_to_none=True)
        loss = loss_of(self.parameters)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.tensors, self.settings["clipNorm"], foreach=True)
        self.optimiser.step()
        decay = min(self.settings["emaDecay"], (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            torch._foreach_lerp_(self.ema, self.tensors, 1 - decay)
        self.steps += 1
        return loss.item()


def training_answer(arrays, settings, fixed_loss):
    trainer = Trainer(arrays, torch.contiguous_format, settings)
    loss = fixed_loss(trainer.parameters)
    loss.backward()
    trainer.parameters.require_all_used()
    answer = {"loss": [loss.item()], **trainer.parameters.gradients()}
    answer["losses"] = [trainer.step(fixed_loss) for _ in range(STEPS)]
    return answer


def faster_layout(run_in):
    """The memory layout of images in which the work is faster on this machine: a peer is compared at its best."""
    best = {}
    for layout in LAYOUTS:
        run = run_in(layout)
        run()
        best[layout] = float("inf")
        for _ in range(2):
            started = time.perf_counter()
            run()
            best[layout] = min(best[layout], time.perf_counter() - started)
    return min(best, key=best.get)


class TrainingTask:
    """`fixed_loss` and `drawn_loss` take parameters; the second draws its own batch, as training does."""

    def __init__(self, arrays, settings, fixed_loss, drawn_loss):
        self.fixed = lambda: training_answer(arrays, settings["training"], fixed_loss)
        self.drawn_loss = drawn_loss

        def run_in(layout):
            trainer = Trainer(arrays, layout, settings["training"])
            return lambda: trainer.step(drawn_loss)

        self.layout = faster_layout(run_in)
        self.trainer = Trainer(arrays, self.layout, settings["training"])

    def answer(self):
        return self.fixed()

    def run(self):
        self.trainer.step(self.drawn_loss)

    def reply(self):
        return reply(self.layout)


def reply(layout):
    name = "channels last" if layout is torch.channels_last else "channels first"
    return {"version": f"PyTorch {torch.__version__}", "note": f"eager, {torch.get_num_threads()} threads, {name}"}
