#!/usr/bin/env python3
"""Whole workflows, drawn from a seed on made-up markets, run by real qlib and by qrun, and every table that both keep compared.

    PYTHONHASHSEED=0 PEER/bin/python test/parity/random_workflows.py [COUNT] [SEED] [--models LGBModel,LinearModel] [--handlers loader,Alpha158] [--minutes] [--keep DIR] [--again]

PEER is an environment with qlib; XGB names the site-packages of xgboost and catboost, if they are elsewhere. Five workflows share a market. --again runs only qrun, on what --keep holds.
A line a case: worst difference of predictions (by their standard deviation), worst relative one of all else, and what differs by more than 1e-6 (predictions 1e-5). Cases that one side refuses are named with the message. Ends with 1 where
anything differs or qrun refuses what qlib runs.
"""
import argparse
import glob
import logging
import os
import pickle
import subprocess
import sys
import tempfile
import time
import traceback
import warnings

import numpy as np
import pandas as pd
import yaml

from equal_tables import artifacts, table_difference
from random_markets import write_market, write_minute_market
from random_workflow_cases import Draw, MinuteDraw

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MODELS, HANDLERS = "LGBModel,LGBModel,LinearModel", "loader,loader,loader,Alpha158,Alpha158,Alpha158vwap,Alpha360,Alpha360vwap"


