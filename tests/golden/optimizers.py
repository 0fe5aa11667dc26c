"""Weights after 1, 2, 5, 10 and 20 steps; the weight starts as uniform((3, 2), 1), gradient t is uniform((3, 2), 100 + t)."""
import torch

from golden import numbers, uniform, write

KEEP = [1, 2, 5, 10, 20]


def run(make, options):
    weight = torch.nn.Parameter(uniform((3, 2), 1))
    optimizer = make([weight], **options)
    weights = {}
    for t in range(1, 21):
        weight.grad = uniform((3, 2), 100 + t)
        optimizer.step()
        if t in KEEP:
            weights[str(t)] = numbers(weight)
    return {"weights": weights}


SGD, ADAM, ADAMW = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW
cases = {
    "sgd plain": run(SGD, dict(lr=0.1)),
    "sgd weight decay": run(SGD, dict(lr=0.1, weight_decay=0.05)),
    "sgd momentum": run(SGD, dict(lr=0.1, momentum=0.9)),
    "sgd dampening": run(SGD, dict(lr=0.1, momentum=0.9, dampening=0.3)),
    "sgd nesterov": run(SGD, dict(lr=0.1, momentum=0.9, nesterov=True)),
    "sgd nesterov weight decay": run(SGD, dict(lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.05)),
    "adam defaults": run(ADAM, dict(lr=1e-3)),
    "adam other constants": run(ADAM, dict(lr=0.05, betas=(0.7, 0.9), eps=1e-3)),
    "adam weight decay": run(ADAM, dict(lr=0.01, weight_decay=0.1)),
    "adamw defaults": run(ADAMW, dict(lr=1e-3)),
    "adamw other constants": run(ADAMW, dict(lr=0.05, betas=(0.7, 0.9), eps=1e-3, weight_decay=0.2)),
}
write(__file__, cases)
