"""Training steps of PyTorch on the networks of `trainer bench step`, one JSON object a figure on standard output.

Usage: torch_step.py THREADS SECONDS
"""

import json
import sys
import time

import torch
from torch import nn

NETWORKS = {
    "a": ([784, 512, 256, 10], nn.ReLU, 128),
    "b": ([784, 2048, 2048, 10], nn.ReLU, 256),
    "c": ([13, 64, 32, 1], nn.Sigmoid, 32),
    "d": ([2, 8, 8, 1], nn.Tanh, 10),
}
OPTIMIZERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=1e-4, momentum=0.9),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=1e-4),
}
BATCHES = 16
SAMPLE = 0.008  # seconds timed at once


def create_step(widths, activation, batch, optimizer):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), activation()]
    model = nn.Sequential(*layers[:-1])
    classifies = widths[-1] > 1
    loss = nn.CrossEntropyLoss() if classifies else nn.BCEWithLogitsLoss()
    x = torch.rand(BATCHES, batch, widths[0]) - 0.5
    y = torch.randint(0, widths[-1], (BATCHES, batch)) if classifies else (torch.rand(BATCHES, batch, 1) > 0.5).float()
    rule = OPTIMIZERS[optimizer](model.parameters())
    count = 0

    def step():
        nonlocal count
        rule.zero_grad(set_to_none=True)
        loss(model(x[count % BATCHES]), y[count % BATCHES]).backward()
        rule.step()
        count += 1

    return step


def measure(step, seconds):
    for _ in range(5):
        step()
    begin = time.perf_counter()
    step()
    calls = max(1, int(SAMPLE / (time.perf_counter() - begin)))
    samples = []
    begin = time.perf_counter()
    while time.perf_counter() - begin < seconds or len(samples) < 3:
        start = time.perf_counter()
        for _ in range(calls):
            step()
        samples.append((time.perf_counter() - start) / calls)
    samples.sort()
    return samples[0], samples[len(samples) // 2]


def main():
    torch.manual_seed(1)
    torch.set_num_threads(int(sys.argv[1]))
    for network, (widths, activation, batch) in NETWORKS.items():
        for optimizer in OPTIMIZERS:
            best, median = measure(create_step(widths, activation, batch, optimizer), float(sys.argv[2]))
            print(json.dumps({
                "network": network, "optimizer": optimizer, "torch": torch.__version__,
                "best_rows_per_second": batch / best, "median_rows_per_second": batch / median}), flush=True)


if __name__ == "__main__":
    main()
