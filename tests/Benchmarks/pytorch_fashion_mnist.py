"""Fashion-MNIST by PyTorch on one thread: 784-256-128-10 ReLU, Adam 1e-3, batch 128; a JSON object an epoch.

The loop that is usual for data in memory: each epoch in a new order, the loss added up in Python.
Usage: pytorch_fashion_mnist.py FOLDER EPOCHS
"""

import gzip
import pathlib
import sys
import time

import numpy
import torch
from torch import nn

from cells import report

LIBRARY = "PyTorch " + torch.__version__.split("a")[0].split("+")[0]
BATCH = 128


def read(file, offset):
    with gzip.open(file) as stream:
        return numpy.frombuffer(stream.read(), numpy.uint8, offset=offset)


def main(folder, epochs):
    x = torch.tensor(read(folder / "train-images-idx3-ubyte.gz", 16).reshape(-1, 784).astype(numpy.float32) / 255)
    y = torch.tensor(read(folder / "train-labels-idx1-ubyte.gz", 8).astype(numpy.int64))
    model = nn.Sequential(
        nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer, loss = torch.optim.Adam(model.parameters(), lr=1e-3), nn.CrossEntropyLoss()
    for _ in range(epochs):
        start, order, total = time.perf_counter(), torch.randperm(len(x)), 0.0
        for first in range(0, len(x), BATCH):
            rows = order[first:first + BATCH]
            optimizer.zero_grad(set_to_none=True)
            value = loss(model(x[rows]), y[rows])
            value.backward()
            optimizer.step()
            total += value.item() * len(rows)
        seconds = time.perf_counter() - start
        report(LIBRARY, rows_per_second=len(x) / seconds, train_loss=total / len(x))


if __name__ == "__main__":
    torch.manual_seed(1)
    torch.set_num_threads(1)
    main(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
