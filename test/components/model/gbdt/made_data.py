"""The data of the cases, made from a small generator so that made-data.ts makes the same."""
import numpy as np

FEATURES = 8


class Chance:
    """the generator of makeCase in made-data.ts"""

    def __init__(self, seed):
        self.x = seed

    def next(self):
        self.x = (self.x * 1664525 + 1013904223) % 2**32
        return self.x / 2**32


def make(rows, seed, labels):
    chance = Chance(seed)
    X = np.zeros((rows, FEATURES))
    y = np.zeros(rows)
    for r in range(rows):
        for f in range(FEATURES):
            u = chance.next() + chance.next() - 1
            if f == 1:
                u = np.floor(u * 6)
            if f == 2:
                u = max(0.0, u)
            if f == 3 and chance.next() < 0.1:
                u = np.nan
            X[r, f] = np.float32(u)
        # only exact arithmetic, so that every machine makes the same labels
        value = X[r, 0] * X[r, 1] + X[r, 2] + (chance.next() - 0.5)
        if labels == "positive":
            value = abs(value) + 0.1
        elif labels == "unit":
            value = min(1.0, max(0.0, value + 0.5))
        elif labels == "classes":
            value = min(3.0, max(0.0, np.floor(value * 2 + 1.5)))
        elif labels == "binary":
            value = float(value > 0.2)
        y[r] = np.float32(value)
    return X.astype(np.float32), y.astype(np.float32), np.array([np.float32(chance.next() * 2) for _ in range(rows)])
