"""Weight strategies of the random backtests, as a user would write them."""
import importlib.util
import os

from qlib.contrib.strategy.signal_strategy import WeightStrategyBase


class EqualWeightTopk(WeightStrategyBase):
    def __init__(self, *, topk, **kwargs):
        super().__init__(**kwargs)
        self.topk = topk

    def best(self, score):
        score = score.iloc[:, 0] if getattr(score, "ndim", 1) == 2 else score
        return list(score.sort_values(ascending=False).dropna().index[: self.topk])

    def generate_target_weight_position(self, score, current, trade_start_time, trade_end_time):
        return {code: 1 / self.topk for code in self.best(score)}


class RankWeightTopk(EqualWeightTopk):
    def generate_target_weight_position(self, score, current, trade_start_time, trade_end_time):
        total = self.topk * (self.topk + 1) / 2
        return {code: (self.topk - i) / total for i, code in enumerate(self.best(score))}


class NoneWeight(EqualWeightTopk):
    def generate_target_weight_position(self, *args, **kwargs):
        return None if self.trade_calendar.get_trade_step() % 2 == 1 else super().generate_target_weight_position(*args, **kwargs)


if os.environ.get("QLIB_SOURCE"):  # a folder with a later source tree of qlib, whose SoftTopkStrategy can be constructed
    file = os.path.join(os.environ["QLIB_SOURCE"], "qlib", "contrib", "strategy", "cost_control.py")
    spec = importlib.util.spec_from_file_location("qlib.contrib.strategy._later_cost_control", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    class SoftTopkUpstream(module.SoftTopkStrategy):
        def generate_target_weight_position(self, score, current, trade_start_time, trade_end_time, **kwargs):
            score = score.iloc[:, 0] if getattr(score, "ndim", 1) == 2 else score
            return super().generate_target_weight_position(score, current, trade_start_time, trade_end_time, **kwargs)
