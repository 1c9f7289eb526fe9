import type { EChartsCoreOption } from 'echarts/core';
import type { Values } from '../types.ts';

export interface Series {
  readonly name: string;
  readonly values: Values;
  readonly area?: boolean;
  readonly dashed?: boolean;
}

const grid = { left: 56, right: 16, top: 34, bottom: 54 };
const percent = (value: number): string => `${(100 * value).toFixed(Math.abs(value) < 0.0995 ? 1 : 0)}%`;

/** Lines over days, with a slider to look closer. */
export function linesOption(
  days: readonly string[],
  series: readonly Series[],
  isPercent = false,
): EChartsCoreOption {
  return {
    grid,
    legend: series.length > 1 ? {} : { show: false },
    tooltip: {
      trigger: 'axis',
      ...(isPercent && {
        valueFormatter: (v: unknown) => (typeof v === 'number' ? `${(100 * v).toFixed(2)}%` : ''),
      }),
    },
    xAxis: { type: 'category', data: days, boundaryGap: false, splitLine: { show: false } },
    yAxis: { type: 'value', scale: true, ...(isPercent && { axisLabel: { formatter: percent } }) },
    dataZoom: [
      { type: 'inside', zoomOnMouseWheel: 'ctrl' },
      { type: 'slider', height: 16, bottom: 8, showDetail: false, brushSelect: false },
    ],
    series: series.map(({ name, values, area, dashed }) => ({
      type: 'line',
      name,
      data: values,
      showSymbol: values.length < 3,
      sampling: 'lttb',
      lineStyle: { width: 1.5, ...(dashed && { type: 'dashed' }) },
      ...(area && { areaStyle: { opacity: 0.15 } }),
    })),
  };
}

/** Lines over steps, each with steps of its own. */
export function stepLinesOption(
  series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number | null])[];
  }[],
): EChartsCoreOption {
  return {
    grid: { ...grid, bottom: 36 },
    legend: series.length > 1 ? {} : { show: false },
    tooltip: { trigger: 'axis' },
    xAxis: {
      type: 'value',
      name: 'step',
      nameLocation: 'middle',
      nameGap: 22,
      min: 'dataMin',
      max: 'dataMax',
      splitLine: { show: false },
    },
    yAxis: { type: 'value', scale: true },
    series: series.map(({ name, points }) => ({
      type: 'line',
      name,
      data: points,
      showSymbol: points.length < 40,
      symbolSize: 4,
      sampling: 'lttb',
      lineStyle: { width: 1.5 },
    })),
  };
}

/** Bars that lie, the greatest on top. */
export function rankedBarsOption(names: readonly string[], values: readonly number[]): EChartsCoreOption {
  return {
    grid: { left: 150, right: 24, top: 8, bottom: 28 },
    tooltip: { trigger: 'axis' },
    xAxis: { type: 'value' },
    yAxis: {
      type: 'category',
      data: [...names].reverse(),
      axisLabel: { width: 140, overflow: 'truncate' },
      splitLine: { show: false },
    },
    series: [{ type: 'bar', data: [...values].reverse() }],
  };
}

export function histogramOption(
  values: readonly number[],
  bins = 40,
): { option: EChartsCoreOption; rows: [number, number][] } {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const width = (high - low) / bins || 1;
  const counts = new Array<number>(bins).fill(0);
  for (const x of values) counts[Math.min(bins - 1, Math.floor((x - low) / width))]!++;
  const centers = counts.map((_, i) => low + (i + 0.5) * width);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return {
    rows: centers.map((center, i) => [center, counts[i]!]),
    option: {
      grid: { ...grid, top: 20, bottom: 36 },
      tooltip: { trigger: 'item' },
      xAxis: {
        type: 'value',
        min: low,
        max: high,
        axisLabel: { formatter: (v: number) => v.toFixed(2) },
        splitLine: { show: false },
      },
      yAxis: { type: 'value' },
      series: [
        {
          type: 'bar',
          name: 'days',
          barWidth: '92%',
          data: centers.map((center, i) => [center, counts[i]]),
          markLine: {
            symbol: 'none',
            silent: true,
            label: { formatter: `mean ${mean.toFixed(4)}`, position: 'end' },
            data: [{ xAxis: mean }],
          },
        },
      ],
    },
  };
}

/** Cells of a matrix, red below zero, green above. */
export function heatmapOption(
  columns: readonly string[],
  rows: readonly string[],
  cells: readonly (readonly [column: number, row: number, value: number | null])[],
  format: (value: number) => string,
  bound?: number,
): EChartsCoreOption {
  const most = bound ?? Math.max(1e-9, ...cells.map(([, , value]) => Math.abs(value ?? 0)));
  return {
    grid: { left: 90, right: 16, top: 8, bottom: 34 },
    tooltip: { trigger: 'item' },
    xAxis: { type: 'category', data: columns, splitLine: { show: false }, position: 'bottom' },
    yAxis: {
      type: 'category',
      data: rows,
      inverse: true,
      splitLine: { show: false },
      // ends tell names apart
      axisLabel: { formatter: (name: string) => (name.length > 13 ? `…${name.slice(-12)}` : name) },
    },
    // no numbers where they would run into each other
    media: [
      { query: { maxWidth: 106 + 34 * columns.length }, option: { series: [{ label: { show: false } }] } },
    ],
    visualMap: { show: false, min: -most, max: most },
    series: [
      {
        type: 'heatmap',
        data: cells.map(([x, y, value]) => ({ value: [x, y, value ?? '-'] })),
        label: {
          show: true,
          fontSize: 10,
          color: 'inherit',
          formatter: ({ value }: { value: readonly unknown[] }) =>
            typeof value[2] === 'number' ? format(value[2]) : '',
        },
      },
    ],
  };
}

export function scatterOption(
  x: string,
  y: string,
  points: readonly { readonly name: string; readonly x: number; readonly y: number }[],
): EChartsCoreOption {
  return {
    grid: { ...grid, left: 72, top: 16, bottom: 44 },
    tooltip: { trigger: 'item' },
    xAxis: { type: 'value', name: x, nameLocation: 'middle', nameGap: 26, scale: true },
    yAxis: { type: 'value', name: y, nameLocation: 'middle', nameGap: 54, scale: true },
    series: [
      { type: 'scatter', symbolSize: 11, data: points.map((p) => ({ name: p.name, value: [p.x, p.y] })) },
    ],
  };
}

export function parallelOption(
  axes: readonly string[],
  lines: readonly { readonly name: string; readonly values: readonly (number | string | null)[] }[],
): EChartsCoreOption {
  const isText = axes.map((_, i) => lines.some(({ values }) => typeof values[i] === 'string'));
  return {
    parallel: { left: 40, right: 90, top: 40, bottom: 24 },
    parallelAxisDefault: { nameGap: 14 },
    parallelAxis: axes.map((name, dim) => ({
      dim,
      name,
      ...(isText[dim]
        ? { type: 'category', data: [...new Set(lines.map(({ values }) => String(values[dim] ?? '')))] }
        : { scale: true }),
    })),
    tooltip: {},
    series: [
      {
        type: 'parallel',
        lineStyle: { width: 2, opacity: 0.75 },
        data: lines.map(({ name, values }) => ({
          name,
          value: values.map((v, i) => (isText[i] ? String(v ?? '') : (v ?? '-'))),
        })),
      },
    ],
  };
}
