"""Sequence layers of PyTorch in gradlab's layout: input from seed 1, gradOutput from seed 2, parameters from seed 3 on."""
import torch
from torch import nn

from golden import classes, numbers, uniform, write


def grads(tensors):
    return [numbers(tensor) for tensor in tensors]


def lstm(shape, hidden_size):
    """Weights come as [in, 4 * hidden]; PyTorch has [4 * hidden, in] and a second bias, which stays 0 here."""
    batch, sequence, features = shape
    layer = nn.LSTM(features, hidden_size, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(uniform((features, 4 * hidden_size), 3).T)
        layer.weight_hh_l0.copy_(uniform((hidden_size, 4 * hidden_size), 4).T)
        layer.bias_ih_l0.copy_(uniform((4 * hidden_size,), 5))
        layer.bias_hh_l0.zero_()
    x = uniform(shape, 1).requires_grad_()
    y, _ = layer(x)
    y.backward(uniform(tuple(y.shape), 2))
    return {
        "shape": list(shape),
        "hiddenSize": hidden_size,
        "output": numbers(y),
        "gradInput": numbers(x.grad),
        "gradients": grads([layer.weight_ih_l0.grad.T.contiguous(), layer.weight_hh_l0.grad.T.contiguous(), layer.bias_ih_l0.grad]),
    }


def attention(shape, heads, causal=False, lengths=None):
    batch, sequence, features = shape
    layer = nn.MultiheadAttention(features, heads, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        layer.in_proj_weight.copy_(uniform((features, 3 * features), 3).T)
        layer.in_proj_bias.copy_(uniform((3 * features,), 4))
        layer.out_proj.weight.copy_(uniform((features, features), 5).T)
        layer.out_proj.bias.copy_(uniform((features,), 6))
    x = uniform(shape, 1).requires_grad_()
    mask = torch.triu(torch.ones(sequence, sequence, dtype=torch.bool), 1) if causal else None
    hidden = None
    if lengths is not None:
        hidden = torch.arange(sequence)[None, :] >= torch.tensor(lengths)[:, None]
    y, _ = layer(x, x, x, attn_mask=mask, key_padding_mask=hidden)
    y.backward(uniform(tuple(y.shape), 2))
    return {
        "shape": list(shape),
        "heads": heads,
        "causal": causal,
        "lengths": lengths,
        "output": numbers(y),
        "gradInput": numbers(x.grad),
        "gradients": grads([layer.in_proj_weight.grad.T.contiguous(), layer.in_proj_bias.grad, layer.out_proj.weight.grad.T.contiguous(), layer.out_proj.bias.grad]),
    }


def embedding(batch, sequence, vocabulary, features):
    layer = nn.Embedding(vocabulary, features, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(uniform((vocabulary, features), 3))
    index = classes(batch * sequence, 1, vocabulary).reshape(batch, sequence)
    y = layer(index)
    y.backward(uniform(tuple(y.shape), 2))
    return {"shape": [batch, sequence], "vocabularySize": vocabulary, "features": features, "output": numbers(y), "gradients": grads([layer.weight.grad])}


def gelu(shape, approximate):
    x = uniform(shape, 1, -4.0, 4.0).requires_grad_()
    y = nn.functional.gelu(x, approximate=approximate)
    y.backward(uniform(shape, 2))
    return {"shape": list(shape), "approximate": approximate, "output": numbers(y), "gradInput": numbers(x.grad), "gradients": []}


write(
    __file__,
    {
        "lstm plain": lstm((2, 4, 3), 3),
        "lstm one": lstm((1, 1, 1), 1),
        "lstm wide": lstm((3, 2, 2), 4),
        "attention plain": attention((2, 3, 4), 2),
        "attention causal": attention((1, 4, 4), 1, causal=True),
        "attention padded": attention((2, 4, 4), 2, causal=True, lengths=[4, 2]),
        "embedding words": embedding(2, 4, 3, 2),
        "gelu none": gelu((3, 4), "none"),
        "gelu tanh": gelu((3, 4), "tanh"),
    },
)
