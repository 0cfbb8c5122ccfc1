#!/usr/bin/python3
"""Times XGBoost once on each task of bench/boosting.ts: JSON in, milliseconds by name out. One thread, hist."""
import json
import sys
import time

import numpy as np
import xgboost as xgb

data = json.load(sys.stdin)
width = data["width"]


def matrix(name):
    return np.array(data[name], dtype=float).astype(np.float32).reshape(-1, width)


features, gappy = matrix("features"), matrix("gappy")
target, positive = np.array(data["target"]), np.array(data["positive"])
usual = {"nthread": 1, "tree_method": "hist", "max_bin": 255, "max_depth": 4, "eta": 0.05, "lambda": 1}
anchored = {"max_depth": 3, "eta": 0.03, "min_child_weight": 100, "subsample": 0.5, "colsample_bytree": 0.7}


def fit(rows, labels, trees=300, **changes):
    return xgb.train({**usual, **changes}, xgb.DMatrix(rows, labels, nthread=1), trees)


model = fit(features, target)  # warms up, too


def unseen():
    return xgb.DMatrix(features, nthread=1)  # a new one: predictions are cached by matrix


tasks = {
    "fit, 300 trees of depth 4": lambda: fit(features, target),
    "fit, depth 6": lambda: fit(features, target, max_depth=6),
    "fit, a tenth of the values missing": lambda: fit(gappy, target),
    "fit, gamma loss": lambda: fit(features, positive, objective="reg:gamma"),
    "fit, 80 trees of depth 3, half the rows": lambda: fit(features, target, 80, **anchored),
    "predict, 300 trees of depth 4": lambda: model.predict(unseen(), output_margin=True),
    "SHAP, 300 trees of depth 4": lambda: model.predict(unseen(), pred_contribs=True),
}
times = {}
for name, run in tasks.items():
    started = time.perf_counter()
    run()
    times[name] = 1000 * (time.perf_counter() - started)
json.dump(times, sys.stdout)
