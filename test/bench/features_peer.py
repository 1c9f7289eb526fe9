"""qlib's Alpha158 handler on a data folder: prints the fields as JSON, then the seconds that loading took.

usage: features_peer.py DATA START END KERNELS
"""
import json
import sys
import time

import qlib
from qlib.contrib.data.handler import Alpha158
from qlib.contrib.data.loader import Alpha158DL

data, start, end, kernels = sys.argv[1:5]
expressions, names = Alpha158DL.get_feature_config(
    {"kbar": {}, "price": {"windows": [0], "feature": ["OPEN", "HIGH", "LOW", "VWAP"]}, "rolling": {}}
)
print(json.dumps([list(pair) for pair in zip(names, expressions)]), flush=True)
begin = time.time()
qlib.init(provider_uri=data, region="us", kernels=int(kernels), logging_level=50)
handler = Alpha158(instruments="all", start_time=start, end_time=end, infer_processors=[], learn_processors=[])
print(json.dumps({"seconds": time.time() - begin, "rows": len(handler._data)}), flush=True)
