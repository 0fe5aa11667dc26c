"""Values of ops at seeded inputs: functions that have many digits to get wrong, and moves that have many indices to swap."""
import torch

from golden import classes, numbers, uniform, write

cases = {}
for name, low, high in [
    ("erf", -4.0, 4.0),
    ("tanh", -4.0, 4.0),
    ("sigmoid", -30.0, 30.0),
    ("exp", -30.0, 30.0),
    ("log", 0.0, 10.0),
    ("sqrt", 0.0, 10.0),
    ("reciprocal", 0.1, 10.0),
    ("abs", -1.0, 1.0),
    ("relu", -1.0, 1.0),
]:
    x = uniform((40,), 1, low, high)
    cases[name] = {"low": low, "high": high, "shape": [40], "output": numbers(getattr(torch, name)(x))}
for name in ["softmax", "log_softmax"]:
    for shape in [(3, 5), (2, 2, 4), (1, 1)]:
        output = getattr(torch, name)(uniform(shape, 1, -8.0, 8.0), dim=-1)
        cases["%s %s" % (name.replace("_s", "S"), "x".join(map(str, shape)))] = {
            "low": -8.0, "high": 8.0, "shape": list(shape), "output": numbers(output)}

a, b, bias = uniform((2, 3, 5), 1), uniform((5, 4), 2), uniform((4,), 3)
cases["matmul"] = {"shape": [2, 3, 4], "output": numbers(a @ b)}
cases["affine"] = {"shape": [3, 4], "output": numbers(torch.addmm(bias, a[0], b))}
x = uniform((2, 3, 4), 1)
cases["mean"] = {"shape": [3], "output": numbers(x.mean(dim=(0, 2)))}
cases["variance"] = {"shape": [1, 3, 1], "output": numbers(x.var(dim=(0, 2), unbiased=False, keepdim=True))}
cases["batchNorm"] = {"shape": [2, 3, 4], "output": numbers(torch.nn.functional.batch_norm(x, None, None, training=True, eps=1e-5))}
cases["layerNorm"] = {"shape": [2, 3, 4], "output": numbers(torch.nn.functional.layer_norm(x, (4,), eps=1e-5))}
cases["sum"] = {"shape": [2, 1, 4], "output": numbers(x.sum(dim=1, keepdim=True))}
cases["max"] = {"shape": [2, 4], "output": numbers(x.amax(dim=1))}
cases["argMax"] = {"shape": [2, 4], "output": numbers(x.argmax(dim=1))}
cases["transpose"] = {"shape": [4, 2, 3], "output": numbers(x.permute(2, 0, 1).contiguous())}
cases["flip"] = {"shape": [2, 3, 4], "output": numbers(x.flip(0, 2))}
cases["pad"] = {"shape": [2, 6, 5], "output": numbers(torch.nn.functional.pad(x, (1, 0, 2, 1), value=0.5))}
index = classes(7, 4, 3)
table = uniform((3, 4), 1)
cases["gather"] = {"shape": [7, 4], "output": numbers(table[index])}
cases["scatterAdd"] = {"shape": [3, 4], "output": numbers(torch.zeros(3, 4, dtype=torch.float64).index_add(0, index, uniform((7, 4), 2)))}
cases["oneHot"] = {"shape": [7, 3], "output": numbers(torch.nn.functional.one_hot(index, 3))}
write(__file__, cases)
