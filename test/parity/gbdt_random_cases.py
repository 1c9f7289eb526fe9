"""Random tables and parameter sets for gbdt_random.py, drawn from a seed."""
import numpy as np

FIXED = dict(verbosity=-1, deterministic=True, force_row_wise=True, num_threads=1)


def column(rng, rows, kind):
    """One feature: (values, is it categorical)."""
    normal = rng.normal(size=rows)
    if kind == "normal":
        return normal, False
    if kind == "few":
        return rng.integers(-3, 4, rows).astype(float), False
    if kind == "binary":
        return (normal > 0.5).astype(float), False
    if kind == "zeros":
        return np.where(rng.random(rows) < rng.choice([0.5, 0.8, 0.95, 0.99]), 0.0, normal), False
    if kind == "missing":
        return np.where(rng.random(rows) < rng.choice([0.05, 0.5, 0.9]), np.nan, normal), False
    if kind == "missing_zeros":
        return np.where(rng.random(rows) < 0.3, np.nan, np.maximum(normal, 0)), False
    if kind == "constant":
        return np.full(rows, rng.choice([0.0, 3.5, -1.0])), False
    if kind == "nothing":
        return np.full(rows, np.nan), False
    if kind == "skewed":
        return np.exp(3 * normal), False
    if kind == "tiny":
        return normal * 1e-35, False
    if kind == "huge":
        return normal * 1e30, False
    if kind == "negative":
        return -np.abs(normal) - 0.1, False
    if kind == "rounded":
        return np.round(normal, 1), False
    if kind == "category":
        return rng.integers(0, rng.choice([2, 3, 4, 8, 30, 100]), rows).astype(float), True
    if kind == "category_skewed":
        return np.floor(np.exp(2 * np.abs(normal))), True
    if kind == "category_odd":
        values = rng.integers(0, 12, rows).astype(float) * rng.choice([1, 7])
        values[rng.random(rows) < 0.1] = np.nan
        values[rng.random(rows) < 0.05] = -2
        return values, True
    raise ValueError(kind)


KINDS = (
    ["normal"] * 4
    + "few binary zeros missing missing_zeros constant nothing skewed tiny huge negative rounded".split()
    + "category category_skewed category_odd".split()
)
OBJECTIVES = (
    ["regression"] * 4
    + ["binary"] * 3
    + "regression_l1 huber fair quantile mape poisson gamma tweedie cross_entropy cross_entropy_lambda".split()
    + "multiclass multiclassova lambdarank rank_xendcg".split()
)
METRICS = {
    "regression": "l2 rmse l1 mape huber fair quantile r2",
    "binary": "binary_logloss binary_error auc average_precision",
    "poisson": "poisson l2",
    "gamma": "gamma gamma_deviance",
    "tweedie": "tweedie l1",
    "cross_entropy": "cross_entropy kullback_leibler cross_entropy_lambda",
    "cross_entropy_lambda": "cross_entropy_lambda",
    "multiclass": "multi_logloss multi_error auc_mu",
    "multiclassova": "multi_logloss multi_error",
    "lambdarank": "ndcg map",
    "rank_xendcg": "ndcg map",
}


def labels(rng, features, objective, classes):
    """Labels that depend on the features and fit the objective."""
    clean = np.nan_to_num(np.clip(features, -3, 3))
    value = clean @ rng.normal(size=features.shape[1]) + rng.normal(size=len(clean)) * rng.choice([0.1, 1])
    value += clean[:, 0] * clean[:, -1]
    value = (value - value.mean()) / (value.std() or 1)
    if objective in ("poisson", "tweedie"):
        return np.floor(np.exp(value))
    if objective == "gamma":
        return np.exp(value)
    if objective in ("cross_entropy", "cross_entropy_lambda"):
        return np.clip(value / 4 + 0.5, 0, 1)
    if objective == "binary":
        return (value > rng.choice([0, 1.5])).astype(float)
    if objective in ("multiclass", "multiclassova", "lambdarank", "rank_xendcg"):
        return np.clip(np.floor(value + classes / 2), 0, classes - 1)
    return value * rng.choice([1, 1, 1, 100, 1e-3])


def maybe(rng, share):
    return rng.random() < share


