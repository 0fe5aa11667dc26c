"""PyTorch's clipped gradients of two tensors from seeds 1 and 2, and learning rates of its schedules for 12 steps."""
import torch

from golden import numbers, uniform, write


def clipped(clip):
    parameters = [torch.nn.Parameter(uniform((3, 2), 5)), torch.nn.Parameter(uniform((4,), 6))]
    for seed, parameter in enumerate(parameters, start=1):
        parameter.grad = uniform(tuple(parameter.shape), seed, -2.0, 2.0)
    norm = clip(parameters)
    return {"gradients": [numbers(parameter.grad) for parameter in parameters], "norm": None if norm is None else norm.item()}


def rates(make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    schedule = make(optimizer)
    result = []
    for _ in range(12):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return {"rates": result}


by_norm, by_value = torch.nn.utils.clip_grad_norm_, torch.nn.utils.clip_grad_value_
schedules = torch.optim.lr_scheduler
write(
    __file__,
    {
        "clip norm 1": clipped(lambda p: by_norm(p, 1.0)),
        "clip norm 100": clipped(lambda p: by_norm(p, 100.0)),
        "clip value 0.5": clipped(lambda p: by_value(p, 0.5)),
        "rate stepDecay": rates(lambda o: schedules.StepLR(o, step_size=4, gamma=0.5)),
        "rate cosineDecay": rates(lambda o: schedules.CosineAnnealingLR(o, T_max=12, eta_min=0.01)),
    },
)