def run_qlib(config, folder):
    """In a process of its own; returns the error's last lines, if any."""
    os.makedirs(folder, exist_ok=True)
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            out = os.open(os.path.join(folder, "log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(out, 1), os.dup2(out, 2)
            os.chdir(folder)
            from qlib.cli.run import workflow
            from qlib.config import C
            warnings.simplefilter("ignore")
            np.random.seed(0)
            workflow(config)
            code = 0
        except BaseException:
            with open("error", "w") as f:
                f.write(traceback.format_exc())
            traceback.print_exc()
        finally:
            sys.stdout.flush(), sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    error = os.path.join(folder, "error")
    if not status:
        return None
    return open(error).read() if os.path.exists(error) else f"status {status}"


def run_qrun(config, folder):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "log"), "w") as out:
        done = subprocess.run(["node", f"{ROOT}/runner/bin/qrun.mjs", config, "--no-cache"], cwd=folder, stdout=out, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    return None if done.returncode == 0 else done.stderr.strip() or f"status {done.returncode}"


def metrics(folder):
    out = {}
    for file in glob.glob(os.path.join(os.path.dirname(folder), "metrics", "*")):
        out[os.path.basename(file)] = float(open(file).read().split("\n")[-2].split()[1])
    return out


def positions_difference(ours, theirs):
    """Worst relative difference of amounts, prices and cash; None where days or holdings are other ones."""
    if list(ours) != list(theirs):
        return None
    worst = 0.0
    for day in theirs:
        a, b = (x[day].position for x in (ours, theirs))
        if set(a) != set(b):
            return None
        for code, value in b.items():
            pairs = [(a[code][k], value[k]) for k in value if k != "weight" or k in a[code]] if isinstance(value, dict) else [(a[code], value)]
            for x, y in pairs:
                if x != y and not (np.isnan(x) and np.isnan(y)):
                    worst = max(worst, abs(x - y) / max(abs(y), 1e-6))
    return worst


def compare(ours, theirs):
    """Worst difference of predictions (by their standard deviation) and of all else, and what is wrong."""
    wrong, worst = [], {"pred": 0.0, "rest": 0.0}
    pred = pd.read_pickle(f"{theirs}/pred.pkl").iloc[:, 0]
    # numpy's correlation of a constant is NaN or noise, as its mean rounds; ours is NaN
    constant = (pred.groupby("datetime").nunique() < 2).any()
    for name in sorted(os.path.relpath(f, theirs) for f in glob.glob(f"{theirs}/**/*.pkl", recursive=True)):
        if name == "params.pkl" or name.endswith("_obj.pkl") or (constant and name == "sig_analysis/ic.pkl"):
            continue
        if not os.path.exists(f"{ours}/{name}"):
            wrong.append(f"{name} missing")
            continue
        a, b = (pd.read_pickle(f"{folder}/{name}") for folder in (ours, theirs))
        if "positions" in name:
            difference = positions_difference(a, b)
            worst["rest"] = max(worst["rest"], difference or 0)
            if difference is None or difference > 1e-6:
                wrong.append(f"{name} {'other holdings' if difference is None else f'{difference:.1e}'}")
            continue
        columns = table_difference(a, b)
        if columns is None:
            wrong.append(f"{name} other rows or columns {a.shape} {b.shape}")
            continue
        for column, absolute, relative, holes in columns:
            if name == "pred.pkl":
                kind, tolerance, relative = "pred", 1e-5, absolute / (pred.std() or 1)
            else:
                kind, tolerance = "rest", 1e-6
            if "_analysis_" in name and absolute < 1e-9 and not holes:
                continue
            worst[kind] = max(worst[kind], relative)
            if holes or relative > tolerance:
                wrong.append(f"{name}.{column} {relative:.1e}" + (f" {holes} holes" if holes else ""))
    a, b = metrics(ours), metrics(theirs)
    for key, value in b.items():
        if constant and key in ("IC", "ICIR"):
            continue
        if key not in a:
            wrong.append(f"metric {key} missing")
        elif a[key] != value and not (np.isnan(a[key]) and np.isnan(value)) and not abs(a[key] - value) <= 1e-6 * max(abs(value), 1e-3):
            wrong.append(f"metric {key} {a[key]} {value}")
    return worst, wrong


def describe(flow):
    task = flow["task"]
    handler, model = task["dataset"]["kwargs"]["handler"], task["model"]
    executor = [r["kwargs"]["config"].get("executor", {"kwargs": {"time_per_step": "default"}}) for r in task["record"] if r["class"] == "PortAnaRecord"]
    step = executor[0]["kwargs"]["time_per_step"] if executor else "none"
    return f"{flow['qlib_init']['region']} {handler['class']} {model['class']} {model['kwargs'].get('estimator') or model['kwargs'].get('loss')} {step}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, nargs="?", default=20)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--models", default=MODELS)
    parser.add_argument("--handlers", default=HANDLERS)
    parser.add_argument("--minutes", action="store_true", help="markets with minutes")
    parser.add_argument("--keep")
    parser.add_argument("--again", action="store_true")
    args = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":
        sys.exit("set PYTHONHASHSEED=0: qlib sells in the order of a set")
    if os.environ.get("XGB"):
        sys.path.append(os.environ["XGB"])
    logging.disable(logging.INFO)
    # what every run needs is imported once
    import mlflow, qlib.cli.run, qlib.contrib.data.handler, qlib.contrib.model.gbdt, qlib.contrib.model.linear, qlib.contrib.strategy, qlib.workflow.record_temp  # noqa: E401,F401
    work = args.keep or tempfile.mkdtemp(prefix="qrun-workflows-")
    kinds = {"models": args.models.split(","), "handlers": args.handlers.split(",")}
    count = dict.fromkeys(["equal", "different", "kinder", "both"], 0)
    for seed in range(args.seed, args.seed + args.count):
        group = seed // 5
        market_file = f"{work}/market-{group}.pickle"
        if not os.path.exists(market_file):
            place = f"{work}/market-{group}"
            market = write_minute_market(place, group) if args.minutes else write_market(place, group, ["cn", "us", "tw"][group % 3], 24 + group % 4 * 6, 2 + group % 2)
            with open(market_file, "wb") as f:
                pickle.dump(market, f)
        with open(market_file, "rb") as f:
            market = pickle.load(f)
        folder = f"{work}/{seed}"
        os.makedirs(folder, exist_ok=True)
        flow = (MinuteDraw if args.minutes else Draw)(seed, market, kinds).workflow()
        config = f"{folder}/workflow.yaml"
        if not args.again:
            with open(config, "w") as f:
                yaml.safe_dump(flow, f, sort_keys=False)
        begin = time.time()
        peer_error = (open(f"{folder}/qlib/error").read() if os.path.exists(f"{folder}/qlib/error") else None) if args.again else run_qlib(config, f"{folder}/qlib")
        middle = time.time()
        our_error = run_qrun(config, f"{folder}/qrun")
        took = f"{middle - begin:.0f} s, {time.time() - middle:.0f} s"
        flow = yaml.safe_load(open(config))
        if peer_error or our_error:
            outcome = "both" if peer_error and our_error else "kinder" if peer_error else "different"
            text = f"qlib: {peer_error.strip().splitlines()[-1][:160]} " if peer_error else ""
            text += f"qrun: {our_error[:300]}" if our_error else ""
        else:
            worst, wrong = compare(artifacts(f"{folder}/qrun"), artifacts(f"{folder}/qlib"))
            outcome = "different" if wrong else "equal"
            text = f"pred {worst['pred']:.0e} rest {worst['rest']:.0e} " + "; ".join(wrong[:6])
        count[outcome] += 1
        print(f"{seed} {outcome:9} {describe(flow)} ({took}): {text}", flush=True)
    print(", ".join(f"{n} {name}" for name, n in count.items()))
    sys.exit(1 if count["different"] else 0)


if __name__ == "__main__":
    main()