def parameters(rng, objective, classes, width, categorical):
    """A parameter set: defaults for most, a few drawn."""
    p = dict(FIXED, objective=objective, num_leaves=int(rng.choice([2, 4, 8, 15, 31])))
    p["min_data_in_leaf"] = int(rng.choice([1, 5, 20]))
    if objective in ("multiclass", "multiclassova"):
        p["num_class"] = classes
    draw = {
        "learning_rate": [0.05, 0.3, 1.0],
        "lambda_l1": [0.1, 1.0],
        "lambda_l2": [0.1, 5.0],
        "max_depth": [2, 4],
        "min_gain_to_split": [0.01, 0.5],
        "min_sum_hessian_in_leaf": [0.0, 1.0, 10.0],
        "max_delta_step": [0.1, 1.0],
        "path_smooth": [0.5, 10.0],
        "feature_fraction": [0.3, 0.7],
        "feature_fraction_bynode": [0.5, 0.8],
        "extra_trees": [True],
        "max_bin": [2, 3, 10, 63, 256, 300, 1000, 5000],
        "min_data_in_bin": [1, 10],
        "bin_construct_sample_cnt": [100],
        "use_missing": [False],
        "zero_as_missing": [True],
        "feature_pre_filter": [False],
        "boost_from_average": [False],
        "enable_bundle": [False],
        "seed": [1, 77],
        "cegb_tradeoff": [0.5],
        "cegb_penalty_split": [1e-4, 1e-3],
    }
    for name, choices in draw.items():
        if maybe(rng, 0.12):
            p[name] = rng.choice(choices).item()
    if "bin_construct_sample_cnt" in p:
        # bundles found from a sample lose values of rows outside of it, which ours don't (see train.ts)
        p["enable_bundle"] = False
    if maybe(rng, 0.15):
        p.update(bagging_fraction=float(rng.choice([0.3, 0.8])), bagging_freq=int(rng.choice([1, 3])))
    elif objective == "binary" and maybe(rng, 0.15):
        p.update(pos_bagging_fraction=0.5, neg_bagging_fraction=0.8, bagging_freq=1)
    elif maybe(rng, 0.08):
        p.update(data_sample_strategy="goss", learning_rate=0.3)
    if objective in ("lambdarank", "rank_xendcg") and "bagging_fraction" in p and maybe(rng, 0.5):
        p["bagging_by_query"] = True
    if maybe(rng, 0.08):
        p.update(boosting="dart", skip_drop=0.3)
    elif p.get("bagging_freq") and not p.get("bagging_by_query") and maybe(rng, 0.2):
        p["boosting"] = "rf"
    if maybe(rng, 0.25):
        signs = rng.integers(-1, 2, width)
        signs[categorical] = 0
        p["monotone_constraints"] = signs.tolist()
        p["monotone_constraints_method"] = str(rng.choice(["basic", "intermediate", "advanced"]))
        if maybe(rng, 0.3):
            p["monotone_penalty"] = float(rng.choice([0.5, 1.0, 2.5]))
    if maybe(rng, 0.08):
        p["interaction_constraints"] = [rng.integers(0, width, 2).tolist(), rng.integers(0, width, 3).tolist()]
    if maybe(rng, 0.05):
        p["feature_contri"] = rng.choice([1.0, 0.5, 0.1], width).tolist()
    if maybe(rng, 0.05):
        p["max_bin_by_feature"] = rng.choice([5, 30, 255, 400], width).tolist()
    if maybe(rng, 0.05):
        p["cegb_penalty_feature_coupled"] = rng.choice([0.0, 0.5, 5.0], width).tolist()
    if categorical.any():
        p["categorical_feature"] = np.flatnonzero(categorical).tolist()
        for name, choices in {
            "max_cat_to_onehot": [1, 10],
            "cat_smooth": [0.0, 1.0],
            "cat_l2": [0.0, 1.0],
            "max_cat_threshold": [2, 5],
            "min_data_per_group": [1, 20],
        }.items():
            if maybe(rng, 0.4):
                p[name] = rng.choice(choices).item()
    if objective == "regression" and maybe(rng, 0.1):
        p["reg_sqrt"] = True
    if objective == "binary":
        if maybe(rng, 0.15):
            p["is_unbalance"] = True
        elif maybe(rng, 0.15):
            p["scale_pos_weight"] = 3.0
        if maybe(rng, 0.1):
            p["sigmoid"] = 0.6
    if objective in ("huber", "quantile") and maybe(rng, 0.5):
        p["alpha"] = 0.3
    if objective == "multiclass" and maybe(rng, 0.3):
        p["multi_error_top_k"] = 2
    if objective in ("lambdarank", "rank_xendcg"):
        p["eval_at"] = [1, 3, 10]
        if maybe(rng, 0.3):
            p["lambdarank_norm"] = False
        if maybe(rng, 0.3):
            p["lambdarank_truncation_level"] = 3
    p["metric"] = METRICS.get(objective, METRICS["regression"]).split()
    if {"boosting", "max_delta_step", "bagging_freq"} & set(p):
        # scores that differ by rounding alone come in an order that depends on the last bit (see auc-mu.ts)
        p["metric"] = [name for name in p["metric"] if not name.startswith("auc")]
    return p


