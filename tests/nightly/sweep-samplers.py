# Compares the figures of tests/nightly/sweep-samplers with Optuna's TPE and with random search; prints Markdown.
import json
import math
import sys
import warnings

import numpy as np
import optuna
from scipy.stats import mannwhitneyu

warnings.filterwarnings('ignore')
optuna.logging.set_verbosity(optuna.logging.ERROR)
SEEDS, TRIALS, LEVEL = 20, 100, .05

HARTMANN_A = [[10, 3, 17, 3.5, 1.7, 8], [.05, 10, 17, .1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, .05, 10, .1, 14]]
HARTMANN_P = [[.1312, .1696, .5569, .0124, .8283, .5886], [.2329, .4135, .8307, .3736, .1004, .9991],
              [.2348, .1451, .3522, .2883, .3047, .6650], [.4047, .8828, .8732, .5743, .1091, .0381]]


def sphere(trial):
    return sum(trial.suggest_float(f'x{i}', -5, 5) ** 2 for i in range(3))


def branin(trial):
    x, y = trial.suggest_float('x', -5, 10), trial.suggest_float('y', 0, 15)
    valley = y - 5.1 / (4 * math.pi ** 2) * x * x + 5 / math.pi * x - 6
    return valley ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def hartmann6(trial):
    x = [trial.suggest_float(f'x{i}', 0, 1) for i in range(6)]
    return -sum(alpha * math.exp(-sum(a * (v - p) ** 2 for a, v, p in zip(row, x, centre)))
                for alpha, row, centre in zip([1, 1.2, 3, 3.2], HARTMANN_A, HARTMANN_P))


def optuna_best(function, seed):
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(function, n_trials=TRIALS)
    best = np.minimum.accumulate([trial.value for trial in study.trials])
    return best[TRIALS // 2 - 1], best[-1]


own = json.load(open(sys.argv[1]))
peer = {f.__name__: [optuna_best(f, seed) for seed in range(SEEDS)] for f in (sphere, branin, hartmann6)}
rejected = 0
print(f'\nOptuna {optuna.__version__}; medians of {SEEDS} seeds; p of "ours is worse".\n')
print('| sampler | function | trials | ours | compared with | theirs | p |\n|---|---|---|---|---|---|---|')
for sampler in ('tpe', 'tpe-multivariate', 'gp', 'cmaes'):
    other = ('Optuna TPE', peer) if sampler.startswith('tpe') else ('random', own['best']['random'])
    for function in peer:
        for column, trials in enumerate((TRIALS // 2, TRIALS)):
            ours = [row[column] for row in own['best'][sampler][function]]
            theirs = [row[column] for row in other[1][function]]
            p = mannwhitneyu(ours, theirs, alternative='greater').pvalue
            rejected += p < LEVEL
            print(f'| {sampler} | {function} | {trials} | {np.median(ours):.4f} '
                  f'| {other[0]} | {np.median(theirs):.4f} | {p:.3f} |')
print('\nMilliseconds of a proposal, 10 dimensions, 200 trials (gp: 100), fastest of 100: '
      + ', '.join(f'{name} {value:.2f}' for name, value in own['milliseconds'].items()))
sys.exit(f'{rejected} comparisons are worse' if rejected else 0)
