"""Products and training steps of PyTorch on one thread, one JSON object a figure on standard output.

Usage: pytorch.py gemm|step SECONDS
"""

import sys

import torch
from torch import nn

from cells import NETWORKS, SHAPES, measure, report, report_step

LIBRARY = "PyTorch " + torch.__version__.split("a")[0].split("+")[0]
ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}
OPTIMIZERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=1e-4, momentum=0.9),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=1e-4),
}
BATCHES = 16


def gemm(seconds):
    """The products of a layer, without biases, into tensors that exist."""

    def product(left, right):
        result = torch.zeros(left.shape[0], right.shape[1])
        best, median = measure(lambda: torch.mm(left, right, out=result), seconds)
        return {"best_seconds": best, "median_seconds": median}

    for rows, inputs, outputs in SHAPES:
        x, weights, d = (torch.rand(*size) - 0.5 for size in ((rows, inputs), (outputs, inputs), (rows, outputs)))
        report(
            LIBRARY, rows=rows, inputs=inputs, outputs=outputs,
            forward=product(x, weights.t()), input_gradient=product(d, weights), weight_gradient=product(d.t(), x))


def create_step(widths, activation, batch, optimizer):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), ACTIVATIONS[activation]()]
    model = nn.Sequential(*layers[:-1])
    classifies = widths[-1] > 1
    loss = nn.CrossEntropyLoss() if classifies else nn.BCEWithLogitsLoss()
    x = torch.rand(BATCHES, batch, widths[0]) - 0.5
    y = torch.randint(0, widths[-1], (BATCHES, batch)) if classifies else (torch.rand(BATCHES, batch, 1) > 0.5).float()
    rule = OPTIMIZERS[optimizer](model.parameters())
    count = 0

    def run():
        nonlocal count
        rule.zero_grad(set_to_none=True)
        loss(model(x[count % BATCHES]), y[count % BATCHES]).backward()
        rule.step()
        count += 1

    return run


def step(seconds):
    for network, (widths, activation, batch) in NETWORKS.items():
        for optimizer in OPTIMIZERS:
            run = create_step(widths, activation, batch, optimizer)
            report_step(LIBRARY, network, optimizer, batch, measure(run, seconds))


if __name__ == "__main__":
    torch.manual_seed(1)
    torch.set_num_threads(1)
    {"gemm": gemm, "step": step}[sys.argv[1]](float(sys.argv[2]))
