import type { OrderIndicator } from '../../components/backtest/order-indicator.ts';
import type { TradeIndicator, TradeIndicators } from '../../components/backtest/trade-indicator.ts';
import { PyFloat, PyObject, PyTimestamp, PyTuple } from '../../components/core/python.ts';
import { NumpyArray, PyGlobal, PyReduced, Transient } from '../pickle/values.ts';

const dataStructures = 'qlib.backtest.high_performance_ds';
const orderIndicator = 'NumpyOrderIndicator';

/** `indicators_normal_1day_obj.pkl`: an instance of qlib's Indicator with the figures of each order, step by step. */
export function indicatorsToPython(indicators: TradeIndicators): PyObject {
  const times = [...indicators.orders.keys()].map((time) => new PyTimestamp(time));
  const steps = [...indicators.orders.values()];
  const last = steps.length > 0 ? ordersToPython(steps.at(-1)!) : undefined;
  // the last is referred to twice
  const orders = steps.map((step, i) =>
    i === steps.length - 1 ? last : new Transient(() => ordersToPython(step)),
  );
  const trades = indicators.rows.map(tradesToPython);
  return new PyObject(
    'qlib.backtest.report',
    'Indicator',
    new Map<string, unknown>([
      ['order_indicator_cls', new PyGlobal(dataStructures, orderIndicator)],
      ['order_indicator_his', orderedDict(times.map((time, i) => [time, orders[i]]))],
      ['order_indicator', last ?? ordersToPython(new Map())],
      ['trade_indicator_his', orderedDict(times.map((time, i) => [time, trades[i]]))],
      ['trade_indicator', trades.at(-1) ?? orderedDict([])],
      ['_trade_calendar', null],
    ]),
  );
}

function orderedDict(entries: readonly (readonly [unknown, unknown])[]): PyReduced {
  return new PyReduced(
    'collections',
    'OrderedDict',
    [entries.map((entry) => new PyTuple(entry))],
    'OrderedDict',
  );
}

function tradesToPython({ ffr, pa, pos, deal_amount, value, count }: TradeIndicator): PyReduced {
  const floats = Object.entries({ ffr, pa, pos, deal_amount, value });
  return orderedDict([...floats.map(([name, x]) => [name, new PyFloat(x)] as const), ['count', count]]);
}

function ordersToPython(orders: OrderIndicator): PyObject {
  const indexOf = sharedIndex();
  const data = [...orders].map(([name, metric]) => [name, singleData(metric, indexOf(metric))] as const);
  const logger = new PyObject(
    'qlib.log',
    'QlibLogger',
    new Map<string, unknown>([
      ['module_name', 'qlib.online operator'],
      ['_QlibLogger__level', 20],
    ]),
  );
  return new PyObject(
    dataStructures,
    orderIndicator,
    new Map<string, unknown>([
      ['data', orderedDict(data)],
      ['logger', logger],
    ]),
  );
}

/** Labels of the metrics of a step: most metrics have the same, which are then written once. */
function sharedIndex(): (metric: ReadonlyMap<string, number>) => PyObject {
  let names: readonly string[] | undefined;
  let index: PyObject | undefined;
  return (metric) => {
    const own = [...metric.keys()];
    if (index && names!.length === own.length && own.every((name, i) => name === names![i])) return index;
    names = own;
    index = new PyObject(
      'qlib.utils.index_data',
      'Index',
      new Map<string, unknown>([
        ['idx_list', new NumpyArray([own.length], 'object', own)],
        ['index_map', new Map(own.map((name, i) => [name, i]))],
        ['_is_sorted', own.length === 0],
      ]),
    );
    return index;
  };
}

/** qlib's one-dimensional table: values and the labels they stand under. */
function singleData(metric: ReadonlyMap<string, number>, index: PyObject): PyObject {
  return new PyObject(
    'qlib.utils.index_data',
    'SingleData',
    new Map<string, unknown>([
      ['data', new NumpyArray([metric.size], 'float64', Float64Array.from(metric.values()))],
      ['indices', [index]],
      ['ndim', 1],
    ]),
  );
}
