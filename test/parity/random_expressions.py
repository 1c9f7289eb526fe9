"""Evaluates expressions with real qlib, one after the other: prints a line of JSON each, `{"rows": n}` or `{"error": text}`, and appends the rows'
instruments, days and values to files. Run by random_expressions.mjs.

usage: random_expressions.py DATA REQUEST.json OUT
"""
import json
import sys
import warnings

import numpy as np
import qlib
from qlib.data import D

warnings.filterwarnings("ignore")
data, request, out = sys.argv[1:4]
with open(request) as file:
    asked = json.load(file)
qlib.init(provider_uri={"day": data, "1min": data} if asked["freq"] != "day" else data, region="us", kernels=1, logging_level=50, joblib_backend="threading")
with open(out + ".values", "wb") as values, open(out + ".labels", "w") as labels:
    for expression in asked["expressions"]:
        try:
            frame = D.features(asked["instruments"], [expression], asked["start"], asked["end"], freq=asked["freq"], disk_cache=0)
            column = frame.iloc[:, 0].astype(np.float32)
            labels.write(
                json.dumps([[name, str(day).replace(" 00:00:00", "")] for name, day in frame.index.tolist()]) + "\n"
            )
            np.asarray(column, dtype="<f4").tofile(values)
            print(json.dumps({"rows": len(column)}), flush=True)
        except Exception as error:  # pylint: disable=broad-except
            labels.write("[]\n")
            print(json.dumps({"error": f"{type(error).__name__}: {error}"[:200]}), flush=True)
