import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../components/core/errors.ts';
import { composeYaml } from '../../../runner/config/compose.ts';
import { PlacedError, SourceText } from '../../../runner/config/places.ts';
import { renderTemplate } from '../../../runner/config/template.ts';
import { toConfig, toPython } from '../../../runner/config/tree.ts';
import type { YamlNode } from '../../../runner/config/yaml-node.ts';

/** Text that is nearly YAML: its own signs, words that mean something, and anything else. */
const pieces = fc.oneof(
  fc.constantFrom(
    ...': |- |? |[|]|{|}|,|\n|\n  |\n    |\t|"|\'|&a |*a|<<: |!!int |!x |%YAML 1.1\n|---\n|...\n|# |>|@|`|~|a|b: |1e3|2018-02-30|__proto__: |constructor: |{{ A }}|{% if A %}|{% endif %}|{{|%}'.split(
      '|',
    ),
  ),
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const texts = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));

function expectPlace(error: unknown, text: string): void {
  if (!(error instanceof PlacedError)) throw error instanceof Error ? error : new Error(String(error));
  const { line, column } = error.place;
  const lines = text.split('\n');
  expect(line).toBeGreaterThanOrEqual(1);
  expect(line).toBeLessThanOrEqual(lines.length);
  expect(column).toBeGreaterThanOrEqual(1);
  expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 2);
}

function visit(node: YamlNode, seen: Set<YamlNode>, at: (source: SourceText, offset: number) => void): void {
  if (node.kind === 'scalar' || seen.has(node)) return;
  seen.add(node);
  const children = node.kind === 'mapping' ? node.entries.values() : node.items;
  for (const child of children) {
    at(child.at.source, child.at.offset);
    visit(child.node, seen, at);
  }
}

describe('the front of the config reader', () => {
  it('reads any text or says what is wrong at a line that exists', () => {
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const { root, problems } = composeYaml(new SourceText('w.yaml', text));
          for (const problem of problems) expectPlace(problem, text);
          toConfig(root);
          toPython(root);
          visit(root, new Set(), (source, offset) => {
            const { line, column } = source.place(offset);
            expect(line).toBeLessThanOrEqual(text.split('\n').length);
            expect(column).toBeGreaterThanOrEqual(1);
          });
        } catch (error) {
          expectPlace(error, text);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('renders any template or says what is wrong at a line that exists', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        try {
          await renderTemplate('w.yaml', text, { A: '1' });
        } catch (error) {
          expectPlace(error, text);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('reads back what JSON writes, with the place of every key', () => {
    const values = fc.jsonValue({ maxDepth: 4 }).filter((v) => typeof v === 'object' && v !== null);
    fc.assert(
      fc.property(values, (value) => {
        const text = JSON.stringify(value, null, 2);
        const { root, problems } = composeYaml(new SourceText('w.yaml', text));
        expect(problems).toEqual([]);
        expect(JSON.parse(JSON.stringify(toConfig(root)))).toEqual(JSON.parse(text));
        if (root.kind !== 'mapping') return;
        for (const [key, { at }] of root.entries) expect(text.slice(at.offset)).toMatch(JSON.stringify(key));
      }),
      { numRuns: 300 },
    );
  });

  it('gives user errors only', () => {
    expect(new PlacedError({ file: 'w', line: 1, column: 1 }, 'x')).toBeInstanceOf(UserError);
  });
});
