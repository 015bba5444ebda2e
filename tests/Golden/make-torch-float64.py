#!/usr/bin/env python3
"""Computes the figures of torch-float64.json with PyTorch; see README.md for the conventions.

    make-torch-float64.py OUT                 writes the figures
    make-torch-float64.py --compare OLD NEW   exit 1 when two files differ by more than 1e-12
"""
import json
import sys

NOTE = (
    "W_l[o][i]=((7*o+3*i+l)%11-5)/10, b_l[o]=((5*o+l)%7-3)/10, X[r][c]=((3r+5c)%13-6)/4, float64, "
    "mean over batch (and over outputs for mse)"
)
HIDDEN = {"linear+mse": [[3, 2], [3, 5, 2], [3, 4, 3, 2]],
          "sigmoid+bce": [[3, 1], [3, 5, 1], [3, 4, 3, 1]],
          "softmax+ce": [[3, 3], [3, 5, 3], [3, 4, 3, 3]]}
ACTIVATIONS = ["sigmoid", "tanh", "relu", "leaky_relu0.01", "gelu_erf", "elu", "silu", "softplus"]


def activate(torch, name, z):
    functional = torch.nn.functional
    return {
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "leaky_relu0.01": lambda v: functional.leaky_relu(v, 0.01),
        "gelu_erf": functional.gelu,
        "elu": functional.elu,
        "silu": functional.silu,
        "softplus": functional.softplus,
    }[name](z)


def head_loss(torch, head, logits):
    functional = torch.nn.functional
    if head == "linear+mse":
        targets = torch.tensor([[.5, -.25], [1, 0], [-.75, .3], [.2, .9]])
        return functional.mse_loss(logits, targets)
    if head == "sigmoid+bce":
        return functional.binary_cross_entropy_with_logits(logits, torch.tensor([[1.], [0.], [1.], [0.]]))
    return functional.cross_entropy(logits, torch.tensor([0, 2, 1, 2]))


def case(torch, activation, head, dims, inputs):
    weights, biases = [], []
    for l, (fan_in, fan_out) in enumerate(zip(dims, dims[1:])):
        weights.append(torch.tensor(
            [[((7 * o + 3 * i + l) % 11 - 5) / 10 for i in range(fan_in)] for o in range(fan_out)], requires_grad=True))
        biases.append(torch.tensor([((5 * o + l) % 7 - 3) / 10 for o in range(fan_out)], requires_grad=True))
    a = torch.tensor(inputs)
    for l, (weight, bias) in enumerate(zip(weights, biases)):
        z = a @ weight.T + bias
        a = z if l == len(weights) - 1 else activate(torch, activation, z)
    loss = head_loss(torch, head, a)
    loss.backward()
    return {
        "hidden_act": activation, "head": head, "dims": dims, "loss": loss.item(), "logits": a.tolist(),
        "grads": [{"dW": w.grad.tolist(), "db": b.grad.tolist()} for w, b in zip(weights, biases)],
    }


def losses(torch):
    functional = torch.nn.functional
    logits, targets = [[2., -1., .5], [.1, .2, -.3]], [0, 2]

    def figures(values, loss):
        z = torch.tensor(values, requires_grad=True)
        value = loss(z)
        value.backward()
        return {"loss": value.item(), "dlogits": z.grad.tolist()}

    def cross_entropy(classes, **options):
        return lambda z: functional.cross_entropy(z, torch.tensor(classes), **options)

    def binary(values, **options):
        return lambda z: functional.binary_cross_entropy_with_logits(z, torch.tensor(values), **options)

    return {
        "logits": logits,
        "targets": targets,
        "ce": figures(logits, cross_entropy(targets)),
        "ce_label_smoothing_0.1": figures(logits, cross_entropy(targets, label_smoothing=.1)),
        "ce_class_weight_1_2_3": figures(logits, cross_entropy(targets, weight=torch.tensor([1., 2., 3.]))),
        "bce_extreme_logits_800": figures([[800.], [-800.], [0.]], binary([[0.], [1.], [1.]])),
        "ce_extreme_logits_1000": figures([[1000., 0., -1000.]], cross_entropy([2])),
        "bce_pos_weight_2.5": figures([[.3], [-1.2]], binary([[1.], [0.]], pos_weight=torch.tensor([2.5]))),
    }


def trajectories(torch):
    optim = torch.optim
    makers = {
        "sgd lr.1": lambda p: optim.SGD(p, lr=.1),
        "sgd lr.1 mom.9": lambda p: optim.SGD(p, lr=.1, momentum=.9),
        "sgd lr.1 mom.9 nesterov": lambda p: optim.SGD(p, lr=.1, momentum=.9, nesterov=True),
        "sgd lr.1 wd.01": lambda p: optim.SGD(p, lr=.1, weight_decay=.01),
        "adam lr.01": lambda p: optim.Adam(p, lr=.01),
        "adam lr.01 wd.1 (L2)": lambda p: optim.Adam(p, lr=.01, weight_decay=.1),
        "adamw lr.01 wd.1": lambda p: optim.AdamW(p, lr=.01, weight_decay=.1),
        "adam amsgrad lr.01": lambda p: optim.Adam(p, lr=.01, amsgrad=True),
        "rmsprop lr.01 alpha.99": lambda p: optim.RMSprop(p, lr=.01, alpha=.99),
        "adagrad lr.1": lambda p: optim.Adagrad(p, lr=.1),
        "adadelta lr1 rho.9": lambda p: optim.Adadelta(p, lr=1., rho=.9),
        "nadam lr.01": lambda p: optim.NAdam(p, lr=.01),
    }
    result = {}
    for name, make in makers.items():
        parameters = torch.tensor([1., -2., .5], requires_grad=True)
        optimizer = make([parameters])
        result[name] = []
        for t in range(1, 6):
            parameters.grad = torch.tensor([.1 * t, -.3, (-1) ** t * .05 * t])
            optimizer.step()
            result[name].append(parameters.tolist())
    return {"p0": [1, -2, .5], "grad_t": "[0.1t,-0.3,(-1)^t*0.05t], t=1..5", "traj": result}


def compute():
    import torch
    torch.set_default_dtype(torch.float64)
    inputs = [[((3 * r + 5 * c) % 13 - 6) / 4 for c in range(3)] for r in range(4)]
    cases = [
        case(torch, activation, head, dims, inputs)
        for activation in ACTIVATIONS
        for head, networks in HIDDEN.items()
        for dims in networks
        if len(dims) > 2 or activation == "sigmoid"  # without a hidden layer there is no activation
    ]
    return {"X": inputs, "note": NOTE, "cases": cases, "losses": losses(torch), "optim": trajectories(torch)}


def differences(old, new, place=""):
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        return [line for key in old for line in differences(old[key], new[key], f"{place}.{key}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [line for i, pair in enumerate(zip(old, new)) for line in differences(*pair, f"{place}[{i}]")]
    if isinstance(old, (int, float)) and isinstance(new, (int, float)):
        return [] if abs(old - new) <= 1e-12 * max(1, abs(old)) else [f"{place}: {old} and {new}"]
    return [] if old == new else [f"{place}: {old!r} and {new!r}"]


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "--compare":
        with open(arguments[1]) as old, open(arguments[2]) as new:
            found = differences(json.load(old), json.load(new))
        print("\n".join(found) or "equal to 1e-12")
        return 1 if found else 0
    if len(arguments) == 1 and not arguments[0].startswith("-"):
        with open(arguments[0], "w") as out:
            json.dump(compute(), out, indent=0)
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
