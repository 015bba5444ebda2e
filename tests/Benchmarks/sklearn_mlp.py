"""Training steps of scikit-learn's MLPClassifier, one JSON object a figure on standard output.

A call of `partial_fit` is one epoch; its checks of the data are part of the time, spread over the steps of the epoch.
Usage: sklearn_mlp.py step SECONDS
"""

import sys

import numpy
import sklearn
from sklearn.neural_network import MLPClassifier

from cells import NETWORKS, measure, report_step

LIBRARY = f"scikit-learn {sklearn.__version__}"
ACTIVATIONS = {"relu": "relu", "sigmoid": "logistic", "tanh": "tanh"}
STEPS = {"a": 50, "b": 4, "c": 100, "d": 100}


def main(seconds):
    random = numpy.random.default_rng(1)
    for network, (widths, activation, batch) in NETWORKS.items():
        rows = batch * STEPS[network]
        classes = max(2, widths[-1])
        x = random.random((rows, widths[0]), dtype=numpy.float32) - numpy.float32(0.5)
        y = random.integers(0, classes, rows)
        for optimizer in ("sgd", "adam"):
            model = MLPClassifier(
                widths[1:-1], activation=ACTIVATIONS[activation], solver=optimizer, batch_size=batch,
                learning_rate_init=1e-4, momentum=0.9, nesterovs_momentum=False, alpha=0, random_state=1)
            model.partial_fit(x, y, classes=numpy.arange(classes))
            report_step(LIBRARY, network, optimizer, rows, measure(lambda: model.partial_fit(x, y), seconds))


if __name__ == "__main__":
    main(float(sys.argv[2]))
