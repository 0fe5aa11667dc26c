"""Normalisations of PyTorch: input from seed 1 (seed 5 for a second batch), gradOutput from seed 2, weight 3, bias 4."""
import torch
from torch import nn

from golden import numbers, uniform, write


def case(layer, shape):
    layer = layer.double()
    with torch.no_grad():
        layer.weight.copy_(uniform(tuple(layer.weight.shape), 3))
        layer.bias.copy_(uniform(tuple(layer.bias.shape), 4))
    result = {"shape": list(shape)}
    result.update(run(layer, shape, 1))
    if hasattr(layer, "running_mean"):
        layer.zero_grad()
        run(layer, shape, 5)
        result["runningMean"] = numbers(layer.running_mean)
        result["runningVariance"] = numbers(layer.running_var)
        layer.zero_grad()
        layer.eval()
        result["evaluation"] = run(layer, shape, 1)
    return result


def run(layer, shape, seed):
    x = uniform(shape, seed, -3.0, 5.0).requires_grad_()
    y = layer(x)
    y.backward(uniform(tuple(y.shape), 2))
    return {
        "output": numbers(y),
        "gradInput": numbers(x.grad),
        "gradWeight": numbers(layer.weight.grad),
        "gradBias": numbers(layer.bias.grad),
    }


write(
    __file__,
    {
        "batchNorm features": case(nn.BatchNorm1d(3), (5, 3)),
        "batchNorm images": case(nn.BatchNorm2d(2), (3, 2, 2, 3)),
        "batchNorm momentum": case(nn.BatchNorm2d(1, eps=1e-3, momentum=0.3), (2, 1, 2, 2)),
        "layerNorm rows": case(nn.LayerNorm(4), (3, 4)),
        "layerNorm sequences": case(nn.LayerNorm(3), (2, 3, 3)),
        "layerNorm one": case(nn.LayerNorm(5), (1, 5)),
    },
)
