#!/usr/bin/env python3
"""Computes the figures of metrics.json with scikit-learn and NumPy; see README.md.

    make-metrics.py OUT                 writes the figures
    make-metrics.py --compare OLD NEW   exit 1 when two files differ by more than 1e-12
"""
import json
import sys


def binary(np, sk, rows, threshold):
    """Logits in eighths with many ties; the labels follow them loosely."""
    logits = [((37 * i) % 41 - 20) / 8 for i in range(rows)]
    labels = [1 if ((53 * i) % 31) / 31 < 0.25 + (logit + 2.5) / 10 else 0 for i, logit in enumerate(logits)]
    p = 1 / (1 + np.exp(-np.array(logits)))
    y = np.array(labels)
    guess = (p >= threshold).astype(int)
    observed, promised = sk.calibration.calibration_curve(y, p, n_bins=10)
    bins = np.searchsorted(np.linspace(0, 1, 11)[1:-1], p)
    counts = np.bincount(bins, minlength=10)
    filled = counts[counts > 0]
    return {
        "logits": [[logit] for logit in logits], "targets": labels, "threshold": threshold,
        "metrics": {
            "accuracy": sk.metrics.accuracy_score(y, guess),
            "auc": sk.metrics.roc_auc_score(y, p),
            "precision": sk.metrics.precision_score(y, guess, zero_division=0),
            "recall": sk.metrics.recall_score(y, guess),
            "f1": sk.metrics.f1_score(y, guess),
            "pr_auc": sk.metrics.average_precision_score(y, p),
            "log_loss": sk.metrics.log_loss(y, p),
            "brier": sk.metrics.brier_score_loss(y, p),
            "calibration_error": float(np.sum(filled * np.abs(observed - promised)) / rows),
        },
        "confusion": sk.metrics.confusion_matrix(y, guess).ravel().tolist(),
        "calibration": {"rows": filled.tolist(), "observed": observed.tolist(), "mean": promised.tolist()},
    }


def classes(np, sk, rows, count):
    """No two logits of a row are equal; the last class is never predicted."""
    def logit(i, c):
        return ((29 * i + 17 * c * c + 5 * c) % 64 - 32) / 16 + c / 128 - (8 if c == count - 1 else 0)
    logits = [[logit(i, c) for c in range(count)] for i in range(rows)]
    z = np.array(logits)
    order = np.argsort(-z, axis=1)
    rank = [0 if i % 5 < 3 else (i // 5) % count for i in range(rows)]
    labels = [int(order[i, rank[i]]) for i in range(rows)]
    y = np.array(labels)
    power = np.exp(z - z.max(axis=1, keepdims=True))
    p = power / power.sum(axis=1, keepdims=True)
    guess = order[:, 0]
    every = list(range(count))
    metrics = {"accuracy": sk.metrics.accuracy_score(y, guess)}
    for k in [k for k in (3, 5) if k < count]:
        metrics[f"top_{k}_accuracy"] = sk.metrics.top_k_accuracy_score(y, p, k=k, labels=every)
    confidence = p.max(axis=1)
    right = guess == y
    bins = np.searchsorted(np.linspace(0, 1, 11)[1:-1], confidence)
    error = sum(abs(confidence[bins == b].sum() - right[bins == b].sum()) for b in range(10)) / rows
    per_class = sk.metrics.precision_recall_fscore_support(y, guess, labels=every, zero_division=0)
    metrics |= {
        "precision": sk.metrics.precision_score(y, guess, average="macro", zero_division=0),
        "recall": sk.metrics.recall_score(y, guess, average="macro", zero_division=0),
        "f1": sk.metrics.f1_score(y, guess, average="macro", zero_division=0),
        "log_loss": sk.metrics.log_loss(y, p, labels=every),
        "brier": float(np.mean(np.sum((p - np.eye(count)[y]) ** 2, axis=1))),
        "calibration_error": float(error),
    }
    return {
        "logits": logits, "targets": labels, "threshold": 0.5, "metrics": metrics,
        "confusion": sk.metrics.confusion_matrix(y, guess, labels=every).ravel().tolist(),
        "per_class": {"precision": per_class[0].tolist(), "recall": per_class[1].tolist(), "f1": per_class[2].tolist()},
    }


def compute():
    import numpy
    import sklearn
    import sklearn.calibration
    import sklearn.metrics
    return {
        "sklearn": sklearn.__version__,
        "cases": {
            "binary": binary(numpy, sklearn, 97, 0.5),
            "binary_threshold_0.3": binary(numpy, sklearn, 60, 0.3),
            "binary_few": binary(numpy, sklearn, 7, 0.9),
            "three_classes": classes(numpy, sklearn, 40, 3),
            "four_classes": classes(numpy, sklearn, 55, 4),
            "seven_classes": classes(numpy, sklearn, 120, 7),
        },
    }


def differs(old, new):
    if isinstance(old, dict):
        return not isinstance(new, dict) or old.keys() != new.keys() or any(
            differs(old[key], new[key]) for key in old if key != "sklearn")
    if isinstance(old, list):
        return not isinstance(new, list) or len(old) != len(new) or any(map(differs, old, new))
    return abs(old - new) > 1e-12


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "--compare":
        with open(arguments[1]) as old, open(arguments[2]) as new:
            return 1 if differs(json.load(old), json.load(new)) else 0
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    with open(arguments[0], "w") as out:
        json.dump(compute(), out, indent=1)
        out.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
