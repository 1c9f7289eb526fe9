"""Trains catboost on made data, without chance and with it, and writes its figures to catboost-cases.json and two of its model files to
catboost-models.json beside this file.

usage: python catboost_cases.py   (made with catboost 1.2.10)
"""
import json
import os
import sys

import numpy as np
from catboost import CatBoost, Pool

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "gbdt"))
from made_data import make  # noqa: E402

fixed = dict(random_strength=0, bootstrap_type="No")
cases = [
    ("symmetric", {}, "real"),
    ("few_borders", dict(border_count=9, depth=4), "real"),
    ("l2_score", dict(score_function="L2", l2_leaf_reg=9, learning_rate=0.2), "real"),
    ("lossguide", dict(grow_policy="Lossguide", max_leaves=10, learning_rate=0.3, border_count=20), "real"),
    ("depthwise", dict(grow_policy="Depthwise", depth=4, learning_rate=0.3, min_data_in_leaf=20), "real"),
    ("weights", {"weights": True, "depth": 3, "learning_rate": 0.3}, "real"),
    ("logloss", dict(loss_function="Logloss", learning_rate=0.3, depth=4), "binary"),
    ("newton", dict(loss_function="Logloss", learning_rate=0.3, depth=4, leaf_estimation_iterations=1), "binary"),
    ("stops", dict(depth=8, learning_rate=0.8, stop=2), "real"),
]
drawn = [
    ("defaults", {}, "real"),
    ("noise", dict(bootstrap_type="No", random_strength=2, random_seed=5), "real"),
    ("bayesian", dict(bootstrap_type="Bayesian", bagging_temperature=0.7, learning_rate=0.1, random_seed=1), "real"),
    ("bernoulli", dict(bootstrap_type="Bernoulli", subsample=0.6, learning_rate=0.2), "real"),
    ("mvs_weights", {"weights": True, "subsample": 0.5, "depth": 5, "learning_rate": 0.3}, "real"),
    ("rsm", dict(rsm=0.5, random_seed=2**33 + 7, learning_rate=0.2), "real"),
    ("lossguide_drawn", dict(grow_policy="Lossguide", max_leaves=20, learning_rate=0.2, bootstrap_type="Bernoulli"), "real"),
    ("lossguide_large", dict(grow_policy="Lossguide", max_leaves=20, min_data_in_leaf=40, learning_rate=0.2), "real"),
    ("lossguide_rsm", dict(grow_policy="Lossguide", max_leaves=20, rsm=0.6, learning_rate=0.2), "real"),
    ("depthwise_drawn", dict(grow_policy="Depthwise", depth=5, learning_rate=0.2), "real"),
    ("logloss_drawn", dict(loss_function="Logloss", depth=4), "binary"),
    ("logloss_mean", dict(loss_function="Logloss", boost_from_average=True, l2_leaf_reg=5), "binary"),
    ("steps", dict(loss_function="Logloss", leaf_estimation_iterations=4), "binary"),
]
out = []
for i, (name, params, labels, common) in enumerate([(*c, fixed) for c in cases] + [(*c, {}) for c in drawn]):
    X, y, w = make(700, 80 + i, labels)
    Xv, yv, wv = make(300, 1070 + i, labels)
    params = dict(params)
    weights, stop = params.pop("weights", False), params.pop("stop", 50)
    loss = params.get("loss_function", "RMSE")
    always = dict(verbose=False, allow_writing_files=False, thread_count=1, loss_function=loss, iterations=20)
    model = CatBoost({**common, **always, **params, "early_stopping_rounds": stop})
    pools = [Pool(a, b, weight=c if weights else None) for a, b, c in ((X, y, w), (Xv, yv, wv))]
    model.fit(pools[0], eval_set=pools[1], use_best_model=True)
    evals = model.get_evals_result()
    out.append(
        {
            "name": name,
            "params": {**common, **params},
            "labels": labels,
            "seed": 80 + i,
            "weights": weights,
            "stop": stop,
            "trees": model.tree_count_,
            "learning_rate": model.get_all_params()["learning_rate"],
            # up to the best; the figures of get_evals_result for training rows are off by 4e-5 with Logloss
            "train": model.eval_metrics(pools[0], [loss])[loss],
            "valid": evals["validation"][loss],
            "pred": np.asarray(model.predict(Xv[:5])).tolist(),
        }
    )
with open(os.path.join(HERE, "catboost-cases.json"), "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(case) for case in out) + "\n]\n")

models = []
for name, params in (("symmetric", {}), ("lossguide", dict(grow_policy="Lossguide", max_leaves=6))):
    X, y, _ = make(700, 80, "real")
    model = CatBoost(dict(params, iterations=4, depth=4, learning_rate=0.3, border_count=8, verbose=False, allow_writing_files=False))
    model.fit(Pool(X, y))
    file = os.path.join(HERE, "model.tmp.json")
    model.save_model(file, format="json")
    with open(file) as f:
        text = json.load(f)
    os.remove(file)
    kept = {k: text[k] for k in ("features_info", "oblivious_trees", "trees", "scale_and_bias") if k in text}
    models.append({"name": name, "model": kept, "pred": np.asarray(model.predict(X[:50])).tolist()})
with open(os.path.join(HERE, "catboost-models.json"), "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(m) for m in models) + "\n]\n")
