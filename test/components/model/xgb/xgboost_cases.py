"""Trains xgboost on made data with many parameter sets and writes its trees to xgboost-cases.json beside this file.

usage: python xgboost_cases.py   (made with xgboost 3.2.0)
"""
import json
import os
import sys

import numpy as np
import xgboost as xgb

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "gbdt"))
from made_data import make  # noqa: E402

ROWS, VALID, ROUNDS = 700, 300, 8
fixed = dict(nthread=1, tree_method="hist")
cases = [
    ("default", {}, "real"),
    ("depth", dict(max_depth=3, eta=0.1), "real"),
    ("lossguide", dict(grow_policy="lossguide", max_leaves=9, max_depth=0), "real"),
    ("leaves", dict(max_leaves=11), "real"),
    ("regularised", dict(reg_lambda=3.5, reg_alpha=1.5, gamma=0.7, min_child_weight=9), "real"),
    ("bounded", dict(max_delta_step=0.3), "real"),
    ("few_bins", dict(max_bin=8), "real"),
    ("many_bins", dict(max_bin=600), "real"),
    ("weights", {"weights": True}, "real"),
    ("base", dict(base_score=2.0, eval_metric=["mae", "rmse"]), "real"),
    ("logistic", dict(objective="binary:logistic", eval_metric=["logloss", "error"]), "binary"),
    ("stops", dict(eta=0.9, max_depth=8, stop=2), "real"),
    ("rows", dict(subsample=0.6, seed=3), "real"),
    ("columns", dict(colsample_bytree=0.7, colsample_bylevel=0.8, colsample_bynode=0.9), "real"),
    ("huber", dict(objective="reg:pseudohubererror", huber_slope=0.7), "real"),
    ("absolute", dict(objective="reg:absoluteerror", subsample=0.8), "real"),
    ("quantile", dict(objective="reg:quantileerror", quantile_alpha=0.3), "real"),
    ("hinge", dict(objective="binary:hinge"), "binary"),
    ("raw", dict(objective="binary:logitraw", scale_pos_weight=2, eval_metric=["auc", "aucpr"], stop=2), "binary"),
    ("poisson", dict(objective="count:poisson", eval_metric=["poisson-nloglik", "gamma-nloglik"]), "binary"),
    ("squared_log", dict(objective="reg:squaredlogerror"), "binary"),
    ("classes", dict(objective="multi:softmax", num_class=4, eval_metric=["merror", "mlogloss"], subsample=0.8), "classes"),
    ("both", dict(subsample=0.8789, colsample_bytree=0.8879, eta=0.0421, max_depth=8, seed=11), "real"),
]
out = []
for i, (name, params, labels) in enumerate(cases):
    X, y, w = make(ROWS, 50 + i, labels)
    Xv, yv, wv = make(VALID, 1040 + i, labels)
    params = dict(params)
    weights, stop = params.pop("weights", False), params.pop("stop", None)
    train = xgb.DMatrix(X, label=y, weight=w if weights else None)
    valid = xgb.DMatrix(Xv, label=yv, weight=wv if weights else None)
    evals = {}
    booster = xgb.train(
        {**fixed, **params},
        train,
        ROUNDS,
        evals=[(train, "train"), (valid, "valid")],
        evals_result=evals,
        early_stopping_rounds=stop,
        verbose_eval=False,
    )
    model = json.loads(booster.save_raw("json"))["learner"]
    keep = ("split_indices", "split_conditions", "default_left", "left_children", "right_children", "sum_hessian")
    trees = model["gradient_booster"]["model"]["trees"]
    out.append(
        {
            "name": name,
            "params": {**fixed, **params},
            "labels": labels,
            "seed": 50 + i,
            "weights": weights,
            "stop": stop,
            "base_scores": [float(x) for x in model["learner_model_param"]["base_score"].strip("[]").split(",")],
            "best_iteration": int(model["attributes"].get("best_iteration", -1)),
            "trees": [{k: t[k] for k in keep} for t in trees[:2] + trees[-1:]],
            "count": len(trees),
            "evals": evals,
            "pred": booster.predict(valid)[:5].tolist(),
        }
    )
with open(os.path.join(HERE, "xgboost-cases.json"), "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(case) for case in out) + "\n]\n")
