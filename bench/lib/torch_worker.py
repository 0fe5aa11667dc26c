"""Worker: a workload in PyTorch. Parameters: workload, threads. Requests and answers are JSON lines, as in bench/workers/serve.ts."""
import json
import math
import resource
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

BATCH_COUNT = 8


def hashed(count, seed):
    with np.errstate(over="ignore"):
        x = np.arange(count, dtype=np.uint32) * np.uint32(2654435761)
        x += np.uint32((seed * 0x9E3779B9) & 0xFFFFFFFF)
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x85EBCA6B)
        x ^= x >> np.uint32(13)
        x *= np.uint32(0xC2B2AE35)
        x ^= x >> np.uint32(16)
    return x


def uniform(shape, seed, bound):
    unit = hashed(int(np.prod(shape)), seed) / 4294967296.0
    return torch.from_numpy(((unit * 2 - 1) * bound).astype(np.float32).reshape(shape))


def classes(shape, seed, num_classes):
    return torch.from_numpy((hashed(int(np.prod(shape)), seed) % np.uint32(num_classes)).astype(np.int64).reshape(shape))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(64, 64)
        self.lstm = nn.LSTM(64, 128, batch_first=True)
        self.head = nn.Linear(128, 64)
        # gradlab has one bias where PyTorch has two: the second stays 0.
        self.lstm.bias_hh_l0.requires_grad_(False).zero_()

    def forward(self, x):
        return self.head(self.lstm(self.table(x))[0].flatten(0, 1))

    def first(self):
        lstm = self.lstm
        return [self.table.weight, lstm.weight_ih_l0.T, lstm.weight_hh_l0.T, lstm.bias_ih_l0, self.head.weight.T, self.head.bias]


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(128), nn.LayerNorm(128)
        self.attention = nn.MultiheadAttention(128, 4, batch_first=True)
        self.wide, self.narrow = nn.Linear(128, 512), nn.Linear(512, 128)
        self.head = nn.Linear(128, 64)
        self.mask = torch.triu(torch.ones(64, 64, dtype=torch.bool), 1)

    def forward(self, x):
        n = self.norm1(x)
        x = x + self.attention(n, n, n, attn_mask=self.mask, need_weights=False)[0]
        x = x + self.narrow(F.gelu(self.wide(self.norm2(x))))
        return self.head(x.flatten(0, 1))

    def first(self):
        a = self.attention
        return [
            *self.norm1.parameters(),
            a.in_proj_weight.T, a.in_proj_bias, a.out_proj.weight.T, a.out_proj.bias,
            *self.norm2.parameters(),
            self.wide.weight.T, self.wide.bias, self.narrow.weight.T, self.narrow.bias,
            self.head.weight.T, self.head.bias,
        ]


def block(inputs, outputs):
    return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]


def adam(parameters):
    return torch.optim.Adam(parameters, lr=1e-3)


WORKLOADS = {
    "mlp": (
        lambda: nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)),
        adam,
        lambda seed: uniform((128, 784), 1 + seed, 1.0),
        (128, 10),
    ),
    "lenet": (
        lambda: nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)
        ),
        lambda parameters: torch.optim.SGD(parameters, lr=0.01, momentum=0.9),
        lambda seed: uniform((64, 1, 28, 28), 1 + seed, 1.0),
        (64, 10),
    ),
    "lstm": (Recurrent, adam, lambda seed: classes((32, 50), 1 + seed, 64), (32 * 50, 64)),
    "convnet": (
        lambda: nn.Sequential(
            *block(3, 32), *block(32, 32), nn.MaxPool2d(2), *block(32, 64), *block(64, 64),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)
        ),
        adam,
        lambda seed: uniform((32, 3, 32, 32), 1 + seed, 1.0),
        (32, 10),
    ),
    "transformer": (
        Transformer,
        lambda parameters: torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0.01),
        lambda seed: uniform((16, 64, 128), 1 + seed, 1.0),
        (16 * 64, 64),
    ),
}


def matmul():
    a, b = uniform((1024, 1024), 1, 1.0), uniform((1024, 1024), 2, 1.0)
    return lambda: [a @ b]


def convolution():
    x, weight = uniform((8, 64, 56, 56), 1, 1.0), uniform((64, 64, 3, 3), 2, 0.1)
    return lambda: [F.conv2d(x, weight, padding=1)]


def convolution_gradients():
    x, weight = uniform((8, 64, 56, 56), 1, 1.0).requires_grad_(), uniform((64, 64, 3, 3), 2, 0.1).requires_grad_()
    grad_output = uniform((8, 64, 56, 56), 3, 1.0)

    def compute():
        x.grad = weight.grad = None
        y = F.conv2d(x, weight, padding=1)
        y.backward(grad_output)
        return [y.detach(), x.grad, weight.grad]

    return compute


OPERATIONS = {"matmul": matmul, "conv": convolution, "convgrad": convolution_gradients}


def first_tensors(model):
    """The parameters in gradlab's order and layout: linear weights as [in, out]."""
    if hasattr(model, "first"):
        return model.first()
    return [p.T if p.dim() == 2 else p for p in model.parameters()]


class Training:
    def __init__(self, name):
        make_model, make_optimizer, make_inputs, (count, num_classes) = WORKLOADS[name]
        self.model = make_model()
        with torch.no_grad():
            for index, tensor in enumerate(first_tensors(self.model)):
                shape = tuple(tensor.shape)
                if len(shape) == 1:
                    if not torch.all(tensor == 1):
                        tensor.zero_()
                    continue
                fan_in = shape[0] if len(shape) == 2 else int(np.prod(shape[1:]))
                tensor.copy_(uniform(shape, 1000 + index, 1 / math.sqrt(fan_in)))
        self.optimizer = make_optimizer([p for p in self.model.parameters() if p.requires_grad])
        self.batches = [(make_inputs(seed), classes((count,), 51 + seed, num_classes)) for seed in range(BATCH_COUNT)]
        self.count = 0

    def step(self):
        inputs, targets = self.batches[self.count % BATCH_COUNT]
        self.count += 1
        self.optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(self.model(inputs), targets)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def weights(self):
        return first_tensors(self.model)[-2].detach().contiguous().numpy().ravel().tolist()


class Operation:
    """One operation; of its results the first four numbers along every axis are read."""

    def __init__(self, name):
        self.compute = OPERATIONS[name]()
        self.corner = []

    def step(self):
        results = self.compute()
        corners = [r[tuple(slice(0, 4) for _ in r.shape)].flatten() for r in results]
        self.corner = torch.cat(corners).tolist()
        return self.corner[0]

    def weights(self):
        return self.corner


def make(name):
    return Operation(name) if name in OPERATIONS else Training(name)


def run(training, seconds):
    start, steps, elapsed = time.perf_counter(), 0, 0.0
    while elapsed < seconds:
        training.step()
        steps += 1
        elapsed = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"steps": steps, "seconds": elapsed, "memoryMiB": memory}


def check(training, steps):
    losses = [training.step() for _ in range(steps)]
    return {"losses": losses, "weights": training.weights()}


name, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
running = None
for line in sys.stdin:
    request = json.loads(line)
    if "seconds" in request:
        running = running or make(name)
        answer = run(running, request["seconds"])
    elif "checkSteps" in request:
        running = make(name)
        answer = check(running, request["checkSteps"])
    print(json.dumps(answer), flush=True)
