"""Trains lightgbm on made data with many parameter sets and writes what the trees are to lightgbm-cases.json beside this file.

usage: python lightgbm_cases.py   (made with lightgbm 4.7.0, numpy 1.26.4)
"""
import hashlib
import json
import os

import lightgbm as lgb
import numpy as np

from made_data import make

ROWS, VALID, ROUNDS = 700, 300, 12


def clipped(score, data):
    """a loss of our own: squares near the label, straight lines elsewhere"""
    return np.clip(score - data.get_label(), -0.25, 0.25), np.ones(len(score))


def refitted(booster, X, y, group):
    # lightgbm crashes
    if "path_smooth" in booster.params:
        return None
    again = booster.refit(X, y, decay_rate=0.7, group=group)
    return np.asarray(again.predict(X[:3])).ravel().tolist()


def short_dump(booster):
    """the first tree and all else of the dump, with numbers at 9 digits: leaf values agree to rounding only"""

    def short(x):
        if isinstance(x, dict):
            return {k: short(v) for k, v in x.items()}
        if isinstance(x, list):
            return [short(v) for v in x]
        return float("%.9g" % x) if isinstance(x, float) else x

    dump = short(booster.dump_model())
    return {"tree": dump["tree_info"][0], **{k: v for k, v in dump.items() if k != "tree_info"}}


