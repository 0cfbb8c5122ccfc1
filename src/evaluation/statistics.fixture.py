"""What statsmodels and arch make of the series of statistics.fixture.ts; writes statistics.golden.json beside itself.

Made with: python3 -m venv venv && venv/bin/pip install arch==8.0.0 statsmodels && venv/bin/python statistics.fixture.py
Format the result with biome. The bootstrap p-values have a standard error of .5 / sqrt(REPS).
"""
import json
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from arch.bootstrap import MCS, StationaryBootstrap

ROWS = 800
MODELS = 5
REPS = 20_000
LAG = 15


def uniforms(seed):
    """A linear congruential generator whose integers JavaScript holds exactly."""
    state = seed
    while True:
        state = (state * 48_271) % 2_147_483_647
        yield state / 2_147_483_647


def series():
    """Outcomes and forecasts with persistence, and losses with a common part; see statistics.fixture.ts."""
    draw = uniforms(20050103)
    level = 1.0
    outcome, forecast, losses = [], [], []
    for _ in range(ROWS):
        level = 0.9 * level + 0.2 * next(draw)
        forecast.append(level * (0.8 + 0.4 * next(draw)))
        outcome.append(0.1 + level * (0.5 + next(draw)))
        common = 4 * next(draw) * next(draw)
        losses.append([common + (0.55 + 0.009 * k) * next(draw) * (1 + level) for k in range(MODELS)])
    return np.array(outcome), np.array(forecast), np.array(losses)


def regression(outcome, forecast):
    fit = sm.OLS(outcome, sm.add_constant(forecast)).fit(
        cov_type="HAC", cov_kwds={"maxlags": LAG, "use_correction": False}
    )
    wald = fit.wald_test((np.eye(2), [0.45, 0.65]), use_f=True, scalar=True)
    return {
        "coefficients": fit.params.tolist(),
        "errors": fit.bse.tolist(),
        "r2": fit.rsquared,
        "wald_p_of_045_065": float(wald.pvalue),
    }


def mean_difference(losses):
    """t of a mean with Newey-West errors: Diebold-Mariano before the small-sample correction."""
    fit = sm.OLS(losses[:, 0] - losses[:, 3], np.ones(ROWS)).fit(
        cov_type="HAC", cov_kwds={"maxlags": LAG, "use_correction": False}
    )
    return fit.tvalues[0]


def confidence_set(losses, method):
    test = MCS(losses, size=0.1, reps=REPS, block_size=22, method=method, seed=1)
    test.compute()
    return test.pvalues["Pvalue"].sort_index().tolist()


def superior_ability(losses, benchmark):
    """Hansen's test on arch's resamples. arch 8.0.0's own SPA compares differences that are not studentised."""
    d = losses[:, [benchmark]] - np.delete(losses, benchmark, axis=1)
    n = len(d)
    centred = d - d.mean(0)
    q = 1 / 22
    variance = (centred**2).mean(0)  # of the stationary bootstrap, without resampling
    for i in range(1, n):
        kappa = (n - i) / n * (1 - q) ** i + i / n * (1 - q) ** (n - i)
        variance += 2 * kappa * (centred[: n - i] * centred[i:]).sum(0) / n
    scale = np.sqrt(variance / n)
    draws = [data[0][0].mean(0) for data in StationaryBootstrap(22, d, seed=1).bootstrap(REPS)]
    draws = np.array(draws)
    mean = d.mean(0)
    statistic = max(0, (mean / scale).max())
    far_behind = mean / scale < -np.sqrt(2 * np.log(np.log(n)))
    recentred = {
        "lower": np.maximum(mean, 0),
        "consistent": np.where(far_behind, 0, mean),
        "upper": mean,
    }
    return {
        name: float((np.maximum(((draws - g) / scale).max(1), 0) >= statistic).mean())
        for name, g in recentred.items()
    }


outcome, forecast, losses = series()
golden = {
    "lag": LAG,
    "regression": regression(outcome, forecast),
    "difference_t": mean_difference(losses),
    "confidence_set": {"max": confidence_set(losses, "max"), "range": confidence_set(losses, "R")},
    "superior_ability": [superior_ability(losses, k) for k in range(MODELS)],
}
path = Path(__file__).with_name("statistics.golden.json")
path.write_text(json.dumps(golden, indent=2) + "\n")
