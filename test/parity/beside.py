#!/usr/bin/env python3
"""Runs one workflow with real qlib and with qrun and compares every table that both keep.

    PEER/bin/python test/parity/beside.py CONFIG.yaml [--peer-run DIR] [--keep DIR]

PEER is an environment with qlib (its python runs this script). Variables that the workflow reads (SP500=...) are passed on.
--peer-run takes a folder in which real qrun has been run already. One line a column: worst absolute and relative difference.
Exit 1 where the tables have other rows or columns, or a figure differs by more than 1e-6 relative (predictions 1e-5).
"""
import argparse
import os
import subprocess
import sys
import tempfile

import pandas as pd

from equal_tables import artifacts as newest, table_difference

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TABLES = ["pred.pkl", "label.pkl", "sig_analysis/ic.pkl", "sig_analysis/ric.pkl"]
PORTFOLIO = ["report_normal_1day.pkl", "indicators_normal_1day.pkl", "port_analysis_1day.pkl", "indicator_analysis_1day.pkl"]
TABLES += ["portfolio_analysis/" + name for name in PORTFOLIO]


def artifacts(folder):
    """The artifact folder of the newest run below a folder."""
    return newest(folder) or sys.exit(f"no run with a pred.pkl below {folder}")


def run(command, folder):
    os.makedirs(folder, exist_ok=True)
    log = os.path.join(folder, "beside.log")
    with open(log, "w") as out:
        if subprocess.run(command, cwd=folder, stdout=out, stderr=out, stdin=subprocess.DEVNULL).returncode:
            sys.exit(f"failed: {' '.join(command)} (see {log})")


def compare(name, ours, theirs):
    """Prints the worst differences of a table; returns whether it is equal within the tolerance."""
    columns = table_difference(ours, theirs)
    if columns is None:
        print(f"{name}: other rows or columns")
        return False
    tolerance, fine = (1e-5 if name == "pred.pkl" else 1e-6), True
    for column, absolute, relative, holes in columns:
        fine &= holes == 0 and relative <= tolerance
        print(f"{name:48} {str(column):20} absolute {absolute:9.2e}  relative {relative:9.2e}" + (f"  {holes} holes" if holes else ""))
    return fine


args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
args.add_argument("config")
args.add_argument("--peer-run")
args.add_argument("--keep")
args = args.parse_args()
config, work = os.path.abspath(args.config), args.keep or tempfile.mkdtemp(prefix="qrun-beside-")
peer = args.peer_run or os.path.join(work, "qlib")
if not args.peer_run:
    run([os.path.join(os.path.dirname(sys.executable), "qrun"), config], peer)
run(["node", os.path.join(ROOT, "runner", "bin", "qrun.mjs"), config], os.path.join(work, "qrun"))
ours, theirs = artifacts(os.path.join(work, "qrun")), artifacts(peer)
results = [compare(name, pd.read_pickle(f"{ours}/{name}"), pd.read_pickle(f"{theirs}/{name}")) for name in TABLES if os.path.exists(f"{theirs}/{name}")]
print(f"{sum(results)} of {len(results)} tables equal")
sys.exit(0 if results and all(results) else 1)
