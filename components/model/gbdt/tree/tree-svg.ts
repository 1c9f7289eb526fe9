import { formatG } from '../number-format.ts';
import { categoricalBit, defaultLeftBit, missingTypeOf, type Tree } from './tree.ts';
import { categoriesLeft } from './tree-dump.ts';

const boxWidth = 132;
const boxHeight = 44;
const gap = 14;
const levelHeight = 92;

/** A tree drawn top down as an SVG document. Left is where the condition holds; thicker lines carry more rows. */
export function treeSvg(tree: Tree, featureNames: readonly string[]): string {
  const boxes: string[] = [];
  const lines: string[] = [];
  let nextColumn = 0;
  let deepest = 0;
  const total = tree.numLeaves > 1 ? tree.internalCount[0]! : tree.leafCount[0]!;
  const place = (node: number, level: number): number => {
    deepest = Math.max(deepest, level);
    const y = gap + level * levelHeight;
    if (node < 0) {
      const x = gap + nextColumn++ * (boxWidth + gap);
      const leaf = ~node;
      const text = [formatG(tree.leafValue[leaf]!, 6), `${tree.leafCount[leaf]} rows`];
      boxes.push(box(x, y, 'leaf', text, `leaf ${leaf}: ${tree.leafValue[leaf]}`));
      return x + boxWidth / 2;
    }
    const left = place(tree.leftChild[node]!, level + 1);
    const right = place(tree.rightChild[node]!, level + 1);
    const center = (left + right) / 2;
    for (const [x, child, label] of [
      [left, tree.leftChild[node]!, 'yes'],
      [right, tree.rightChild[node]!, 'no'],
    ] as const) {
      const rows = child >= 0 ? tree.internalCount[child]! : tree.leafCount[~child]!;
      const width = 1 + 5 * (total > 0 ? rows / total : 0);
      const bottom = y + boxHeight;
      lines.push(
        `<path d="M${center} ${bottom}C${center} ${bottom + 24} ${x} ${bottom + 24} ${x} ${y + levelHeight}" stroke-width="${width.toFixed(2)}"/>`,
        `<text class="way" x="${(center + x) / 2}" y="${bottom + 20}">${label}</text>`,
      );
    }
    const text = [condition(tree, node, featureNames), `gain ${formatG(tree.splitGain[node]!, 4)}`];
    const missing = missingTypeOf(tree.decisionType[node]!);
    const side = tree.decisionType[node]! & defaultLeftBit ? 'left' : 'right';
    const note = `${text[0]}, ${tree.internalCount[node]} rows${missing ? `, missing go ${side}` : ''}`;
    boxes.push(box(center - boxWidth / 2, y, 'split', text, note));
    return center;
  };
  place(tree.numLeaves > 1 ? 0 : -1, 0);
  const width = gap + nextColumn * (boxWidth + gap);
  const height = 2 * gap + deepest * levelHeight + boxHeight;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="decision tree with ${tree.numLeaves} leaves" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    '<style>text{font:12px sans-serif;text-anchor:middle;fill:#1c2733}.way{font-size:10px;fill:#5b6875}path{fill:none;stroke:#9aa7b4}.split rect{fill:#eef3f9;stroke:#45678c}.leaf rect{fill:#eef7ef;stroke:#3f7d4e}</style>',
    ...lines,
    ...boxes,
    '</svg>',
    '',
  ].join('\n');
}

function condition(tree: Tree, node: number, names: readonly string[]): string {
  const feature = tree.splitFeature[node]!;
  const name = names[feature] ?? `Column_${feature}`;
  if ((tree.decisionType[node]! & categoricalBit) === 0)
    return `${name} <= ${formatG(tree.threshold[node]!, 5)}`;
  const categories = categoriesLeft(tree, node);
  const shown = categories.slice(0, 4).join(', ');
  return `${name} in ${shown}${categories.length > 4 ? ', ...' : ''}`;
}

function box(x: number, y: number, kind: string, [first = '', second = '']: string[], note: string): string {
  const center = x + boxWidth / 2;
  return [
    `<g class="${kind}"><title>${escaped(note)}</title>`,
    `<rect x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" rx="5"/>`,
    `<text x="${center}" y="${y + 18}">${escaped(first)}</text><text x="${center}" y="${y + 35}">${escaped(second)}</text></g>`,
  ].join('');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
