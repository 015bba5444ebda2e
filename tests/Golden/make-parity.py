#!/usr/bin/env python3
"""Trains five small networks with PyTorch (float32) from weights that it writes; see README.md.

    make-parity.py FOLDER   writes parity.json and parity-NAME.safetensors
"""
import json
import os
import struct
import sys

import torch

# name: (widths, activation, output unit); every network has under 1,000 parameters.
NETWORKS = {
    "linear": ([5, 2], "identity", "linear"),
    "logistic": ([6, 1], "identity", "sigmoid"),
    "relu": ([6, 20, 1], "relu", "sigmoid"),
    "tanh": ([4, 16, 9, 2], "tanh", "linear"),
    "sigmoid": ([7, 24, 12, 3], "sigmoid", "softmax"),
}
# name: (optimizer, largest norm of the gradient)
OPTIMIZERS = {
    "sgd": (lambda p: torch.optim.SGD(p, lr=.05, momentum=.9), None),
    "sgd clipped": (lambda p: torch.optim.SGD(p, lr=.05, momentum=.9), .1),
    "adam": (lambda p: torch.optim.Adam(p, lr=.01), None),
}
ROWS, BATCH, STEPS = 50, 8, 20  # the last of 7 batches has 2 rows
ACTIVATIONS = {"identity": lambda z: z, "relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}


def rows(inputs, outputs, unit):
    """Multiples of 1/8, which text and float32 hold exactly."""
    features = [[((7 * r + 5 * c + r * c) % 23 - 11) / 8 for c in range(inputs)] for r in range(ROWS)]
    if unit == "linear":
        targets = [[((3 * r + 4 * o) % 13 - 6) / 8 for o in range(outputs)] for r in range(ROWS)]
    else:
        targets = [[(r * r + r // 3) % max(outputs, 2)] for r in range(ROWS)]
    return features, targets


def loss_of(unit, logits, targets):
    functional = torch.nn.functional
    if unit == "linear":
        return functional.mse_loss(logits, targets)
    if unit == "sigmoid":
        return functional.binary_cross_entropy_with_logits(logits, targets)
    return functional.cross_entropy(logits, targets[:, 0].long())


def save(path, tensors):
    """The safetensors format: header length, JSON header, data."""
    header, data = {}, b""
    for name, tensor in tensors.items():
        values = tensor.detach().flatten().tolist()
        content = struct.pack(f"<{len(values)}f", *values)
        offsets = [len(data), len(data) + len(content)]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": offsets}
        data += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)


def train(widths, activation, unit, start, make, norm, features, targets):
    parameters = {name: tensor.clone().requires_grad_() for name, tensor in start.items()}
    optimizer = make(list(parameters.values()))
    per_epoch = -(-ROWS // BATCH)
    for step in range(STEPS):
        first = step % per_epoch * BATCH
        x, y = features[first:first + BATCH], targets[first:first + BATCH]
        for layer in range(len(widths) - 1):
            x = torch.nn.functional.linear(x, parameters[f"layers.{layer}.weight"], parameters[f"layers.{layer}.bias"])
            x = ACTIVATIONS[activation](x) if layer < len(widths) - 2 else x
        optimizer.zero_grad()
        loss_of(unit, x, y).backward()
        if norm is not None:
            torch.nn.utils.clip_grad_norm_(parameters.values(), norm)
        optimizer.step()
    return [value for tensor in parameters.values() for value in tensor.detach().flatten().tolist()]


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    torch.manual_seed(0)
    torch.set_num_threads(1)
    figures = []
    for name, (widths, activation, unit) in NETWORKS.items():
        start = {}
        for layer, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
            linear = torch.nn.Linear(inputs, outputs)
            start[f"layers.{layer}.weight"], start[f"layers.{layer}.bias"] = linear.weight.data, linear.bias.data
        save(os.path.join(arguments[0], f"parity-{name}.safetensors"), start)
        features, targets = rows(widths[0], widths[-1], unit)
        x, y = torch.tensor(features), torch.tensor(targets, dtype=torch.float32)
        figures.append({
            "name": name, "hidden": widths[1:-1], "activation": activation, "output": unit,
            "features": features, "targets": targets,
            "expected": {
                key: train(widths, activation, unit, start, make, norm, x, y)
                for key, (make, norm) in OPTIMIZERS.items()
            },
        })
    with open(os.path.join(arguments[0], "parity.json"), "w") as out:
        json.dump({"batch_size": BATCH, "steps": STEPS, "networks": figures}, out)
        out.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
