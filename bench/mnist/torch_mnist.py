"""Worker: trains one recipe of bench/mnist/recipes.ts in PyTorch. Parameters: recipe as JSON with its name and the data's folder, threads."""
import json
import math
import resource
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

recipe, threads = json.loads(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(7)

MODELS = {
    "mlp": lambda: nn.Sequential(
        nn.Linear(784, 256), nn.ReLU(), nn.Dropout(0.2),
        nn.Linear(256, 128), nn.ReLU(), nn.Dropout(0.2),
        nn.Linear(128, 10),
    ),
    "convnet": lambda: nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.3), nn.Linear(32 * 7 * 7, 10),
    ),
}


def load(part):
    folder = recipe["folder"]
    images = np.fromfile(f"{folder}/{part}-images", dtype=np.uint8).astype(np.float32) / 255
    labels = np.fromfile(f"{folder}/{part}-labels", dtype=np.uint8).astype(np.int64)
    return torch.from_numpy(images.reshape(-1, *recipe["shape"])), torch.from_numpy(labels)


def train():
    images, labels = load("train")
    model = MODELS[recipe["name"]]()
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe["learningRate"])
    size = recipe["batchSize"]
    steps = math.ceil(len(labels) / size) * recipe["epochs"]
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: (1 + math.cos(math.pi * min(1, t / steps))) / 2)
    start = time.perf_counter()
    for _ in range(recipe["epochs"]):
        order = torch.randperm(len(labels))
        for at in range(0, len(labels), size):
            rows = order[at:at + size]
            loss = F.cross_entropy(model(images[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            loss.item()
    seconds = time.perf_counter() - start
    model.eval()
    images, labels = load("test")
    with torch.no_grad():
        right = sum((model(x).argmax(1) == y).sum().item() for x, y in zip(images.split(1000), labels.split(1000)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "accuracy": right / len(labels), "memoryMiB": memory}


for _ in sys.stdin:
    print(json.dumps(train()), flush=True)
