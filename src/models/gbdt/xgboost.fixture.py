#!/usr/bin/python3
"""What XGBoost makes of the same numbers: JSON in, JSON out. nthread=1, tree_method=hist.

in:  {"features": [[..., null where missing]], "target": [...], "model": text | null, "params": {...}, "rounds": n, "interactions": bool}
out: {"model": text, "margin": [...], "prediction": [...], "shap": [[..., base]], "interactions": [[[...]]]}
With a model it is loaded, without one a model is trained.
"""
import json
import sys

import numpy as np
import xgboost as xgb


def matrix(rows, target=None):
    return xgb.DMatrix(np.array(rows, dtype=float).astype(np.float32), target, nthread=1)


def main():
    task = json.load(sys.stdin)
    data = matrix(task["features"], task.get("target"))
    if task.get("model"):
        booster = xgb.Booster({"nthread": 1})
        booster.load_model(bytearray(task["model"], "utf-8"))
        booster.feature_names = None
        booster.feature_types = None
    else:
        params = {"nthread": 1, "tree_method": "hist", **task["params"]}
        booster = xgb.train(params, data, task["rounds"])
    unseen = matrix(task["unseen"]) if task.get("unseen") else data
    json.dump(
        {
            "model": booster.save_raw("json").decode("utf-8"),
            "margin": booster.predict(unseen, output_margin=True).astype(float).tolist(),
            "prediction": booster.predict(unseen).astype(float).tolist(),
            "shap": booster.predict(unseen, pred_contribs=True).astype(float).tolist(),
            "interactions": booster.predict(unseen, pred_interactions=True).astype(float).tolist()
            if task.get("interactions")
            else [],
        },
        sys.stdout,
    )


main()
