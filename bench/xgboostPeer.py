#!/usr/bin/python3
"""XGBoost, and scikit-learn where it is installed, on one thread: a JSON command a line in, a JSON answer a line out.

Times are of the work alone, XGBoost's own binning (DMatrix) included: what the caller's binning is measured with.
Predictions are on a new matrix each time, for XGBoost caches them by matrix.
"""
import json
import os
import resource
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np
import xgboost as xgb

try:
    import sklearn
    from sklearn.ensemble import HistGradientBoostingRegressor
except ImportError:
    sklearn = None

data, models = {}, {}
KINDS = {"margin": "output_margin", "contributions": "pred_contribs", "interactions": "pred_interactions"}


def about(_):
    build = xgb.build_info()
    return {
        "xgboost": xgb.__version__,
        "flags": {name: build.get(name) for name in ("DEBUG", "USE_OPENMP", "BUILTIN_PREFETCH_PRESENT")},
        "sklearn": sklearn.__version__ if sklearn else None,
    }


def load(task):
    features = np.fromfile(task["features"], dtype=np.float32).reshape(-1, task["width"])
    data[task["name"]] = (features, np.fromfile(task["target"], dtype=np.float64))
    return {}


def fit(task):
    features, target = data[task["data"]]
    settings = {"nthread": 1, "tree_method": "hist", "max_bin": 255, "eta": 0.05, "lambda": 1, **task["settings"]}
    models[task["model"]] = xgb.train(settings, xgb.DMatrix(features, target, nthread=1), task["trees"])


def fit_sklearn(task):
    features, target = data[task["data"]]
    HistGradientBoostingRegressor(**task["settings"]).fit(features, target)


def read(task):
    booster = xgb.Booster({"nthread": 1})
    booster.load_model(task["path"])
    booster.feature_names = booster.feature_types = None
    models[task["model"]] = booster
    return {}


def save(task):
    models[task["model"]].save_model(task["path"])
    return {}


def predict(task):
    features = data[task["data"]][0][: task.get("rows")]
    answer = models[task["model"]].predict(xgb.DMatrix(features, nthread=1), **{KINDS[task["kind"]]: True})
    if task.get("path"):
        answer.astype(np.float32).tofile(task["path"])


def timed(work, task):
    wall, cpu = time.perf_counter(), time.process_time()
    work(task)
    return {"wall": 1000 * (time.perf_counter() - wall), "cpu": 1000 * (time.process_time() - cpu)}


WORK = {"about": about, "load": load, "read": read, "save": save}
TIMED = {"fit": fit, "fit_sklearn": fit_sklearn, "predict": predict}
for line in sys.stdin:
    command = json.loads(line)
    name = command["do"]
    answer = timed(TIMED[name], command) if name in TIMED else WORK[name](command)
    answer["peakMb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(answer), flush=True)
