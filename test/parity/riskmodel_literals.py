"""Prints what qlib's risk models give for fixed returns: the literals of test/components/riskmodel. Run: PEER/bin/python riskmodel_literals.py > .../literals.json"""
import json
import warnings

import numpy as np

warnings.simplefilter("ignore")
from qlib.model.riskmodel import POETCovEstimator, ShrinkCovEstimator, StructuredCovEstimator


def returns(rows, columns):
    """A market that moves all, and something of each one's own; no random numbers, so that the test makes the same."""
    t = np.arange(rows)[:, None]
    j = np.arange(columns)[None, :]
    market = np.sin(1.7 * t) + np.cos(0.37 * t * t)
    own = np.sin(12.9898 * (t + 1) * (j + 1) + 78.233 * (j + 1)) * (1 + 0.2 * j)
    return 0.01 * (market * (0.5 + 0.1 * j) + own)


def figures(S):
    S = np.asarray(S)
    n = len(S)
    return {"trace": float(np.trace(S)), "sum": float(S.sum()), "norm": float(np.linalg.norm(S)), "first": float(S[0, 0]), "corner": float(S[0, n - 1]), "last": float(S[n - 1, n - 2])}


def gaps(X):
    X = X.copy()
    X[3, 1] = X[4, 1] = X[10, 0] = np.nan
    return X


X = returns(40, 7)
WIDE = returns(12, 20)
out = {}


def add(name, model, data, **kwargs):
    out[name] = figures(model.predict(data.copy(), is_price=False, **kwargs))


for target in ["const_var", "const_corr", "single_factor"]:
    for alpha in ["lw", 0.3]:
        add(f"shrink {alpha} {target}", ShrinkCovEstimator(alpha=alpha, target=target), X)
    add(f"shrink lw {target} wide", ShrinkCovEstimator(alpha="lw", target=target), WIDE)
add("shrink oas const_var", ShrinkCovEstimator(alpha="oas"), X)
add("shrink 0.0 const_var fill", ShrinkCovEstimator(alpha=0.0, nan_option="fill"), gaps(X))
add("shrink 0.0 const_var mask", ShrinkCovEstimator(alpha=0.0, nan_option="mask"), gaps(X))
add("shrink lw const_var mask", ShrinkCovEstimator(alpha="lw", nan_option="mask"), gaps(X))
add("shrink lw single_factor mask", ShrinkCovEstimator(alpha="lw", target="single_factor", nan_option="mask"), gaps(X))
add("shrink lw const_var centered unscaled", ShrinkCovEstimator(alpha="lw", assume_centered=True, scale_return=False), X)
add("shrink 0.3 const_corr correlation", ShrinkCovEstimator(alpha=0.3, target="const_corr"), X, return_corr=True)
for method in ["soft", "hard", "scad"]:
    for factors in [0, 2]:
        add(f"poet {factors} {method}", POETCovEstimator(num_factors=factors, thresh=0.5, thresh_method=method), X)
add("poet 3 soft wide", POETCovEstimator(num_factors=3), WIDE)
for model in ["pca", "fa"]:
    add(f"structured {model} 3", StructuredCovEstimator(factor_model=model, num_factors=3), X)
    add(f"structured {model} 2 gaps", StructuredCovEstimator(factor_model=model, num_factors=2), gaps(X))
    add(f"structured {model} 3 wide", StructuredCovEstimator(factor_model=model, num_factors=3), WIDE)
    add(f"structured {model} 3 centered", StructuredCovEstimator(factor_model=model, num_factors=3, assume_centered=True), X)
F, cov_b, var_u = StructuredCovEstimator(num_factors=3).predict(X.copy(), is_price=False, return_decomposed_components=True)
out["parts"] = {"exposure": F.tolist(), "factors": cov_b.tolist(), "residual": var_u.tolist()}
prices = 10 * np.cumprod(1 + X, axis=0)
out["prices"] = figures(ShrinkCovEstimator(alpha="lw").predict(prices))
print(json.dumps(out, indent=1))
