"""Outputs and gradients of the layers; the layer's input is uniform(shape, 1), gradOutput is uniform(output shape, 2)."""
import torch
from torch import nn

from golden import numbers, uniform, write


def case(layer, shape):
    x = uniform(shape, 1, -3.0, 3.0).requires_grad_()
    y = layer(x)
    y.backward(uniform(tuple(y.shape), 2))
    return {"shape": list(shape), "output": numbers(y), "gradInput": numbers(x.grad)}


def linear(shape, out_features):
    """Weight from seed 3 in gradlab's layout [in, out], bias from seed 4; the weight gradient comes back in that layout."""
    layer = nn.Linear(shape[-1], out_features, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(uniform((shape[-1], out_features), 3).T)
        layer.bias.copy_(uniform((out_features,), 4))
    result = case(layer, shape)
    result["outFeatures"] = out_features
    result["gradWeight"] = numbers(layer.weight.grad.T.contiguous())
    result["gradBias"] = numbers(layer.bias.grad)
    return result


SHAPES = [(4, 5), (1, 1), (2, 3, 4)]
cases = {}
for name, layer in {
    "relu": nn.ReLU(),
    "leakyRelu": nn.LeakyReLU(0.1),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "softmax": nn.Softmax(dim=-1),
}.items():
    for shape in SHAPES:
        cases["%s %s" % (name, "x".join(map(str, shape)))] = case(layer, shape)
for shape, out_features in [((4, 5), 3), ((1, 1), 1), ((2, 3, 4), 2)]:
    cases["linear %s" % "x".join(map(str, shape))] = linear(shape, out_features)
write(__file__, cases)
