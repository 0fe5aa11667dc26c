"""Convolutions and pools of PyTorch: input from seed 1, gradOutput from seed 2, weight from seed 3, bias from seed 4."""
import torch
from torch import nn

from golden import numbers, uniform, write


def case(layer, shape):
    with torch.no_grad():
        for seed, parameter in enumerate(layer.parameters(), start=3):
            parameter.copy_(uniform(tuple(parameter.shape), seed))
    x = uniform(shape, 1).requires_grad_()
    y = layer(x)
    y.backward(uniform(tuple(y.shape), 2))
    return {
        "shape": list(shape),
        "outputShape": list(y.shape),
        "output": numbers(y),
        "gradInput": numbers(x.grad),
        "gradients": [numbers(parameter.grad) for parameter in layer.parameters()],
    }


double = {"dtype": torch.float64}
write(
    __file__,
    {
        "conv2d plain": case(nn.Conv2d(2, 3, 3, **double), (2, 2, 5, 4)),
        "conv2d one pixel": case(nn.Conv2d(1, 1, 1, **double), (1, 1, 1, 1)),
        "conv2d all": case(nn.Conv2d(4, 2, (2, 3), stride=(2, 1), padding=(1, 2), dilation=(2, 1), groups=2, **double), (2, 4, 5, 4)),
        "convTranspose2d plain": case(nn.ConvTranspose2d(2, 3, 3, **double), (2, 2, 3, 2)),
        "convTranspose2d all": case(
            nn.ConvTranspose2d(4, 2, (2, 3), stride=(2, 3), padding=(1, 0), output_padding=(1, 2), dilation=(2, 1), groups=2, **double), (1, 4, 3, 2)
        ),
        "maxPool2d": case(nn.MaxPool2d(3, stride=2, padding=1), (2, 2, 5, 6)),
        "maxPool2d dilated": case(nn.MaxPool2d(2, stride=1, dilation=2), (1, 2, 5, 4)),
        "avgPool2d": case(nn.AvgPool2d(3, stride=2, padding=1), (2, 2, 5, 6)),
        "upsampleNearest": case(nn.UpsamplingNearest2d(scale_factor=3), (2, 2, 3, 2)),
        "avgPool2d inside": case(nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False), (2, 2, 5, 6)),
    },
)
