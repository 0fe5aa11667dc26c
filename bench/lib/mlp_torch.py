"""Worker: the MLP step in PyTorch. Requests and answers are JSON lines, as in bench/workers/serve.ts."""
import json
import math
import resource
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

WIDTHS = [784, 256, 128, 10]
BATCH_SIZE = 128
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


class Training:
    def __init__(self):
        layers = []
        for i in range(3):
            layer = nn.Linear(WIDTHS[i], WIDTHS[i + 1])
            with torch.no_grad():
                layer.weight.copy_(uniform((WIDTHS[i], WIDTHS[i + 1]), 1000 + i, 1 / math.sqrt(WIDTHS[i])).T)
                layer.bias.zero_()
            layers += [layer, nn.ReLU()]
        self.last = layers[-2]
        self.model = nn.Sequential(*layers[:-1])
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3)
        self.batches = []
        for i in range(BATCH_COUNT):
            targets = (hashed(BATCH_SIZE, 51 + i) % np.uint32(10)).astype(np.int64)
            self.batches.append((uniform((BATCH_SIZE, 784), 1 + i, 1.0), torch.from_numpy(targets)))
        self.count = 0

    def step(self):
        inputs, targets = self.batches[self.count % BATCH_COUNT]
        self.count += 1
        self.optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(self.model(inputs), targets)
        loss.backward()
        self.optimizer.step()
        return loss.item()


def run(training, seconds):
    start, steps, elapsed = time.perf_counter(), 0, 0.0
    while elapsed < seconds:
        training.step()
        steps += 1
        elapsed = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"steps": steps, "seconds": elapsed, "memoryMiB": memory}


def check(steps):
    training = Training()
    losses = [training.step() for _ in range(steps)]
    return {"losses": losses, "weights": training.last.weight.detach().T.contiguous().numpy().ravel().tolist()}


torch.set_num_threads(int(sys.argv[1]))
running = Training()
for line in sys.stdin:
    request = json.loads(line)
    if "seconds" in request:
        answer = run(running, request["seconds"])
    elif "checkSteps" in request:
        answer = check(request["checkSteps"])
    print(json.dumps(answer), flush=True)
