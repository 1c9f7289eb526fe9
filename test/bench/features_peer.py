"""qlib's Alpha158 handler on a data folder: prints the seconds from qlib.init to the whole handler, and its rows.

usage: features_peer.py DATA START END [KERNELS]
"""
import json
import sys
import time

import qlib
from qlib.contrib.data.handler import Alpha158

data, start, end, *kernels = sys.argv[1:]
begin = time.time()
qlib.init(provider_uri=data, region="us", logging_level=50, **({"kernels": int(kernels[0])} if kernels else {}))
handler = Alpha158(instruments="all", start_time=start, end_time=end)
told = {"seconds": time.time() - begin, "raw": len(handler._data), "learn": len(handler._learn)}
print(json.dumps(told), flush=True)
