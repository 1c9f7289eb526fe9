"""What two runs keep, compared: tables, positions, metrics."""
import glob
import os

import numpy as np
import pandas as pd


def artifacts(folder):
    """The artifact folder of the newest run below a folder; None without one."""
    runs = glob.glob(os.path.join(folder, "mlruns", "*", "*", "artifacts", "pred.pkl"))
    return os.path.dirname(max(runs, key=os.path.getmtime)) if runs else None


def column_difference(ours, theirs):
    """Worst absolute and relative difference of two columns, and how many values only one of them has."""
    a, b = (np.asarray(t, dtype="float64") for t in (ours, theirs))
    holes = int((np.isnan(a) != np.isnan(b)).sum())
    with np.errstate(invalid="ignore"):
        difference = np.where(a == b, 0, np.nan_to_num(np.abs(a - b), posinf=np.inf))
    # returns of a day may be zero: relative to the column's own size as well
    scale = np.maximum(np.abs(np.nan_to_num(b)), np.nanmax(np.abs(b), initial=0.0) * 1e-6)
    relative = float(np.max(np.divide(difference, scale, out=np.zeros_like(difference), where=scale > 0), initial=0.0))
    return float(difference.max(initial=0.0)), relative, holes


def table_difference(ours, theirs):
    """A list of (column, absolute, relative, holes), or None where rows or columns are other ones."""
    if isinstance(ours, pd.Series):
        ours, theirs = ours.to_frame("value"), theirs.to_frame("value")
    if not ours.index.equals(theirs.index) or list(ours.columns) != list(theirs.columns):
        return None
    return [(column, *column_difference(ours[column], theirs[column])) for column in theirs.columns]
