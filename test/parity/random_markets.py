"""Made-up daily markets, drawn from a seed, in qlib's layout: what China, the United States and Taiwan have that a tidy market lacks.

Suspensions (rows of NaN, or the last close with no volume), days locked at the price limit, splits and payouts in $factor, late listings, delistings, holidays,
a market whose members change several times, an index that no market lists, names in lower case, with dots and digits, or reserved by Windows, and data without $vwap or $factor.
"""
import random
from pathlib import Path

import numpy as np
import pandas as pd

HOLIDAYS = {
    "cn": [("01-01", 1), ("02-08", 7), ("05-01", 3), ("10-01", 7)],
    "us": [("01-01", 1), ("01-18", 1), ("05-30", 1), ("07-04", 1), ("11-25", 1), ("12-25", 1)],
    "tw": [("01-01", 1), ("02-05", 8), ("04-04", 2), ("10-10", 1)],
}
US_NAMES = ["AAPL", "brk.b", "BF.B", "3M", "CON", "msft", "A", "T", "X1", "PRN", "C", "GOOG", "goog2", "Nvda"]


def names_of(rng, region, count):
    if region == "cn":
        return sorted(rng.sample([f"{side}{base + i:06d}" for side, base in (("SH", 600000), ("SZ", 0), ("SZ", 300000)) for i in range(1, 200)], count))
    if region == "tw":
        return sorted(rng.sample([f"{i}" for i in range(1101, 3700, 7)], count))
    return sorted(US_NAMES + ["".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(4)) + str(i) for i in range(max(0, count - len(US_NAMES)))])[:count]


def trading_days(region, start, years):
    days = pd.bdate_range(start, periods=261 * years)
    shut = pd.DatetimeIndex([])
    for year in range(days[0].year, days[-1].year + 1):
        for date, length in HOLIDAYS[region]:
            shut = shut.union(pd.date_range(f"{year}-{date}", periods=length))
    return days.difference(shut)


def bars(draws, count, market, limit):
    """Raw prices of one instrument, their factor, and which days were locked at the limit."""
    change = np.where(draws.random(count) < 0.03, 2.5, 1) * draws.normal(0.0003, 0.018, count) + 0.9 * market
    if limit:
        change = np.clip(change, -limit, limit)
    locked = np.abs(change) >= limit if limit else np.zeros(count, bool)
    close = draws.uniform(3, 90) * np.exp(np.cumsum(np.log1p(change)))
    before = np.concatenate([[close[0]], close[:-1]])
    open_ = np.where(locked, close, before * (1 + draws.normal(0, 0.005, count)))
    wide = np.where(locked, 0, np.abs(draws.normal(0, 0.006, (2, count))))
    high, low = np.maximum(open_, close) * (1 + wide[0]), np.minimum(open_, close) * (1 - wide[1])
    volume = np.round(np.exp(draws.normal(11, 1, count)) / 100) * 100 + 100
    factor = np.ones(count)
    for day in np.flatnonzero(draws.random(count) < 0.003):
        factor[day:] *= draws.choice([1.02, 1.5, 2.0, 0.1])
    raw = 1 / factor
    return {"open": open_, "close": close, "high": high, "low": low, "vwap": (high + low + 2 * close) / 4, "volume": volume * raw**-1, "factor": factor * draws.uniform(0.2, 4)}


def suspend(draws, values, count):
    """Spells without trade: rows of NaN, or a close that stands still without volume."""
    for _ in range(draws.integers(0, 5)):
        at, length = draws.integers(1, max(2, count - 2)), int(draws.choice([1, 2, 5, 30]))
        spell = slice(at, min(count, at + length))
        if draws.random() < 0.7:
            for x in values.values():
                x[spell] = np.nan
        else:
            for name in ("open", "close", "high", "low", "vwap"):
                if name in values:
                    values[name][spell] = values["close"][at - 1]
            values["volume"][spell] = 0


def write_bins(folder, begin, values):
    folder.mkdir(parents=True, exist_ok=True)
    for name, x in values.items():
        np.concatenate([[begin], x]).astype("<f").tofile(folder / f"{name}.day.bin")


def folder_of(code):
    """Names that Windows reserves have another folder in qlib."""
    reserved = {"CON", "PRN", "AUX", "NUL", *(f"{p}{i}" for p in ("COM", "LPT") for i in range(10))}
    return f"_qlib_{code}".lower() if code.upper() in reserved else code.lower()


