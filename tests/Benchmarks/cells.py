"""What is measured beside `trainer bench`: its layers and networks, and the clock of the scripts in Python."""

import json
import time

SHAPES = [
    (32, 784, 512), (128, 784, 512), (256, 784, 512), (1024, 784, 512), (128, 512, 512), (256, 2048, 2048),
    (128, 512, 10),
]
NETWORKS = {
    "a": ([784, 512, 256, 10], "relu", 128),
    "b": ([784, 2048, 2048, 10], "relu", 256),
    "c": ([13, 64, 32, 1], "sigmoid", 32),
    "d": ([2, 8, 8, 1], "tanh", 10),
}
SAMPLE = 0.008  # seconds timed at once


def measure(call, seconds):
    """Best and median seconds of a call, after half as long of warming up."""
    warm, begin = 0, time.perf_counter()
    while warm == 0 or time.perf_counter() - begin < seconds / 2:
        call()
        warm += 1
    calls = max(1, int(SAMPLE * warm / (time.perf_counter() - begin)))
    samples, begin = [], time.perf_counter()
    while time.perf_counter() - begin < seconds or len(samples) < 3:
        start = time.perf_counter()
        for _ in range(calls):
            call()
        samples.append((time.perf_counter() - start) / calls)
    samples.sort()
    return samples[0], samples[len(samples) // 2]


def report(library, **figure):
    print(json.dumps({"library": library, **figure}), flush=True)


def report_step(library, network, optimizer, rows, timing):
    best, median = timing
    report(
        library, network=network, optimizer=optimizer,
        best_rows_per_second=rows / best, median_rows_per_second=rows / median)