fixed = dict(verbosity=-1, deterministic=True, force_row_wise=True, num_threads=1, num_leaves=12, min_data_in_leaf=8)
cases = [
    ("mse", {}, "real"),
    ("weights", {"weights": True}, "real"),
    ("bynode", dict(feature_fraction=0.8, feature_fraction_bynode=0.6), "real"),
    ("goss", dict(data_sample_strategy="goss", learning_rate=0.3), "real"),
    ("bagging", dict(bagging_fraction=0.6, bagging_freq=2, seed=7), "real"),
    ("smooth", dict(path_smooth=5.0, max_delta_step=0.2, lambda_l1=1.0, lambda_l2=2.0), "real"),
    ("min_gain", dict(min_gain_to_split=0.5, max_depth=3), "real"),
    ("few_bins", dict(max_bin=7, min_data_in_bin=20, bin_construct_sample_cnt=300), "real"),
    ("bins_by_feature", dict(max_bin_by_feature=[5, 9, 20, 50, 3, 2, 100, 255]), "real"),
    ("zero_as_missing", dict(zero_as_missing=True), "real"),
    ("no_missing", dict(use_missing=False), "real"),
    ("contri", dict(feature_contri=[0.5, 1, 0.1, 1, 1, 1, 1, 1]), "real"),
    ("dart", dict(boosting="dart", skip_drop=0.2, drop_rate=0.4), "real"),
    ("dart_xgboost", dict(boosting="dart", xgboost_dart_mode=True, uniform_drop=True, skip_drop=0.0), "real"),
    ("rf", dict(boosting="rf", bagging_fraction=0.6, bagging_freq=1), "real"),
    ("sqrt", dict(reg_sqrt=True), "real"),
    ("l1", dict(objective="l1"), "real"),
    ("l1_weights", dict(objective="l1", weights=True), "real"),
    ("huber", dict(objective="huber", alpha=0.3), "real"),
    ("fair", dict(objective="fair"), "real"),
    ("quantile", dict(objective="quantile", alpha=0.8), "real"),
    ("mape", dict(objective="mape"), "real"),
    ("metrics", dict(metric="l2,rmse,l1,mape,huber,fair,quantile,r2"), "real"),
    ("poisson", dict(objective="poisson"), "positive"),
    ("gamma", dict(objective="gamma", metric="gamma,gamma_deviance"), "positive"),
    ("tweedie", dict(objective="tweedie"), "positive"),
    ("cross_entropy", dict(objective="cross_entropy", metric="cross_entropy,kullback_leibler"), "unit"),
    ("cross_entropy_lambda", dict(objective="cross_entropy_lambda"), "unit"),
    ("binary", dict(objective="binary", metric="binary_logloss,binary_error,auc"), "binary"),
    ("binary_unbalance", dict(objective="binary", is_unbalance=True, sigmoid=0.7), "binary"),
    ("binary_bags", dict(objective="binary", pos_bagging_fraction=0.5, neg_bagging_fraction=0.9, bagging_freq=1), "binary"),
    ("multiclass", dict(objective="multiclass", num_class=4, metric="multi_logloss,multi_error"), "classes"),
    ("multiclassova", dict(objective="multiclassova", num_class=4), "classes"),
    ("lambdarank", dict(objective="lambdarank", queries=True), "classes"),
    ("interactions", dict(interaction_constraints=[[0, 1], [1, 2, 3], [5]]), "real"),
    ("interactions_bynode", dict(interaction_constraints="[0,1,4],[2,6]", feature_fraction_bynode=0.7), "real"),
    ("precision", dict(objective="binary", metric="average_precision,auc", weights=True), "binary"),
    ("map", dict(objective="lambdarank", queries=True, metric="map", eval_at=[2, 5, 30]), "classes"),
    ("own_loss", dict(own_loss=True, metric="l2"), "real"),
    ("monotone", dict(monotone_constraints=[1, 0, -1, 1, 0, 0, 0, 0], monotone_penalty=0.7), "real"),
    ("monotone_intermediate", dict(monotone_constraints=[1, 0, 1, 1, -1, 0, -1, 0], monotone_constraints_method="intermediate"), "real"),
    ("monotone_advanced", dict(monotone_constraints=[1, 0, 1, 1, -1, 0, -1, 0], monotone_constraints_method="advanced"), "real"),
    ("categories", dict(categorical_feature=[1, 2], max_cat_to_onehot=3, min_data_per_group=10, cat_smooth=2.0), "real"),
    ("one_hot", dict(categorical_feature=[1], max_cat_to_onehot=20, monotone_constraints=[1, 0, 0, 0, 0, 0, 0, 0]), "real"),
    ("wide_bins", dict(max_bin=600, min_data_in_bin=1), "real"),
    ("extra_trees", dict(extra_trees=True, extra_seed=9, categorical_feature=[1]), "real"),
    ("costs", dict(cegb_penalty_split=0.0005, cegb_penalty_feature_coupled=[5, 1, 3, 0, 0, 0, 2, 0], cegb_tradeoff=0.8), "real"),
    ("auc_mu", dict(objective="multiclass", num_class=4, metric="auc_mu", weights=True), "classes"),
    ("weighted_queries", dict(objective="lambdarank", queries=True, weights=True, metric="ndcg,map", eval_at=[1, 4]), "classes"),
    ("dart_bags", dict(boosting="dart", skip_drop=0.2, drop_rate=0.4, bagging_fraction=0.7, bagging_freq=2), "real"),
    ("rank_xendcg", dict(objective="rank_xendcg", queries=True), "classes"),
]
out = []
for i, (name, params, labels) in enumerate(cases):
    X, y, w = make(ROWS, 10 + i, labels)
    Xv, yv, wv = make(VALID, 1000 + i, labels)
    params = dict(params)
    use_weights, queries = params.pop("weights", False), params.pop("queries", False)
    own_loss = {"objective": clipped} if params.pop("own_loss", False) else {}
    group = lambda rows: [20] * (rows // 20) if queries else None
    categories = params.pop("categorical_feature", "auto")
    train = lgb.Dataset(X, label=y, categorical_feature=categories, weight=w if use_weights else None, group=group(ROWS))
    valid = lgb.Dataset(Xv, label=yv, weight=wv if use_weights else None, group=group(VALID), reference=train)
    evals = {}
    booster = lgb.train(
        {"objective": "mse", **fixed, **params, **own_loss},
        train,
        ROUNDS,
        valid_sets=[train, valid],
        valid_names=["train", "valid"],
        callbacks=[lgb.record_evaluation(evals)],
    )
    if categories != "auto":
        params["categorical_feature"] = categories
    lines = booster.model_to_string().split("\n")
    kept = ("split_feature=", "threshold=", "decision_type=", "left_child=", "right_child=", "leaf_count=", "cat_threshold=")
    shape = "\n".join(line for line in lines if line.startswith(kept))
    leaves = [float(x) for line in lines if line.startswith("leaf_value=") for x in line[11:].split(" ")]
    out.append(
        {
            "name": name,
            "params": {"objective": "mse", **fixed, **params},
            "labels": labels,
            "seed": 10 + i,
            "weights": use_weights,
            "queries": queries,
            "own_loss": bool(own_loss),
            "shape": hashlib.sha256(shape.encode()).hexdigest(),
            "leaves": [sum(leaves), sum(abs(x) for x in leaves)],
            "evals": {s: {m: v[-1] for m, v in e.items()} for s, e in evals.items()},
            "contrib": np.asarray(booster.predict(Xv[:3], pred_contrib=True)).ravel().tolist(),
            # of every model that refit takes
            "refit": None if own_loss else refitted(booster, Xv, yv, group(VALID)),
            "dump": short_dump(booster) if name in ("mse", "multiclass", "zero_as_missing", "categories") else None,
            "pred": np.asarray(booster.predict(Xv[:3])).ravel().tolist(),
        }
    )
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "lightgbm-cases.json"), "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(case) for case in out) + "\n]\n")
