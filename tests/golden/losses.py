"""Values and gradients of the losses, for every reduction; predictions from seed 1, targets from seed 2."""
from torch.nn import functional as F

from golden import classes, numbers, uniform, write


def case(loss, predictions, targets, **rest):
    x = predictions.clone().requires_grad_()
    value = loss(x, targets)
    value.backward()
    return {"shape": list(x.shape), "value": float(value), "gradient": numbers(x.grad), **rest}


cases = {}
for reduction in ["mean", "sum"]:
    for batch, k in [(6, 4), (1, 1), (5, 10)]:
        cases["crossEntropy %s %dx%d" % (reduction, batch, k)] = case(
            lambda x, t: F.cross_entropy(x, t, reduction=reduction), uniform((batch, k), 1, -5.0, 5.0), classes(batch, 2, k))
    # Logits up to 800 overflow exp() in a careless implementation.
    cases["crossEntropy %s large" % reduction] = case(
        lambda x, t: F.cross_entropy(x, t, reduction=reduction), uniform((4, 3), 1, -800.0, 800.0), classes(4, 2, 3))
    for shape in [(4, 3), (1, 1)]:
        name = "%s %dx%d" % (reduction, *shape)
        cases["binaryLogits " + name] = case(
            lambda x, t: F.binary_cross_entropy_with_logits(x, t, reduction=reduction), uniform(shape, 1, -5.0, 5.0), uniform(shape, 2, 0.0, 1.0))
        cases["binaryProbabilities " + name] = case(
            lambda x, t: F.binary_cross_entropy(x, t, reduction=reduction), uniform(shape, 1, 0.0, 1.0), uniform(shape, 2, 0.0, 1.0))
        cases["squared " + name] = case(
            lambda x, t: F.mse_loss(x, t, reduction=reduction), uniform(shape, 1), uniform(shape, 2))
    cases["binaryLogits %s large" % reduction] = case(
        lambda x, t: F.binary_cross_entropy_with_logits(x, t, reduction=reduction), uniform((4, 3), 1, -800.0, 800.0), uniform((4, 3), 2, 0.0, 1.0))
    # Probabilities of exactly 0 and 1: the logarithm is held at -100, the gradient's denominator at 1e-12.
    cases["binaryProbabilities %s ends" % reduction] = case(
        lambda x, t: F.binary_cross_entropy(x, t, reduction=reduction), uniform((4, 3), 1, 0.0, 1.0).round(), uniform((4, 3), 2, 0.0, 1.0))
write(__file__, cases)