def write_market(root, seed, region, count, years):
    """Returns what cases are drawn from: names, spans, days, fields, markets, index."""
    rng, draws = random.Random(seed), np.random.default_rng(seed)
    root = Path(root)
    days = trading_days(region, f"{rng.randrange(2005, 2018)}-{rng.randrange(1, 13):02d}-03", years)
    limit = {"cn": 0.1, "tw": 0.1, "us": None}[region]
    codes = names_of(rng, region, count)
    market = draws.normal(0.0002, 0.009, len(days))
    without = rng.choice([(), (), (), ("vwap",), ("factor",) if region == "us" else ("vwap",)])
    spans, size = {}, len(days)
    for code in codes:
        begin = 0 if rng.random() < 0.75 else rng.randrange(1, size // 2)
        end = size if rng.random() < 0.8 else rng.randrange(min(begin + size // 4, size - 1), size)
        values = bars(draws, end - begin, market[begin:end], limit)
        suspend(draws, values, end - begin)
        values["change"] = values["close"] / pd.Series(values["close"]).ffill().shift().to_numpy() - 1
        if rng.random() < 0.3:
            values["change"][0] = 0
        write_bins(root / "features" / folder_of(code), begin, {k: v for k, v in values.items() if k not in without})
        spans[code] = (begin, end - 1)
    index = {"cn": "SH000300", "us": "^GSPC", "tw": "IX0001"}[region]
    level = 3000 * np.exp(np.cumsum(market))
    write_bins(root / "features" / index.lower(), 0, {"close": level, "open": level, "high": level, "low": level, "volume": np.full(size, 1e6), "change": np.expm1(market), "factor": np.ones(size)})
    for sub in ("calendars", "instruments"):
        (root / sub).mkdir(parents=True, exist_ok=True)
    date = [f"{d:%Y-%m-%d}" for d in days]
    (root / "calendars/day.txt").write_text("".join(f"{d}\n" for d in date))
    listed = {index: (0, size - 1), **spans} if rng.random() < 0.3 else spans
    (root / "instruments/all.txt").write_text("".join(f"{c}\t{date[a]}\t{date[b]}\n" for c, (a, b) in listed.items()))
    (root / "instruments/core.txt").write_text("".join(members(rng, spans, days, date)))
    return {"region": region, "root": str(root), "days": days, "codes": codes, "spans": spans, "index": index, "without": without, "seed": seed}


def members(rng, spans, days, date):
    """Half of the names, reshuffled every half year: an index as csi300.txt writes it, some spans ending far in the future."""
    lines, step = {}, 125
    for begin in range(0, len(days), step):
        alive = [c for c, (a, b) in spans.items() if a <= begin and b >= begin]
        stay = [c for c in alive if c in lines and lines[c][-1][1] == begin - 1 and rng.random() < 0.85]
        chosen = stay + rng.sample([c for c in alive if c not in stay], max(0, len(alive) // 2 - len(stay)))
        for code in chosen:
            if code in stay:
                lines[code][-1][1] = begin + step - 1
            else:
                lines.setdefault(code, []).append([begin, begin + step - 1])
    for code, parts in sorted(lines.items()):
        for a, b in parts:
            yield f"{code}\t{date[a]}\t{date[b] if b < len(date) else '2099-12-31'}\n"


def write_minute_market(root, seed, region="cn", count=8, length=45):
    """Days and their minutes, in one folder: halts of a day or of some minutes, days that end early."""
    rng, draws = random.Random(seed), np.random.default_rng(seed)
    root = Path(root)
    days = trading_days(region, f"{rng.randrange(2012, 2020)}-{rng.randrange(1, 10):02d}-03", 1)[:length]
    spells = [(571, 691), (781, 901)] if region == "cn" else [(571, 961)]
    full = [pd.Timedelta(minutes=m) for a, b in spells for m in range(a, b)]
    times = pd.DatetimeIndex([d + m for d in days for m in (full[: len(full) // 2] if rng.random() < 0.05 else full)])
    day_of = times.normalize()
    codes = names_of(rng, region, count)
    for code in [*codes, "INDEX"]:
        n = len(times)
        close = draws.uniform(5, 60) * np.exp(np.cumsum(draws.normal(0, 0.0009, n)))
        open_ = np.concatenate([[close[0]], close[:-1]]) * (1 + draws.normal(0, 0.0003, n))
        bars = {"open": open_, "close": close, "high": np.maximum(open_, close) * 1.0002, "low": np.minimum(open_, close) * 0.9997, "vwap": (open_ + close) / 2,
                "volume": np.round(np.exp(draws.normal(7, 1, n))) * 100, "factor": np.full(n, draws.uniform(0.3, 3))}
        if code != "INDEX":
            for _ in range(rng.randrange(3)):
                at = rng.randrange(1, n - 300)
                for x in bars.values():
                    x[at:at + rng.choice([3, 60, 240])] = np.nan
        frame = pd.DataFrame(bars, index=times)
        daily = frame.groupby(day_of).agg({"open": "first", "close": "last", "high": "max", "low": "min", "vwap": "mean", "volume": lambda x: x.sum(min_count=1), "factor": "last"})
        for freq, table in (("1min", frame), ("day", daily)):
            table = table.assign(change=table["close"] / table["close"].ffill().shift() - 1)
            folder = root / "features" / folder_of(code)
            folder.mkdir(parents=True, exist_ok=True)
            for name in table:
                np.concatenate([[0], table[name]]).astype("<f").tofile(folder / f"{name}.{freq}.bin")
    for sub in ("calendars", "instruments"):
        (root / sub).mkdir(parents=True, exist_ok=True)
    (root / "calendars/day.txt").write_text("".join(f"{d:%Y-%m-%d}\n" for d in days))
    (root / "calendars/1min.txt").write_text("".join(f"{t:%Y-%m-%d %H:%M:%S}\n" for t in times))
    (root / "instruments/all.txt").write_text("".join(f"{c}\t{days[0]:%Y-%m-%d}\t{days[-1]:%Y-%m-%d} 15:00:00\n" for c in codes))
    return {"region": region, "root": str(root), "days": days, "codes": codes, "index": "INDEX", "without": (), "seed": seed, "minutes": True}