def forced_files(rng, features, kinds, params):
    """Contents of files of forced splits and bins, or None. LightGBM crashes on features that it does not use, and beyond num_leaves."""
    sound = np.flatnonzero(np.isin(kinds, ["normal", "rounded", "few", "skewed"]))
    if len(sound) == 0 or len(features) < 500 or params["num_leaves"] < 8 or params.get("max_depth"):
        return {}
    # LightGBM reads stale histograms of features that are not drawn, or that could not be split before
    if {"monotone_constraints", "extra_trees", "interaction_constraints", "feature_fraction"} & set(params):
        return {}

    def value(f):
        return float(rng.choice(features[:, f]))

    def split(depth):
        f = int(rng.choice(sound))
        made = {"feature": f, "threshold": value(f)}
        for side in ("left", "right"):
            if depth < 2 and maybe(rng, 0.5):
                made[side] = split(depth + 1)
        return made

    splits = split(0) if maybe(rng, 0.2) else None
    bins = [{"feature": int(f), "bin_upper_bound": sorted(value(f) for _ in range(3))} for f in sound]
    return dict(forcedsplits_filename=splits, forcedbins_filename=bins if maybe(rng, 0.2) else None)


def groups(rng, rows):
    """Sizes of queries that add up to `rows`."""
    sizes = []
    while sum(sizes) < rows:
        sizes.append(int(min(rng.integers(1, 40), rows - sum(sizes))))
    return sizes


def make_case(seed):
    """One case: parameters, training and validation tables."""
    rng = np.random.default_rng(seed)
    rows = int(rng.choice([25, 60, 200, 700, 2000, 5000]))
    width = int(rng.choice([1, 2, 5, 10, 20]))
    objective = str(rng.choice(OBJECTIVES))
    classes = int(rng.integers(2, 6)) if objective not in ("lambdarank", "rank_xendcg") else 4
    valid_rows = max(20, rows // 3)
    kinds = rng.choice(KINDS, width)
    made = [column(rng, rows + valid_rows, kind) for kind in kinds]
    features = np.column_stack([values for values, _ in made])
    categorical = np.array([c for _, c in made])
    if width > 1 and maybe(rng, 0.15):
        features[:, -1], categorical[-1] = features[:, 0], categorical[0]
    label = labels(rng, features, objective, classes)
    single = bool(maybe(rng, 0.7))
    features = features.astype(np.float32 if single else np.float64)
    weight = rng.random(rows + valid_rows).astype(np.float32) * 2 + 0.01 if maybe(rng, 0.25) else None
    params = parameters(rng, objective, classes, width, categorical)
    ranking = objective in ("lambdarank", "rank_xendcg")
    trees = params.get("num_class", 1)
    starts = rng.normal(size=(rows + valid_rows, trees)) * 0.1
    start = starts if maybe(rng, 0.08) and params.get("boosting") != "rf" else None

    def part(at, count):
        cut = slice(at, at + count)
        return dict(
            X=features[cut],
            y=label[cut].astype(np.float32),
            w=None if weight is None else weight[cut],
            group=groups(rng, count) if ranking else None,
            init=None if start is None else start[cut],
        )

    return dict(
        seed=seed,
        params=params,
        rounds=int(rng.choice([3, 10, 50])),
        train=part(0, rows),
        valid=part(rows, valid_rows),
        kinds=kinds.tolist(),
        files=forced_files(rng, features, kinds, params),
    )
