import { BarChart, HeatmapChart, LineChart, ParallelChart, ScatterChart } from 'echarts/charts';
import {
  AriaComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  ParallelComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { type EChartsCoreOption, type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import type { Colors } from './theme.ts';

use([
  LineChart,
  BarChart,
  ScatterChart,
  HeatmapChart,
  ParallelChart,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  DataZoomComponent,
  MarkLineComponent,
  VisualMapComponent,
  ParallelComponent,
  AriaComponent,
  CanvasRenderer,
  SVGRenderer,
]);

export function makeChart(box: HTMLElement): EChartsType {
  return init(box, null, { renderer: 'canvas' });
}

export function svgOf(option: EChartsCoreOption, width: number, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ ...option, animation: false });
  const text = chart.renderToSVGString();
  chart.dispose();
  return text;
}

type Part = Readonly<Record<string, unknown>>;

/** The option in the page's colours. Tooltips are drawn, not HTML: names in them are anybody's. */
export function themed(option: EChartsCoreOption, c: Colors): EChartsCoreOption {
  const axis = (part: Part): Part => ({
    ...part,
    axisLine: { lineStyle: { color: c.line } },
    axisTick: { show: false },
    axisLabel: { color: c.muted, fontSize: 11, hideOverlap: true, ...(part['axisLabel'] as Part) },
    splitLine: { lineStyle: { color: c.grid }, ...(part['splitLine'] as Part) },
    nameTextStyle: { color: c.muted, fontSize: 11 },
  });
  const each = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map((part: Part) => axis(part))
      : value === undefined
        ? undefined
        : axis(value as Part);
  return {
    animation: false,
    color: [...c.series],
    textStyle: { fontFamily: 'system-ui, sans-serif', color: c.text },
    ...option,
    ...(option['xAxis'] !== undefined && { xAxis: each(option['xAxis']) }),
    ...(option['yAxis'] !== undefined && { yAxis: each(option['yAxis']) }),
    ...(option['legend'] !== undefined && {
      legend: {
        type: 'scroll',
        top: 0,
        left: 0,
        icon: 'roundRect',
        itemWidth: 12,
        itemHeight: 4,
        // a legend of several pages cuts off what stands above its lines
        textStyle: { color: c.text, fontSize: 12, lineHeight: 18 },
        pageTextStyle: { color: c.muted },
        ...(option['legend'] as Part),
      },
    }),
    ...(option['dataZoom'] !== undefined && {
      dataZoom: (option['dataZoom'] as Part[]).map((part) => ({
        ...part,
        borderColor: c.grid,
        fillerColor: `${c.series[0]}22`,
        backgroundColor: 'transparent',
        dataBackground: { lineStyle: { color: c.line }, areaStyle: { color: c.line, opacity: 0.5 } },
        selectedDataBackground: {
          lineStyle: { color: c.muted },
          areaStyle: { color: c.muted, opacity: 0.3 },
        },
        handleStyle: { color: c.surface, borderColor: c.muted },
        moveHandleStyle: { color: c.line },
      })),
    }),
    tooltip: {
      renderMode: 'richText',
      backgroundColor: c.surface,
      borderColor: c.line,
      textStyle: { color: c.text, fontSize: 12 },
      axisPointer: { lineStyle: { color: c.muted }, crossStyle: { color: c.muted } },
      ...(option['tooltip'] as Part),
    },
    ...(option['visualMap'] !== undefined && {
      visualMap: {
        ...(option['visualMap'] as Part),
        textStyle: { color: c.muted },
        inRange: { color: [c.bad, c.surface, c.good] },
      },
    }),
    ...(option['parallelAxisDefault'] !== undefined && {
      parallelAxisDefault: {
        ...(option['parallelAxisDefault'] as Part),
        nameTextStyle: { color: c.text, fontSize: 11 },
        axisLine: { lineStyle: { color: c.muted } },
        axisTick: { lineStyle: { color: c.muted } },
        axisLabel: { color: c.muted, fontSize: 10 },
      },
    }),
  };
}
