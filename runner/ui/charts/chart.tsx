import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { useEffect, useRef, useState } from 'preact/hooks';
import { saveCsv, saveText, saveUrl } from '../download.ts';
import { colors, useTheme } from './theme.ts';

interface Props {
  readonly title: string;
  /** What the chart says, for who cannot see it. */
  readonly summary: string;
  readonly option: EChartsCoreOption;
  readonly height?: number;
  /** What the chart is made of. */
  readonly csv?: () => { readonly header: readonly string[]; readonly rows: readonly (readonly unknown[])[] };
}

const engine = () => import('./engine.ts');

/** A chart that can be saved as SVG, PNG and CSV. The library is loaded when the first one is shown. */
export function Chart({ title, summary, option, height = 280, csv }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const theme = useTheme();
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    let isGone = false;
    let watch: ResizeObserver | undefined;
    void engine().then(({ makeChart, themed }) => {
      if (isGone || !box.current) return;
      chart.current?.dispose();
      const made = makeChart(box.current);
      chart.current = made;
      made.setOption(themed(option, colors()));
      watch = new ResizeObserver(() => made.resize());
      watch.observe(box.current);
      setReady(true);
    });
    return () => {
      isGone = true;
      watch?.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, [option, theme]);

  const name = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-');
  const saveSvg = async () => {
    const { svgOf, themed } = await engine();
    saveText(
      `${name}.svg`,
      svgOf(themed(option, colors()), box.current?.clientWidth ?? 800, height),
      'image/svg+xml',
    );
  };
  const savePng = () => {
    const url = chart.current?.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: colors().surface });
    if (url) saveUrl(`${name}.png`, url);
  };
  return (
    <figure class="chart">
      <figcaption>
        <h2>{title}</h2>
        <span class="chart-actions">
          <button type="button" class="small" onClick={saveSvg} aria-label={`Save ${title} as SVG`}>
            SVG
          </button>
          <button type="button" class="small" onClick={savePng} aria-label={`Save ${title} as PNG`}>
            PNG
          </button>
          {csv && (
            <button
              type="button"
              class="small"
              aria-label={`Save ${title} as CSV`}
              onClick={() => {
                const { header, rows } = csv();
                saveCsv(`${name}.csv`, header, rows);
              }}
            >
              CSV
            </button>
          )}
        </span>
      </figcaption>
      <div
        ref={box}
        role="img"
        aria-label={`${title}. ${summary}`}
        class="chart-box"
        data-ready={isReady}
        style={{ height: `${height}px` }}
      />
    </figure>
  );
}
