"""Makes test/golden-demo: what Python qlib computes on the demo market.

  node runner/bin/qrun.mjs data demo .cache/demo
  PYTHONHASHSEED=0 python test/parity/make_demo_goldens.py .cache/demo test/golden-demo

needs pyqlib 0.9.7 with lightgbm 4.7 and pandas 2.2. The form is that of any tree that `npm run test:goldens` takes: data/ and backtest/.
Only needed again when the demo market changes (demoMarketVersion).
"""
import argparse
import os
import shutil
import sys

import numpy as np
import pandas as pd

from backtest_goldens import make_analysis, make_backtests
from data_goldens import make_handlers, make_ops, make_processors
from dataset_goldens import make_datasets
from golden_files import BacktestFiles
from model_goldens import make_models

INDEX = "DEMO_INDEX"


def pick(market):
    """Instruments that show something: suspended within the year, listed late, delisted, paying, split, quiet ones."""
    from qlib.data import D

    close = D.features(D.instruments(market), ["$close", "$factor"])
    table = close["$close"].unstack("instrument")
    spans = D.list_instruments(D.instruments(market))
    last = table.index[-1]
    delisted = [c for c, s in spans.items() if s[-1][1] < last]
    late = sorted(c for c, s in spans.items() if s[0][0] > table.index[300])
    year = table.loc["2021-01-01":"2021-12-31"]
    missing = year.isna().sum()
    halted = sorted((c for c in table.columns if missing[c] > 5 and c not in late + delisted), key=lambda c: -missing[c])
    factor = close["$factor"].unstack("instrument").loc["2021-01-01":"2021-12-31"]
    split = [c for c in table.columns if ((factor[c] / factor[c].shift() - 1).abs() > 0.2).any() and c not in halted + late + delisted]
    rest = [c for c in table.columns if c not in halted + split + late + delisted]
    return {"delisted": delisted, "late": late, "halted": halted, "split": split, "rest": rest}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("market", help="the demo market")
    parser.add_argument("out", help="folder of the golden results, replaced")
    args = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":
        sys.exit("set PYTHONHASHSEED=0: qlib sells in the order of a set")
    import qlib
    from qlib.data import D

    qlib.init(provider_uri=args.market, region="us", kernels=1, logging_level=50)
    np.seterr(all="ignore")
    shutil.rmtree(args.out, ignore_errors=True)
    kinds = pick("all")
    mixed = sorted(kinds["halted"][:6] + kinds["split"][:3] + kinds["late"][:4] + kinds["delisted"] + kinds["rest"][:12])
    sample = [kinds["halted"][0], kinds["split"][0], kinds["rest"][0]]
    last = D.calendar()[-1]
    gone = D.list_instruments(D.instruments("all"))[kinds["delisted"][0]][-1][1]

    def around(days, before, after):
        calendar = pd.DatetimeIndex(D.calendar())
        at = calendar.get_loc(days)
        return [str(calendar[max(0, at - before)].date()), str(calendar[min(len(calendar) - 1, at + after)].date())]

    halted = D.features([sample[0]], ["$close"], "2021-01-01", "2021-12-31")["$close"].droplevel(0)
    halt = around(halted.index[halted.isna()][0], 6, 18)
    make_ops(f"{args.out}/data/ops", [*sample, kinds["late"][0], kinds["delisted"][0]], {
        "main": halt, "head": around(D.calendar()[0], 0, 15), "tail": [around(last, 9, 0)[0], str((last + pd.Timedelta(days=30)).date())],
        "delisting": around(gone, 8, 4),
    }, INDEX)
    year = ("2021-01-04", "2021-12-31", "2021-08-31")
    make_handlers(f"{args.out}/data/handlers", sorted({*mixed[::2], *sample}), sample, {"w1": ["2021-01-04", "2021-01-05"], "w2": around(pd.Timestamp(halt[0]), -5, 8)}, *year)
    make_processors(f"{args.out}/data/processors", mixed[:6], *around(pd.Timestamp(halt[0]), 0, 9))
    make_datasets(f"{args.out}/data/datasets", mixed[:5], *around(pd.Timestamp(halt[0]), 0, 59), "demo50", ("2021-01-04", "2021-04-30"))
    make_models(f"{args.out}/data/models", sorted(mixed + kinds["rest"][12:24]), {
        "train": ["2019-01-02", "2020-06-30"], "valid": ["2020-07-01", "2020-10-30"], "test": ["2020-11-02", "2020-12-15"]})
    codes = sorted(set(mixed + kinds["rest"][12:30] + kinds["halted"][6:10]))
    period = around(gone, 24, 14)
    signal = make_backtests(f"{args.out}/backtest/backtest", codes, period, around(gone, 30, 0)[0], INDEX)
    files = BacktestFiles(f"{args.out}/backtest")
    # a second run with PYTHONHASHSEED=1 differs only in the order of sales within a day
    files.json("determinism.json", {"unstable_cases": {}})
    make_analysis(f"{args.out}/backtest/analysis", f"{args.out}/backtest/backtest", codes, signal, period)


if __name__ == "__main__":
    main()
