import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../../components/core/errors.ts';
import { builtinOperators } from '../../../../components/data/expression/ops/index.ts';
import { parseExpression } from '../../../../components/data/expression/parse.ts';
import { treeSource, treeText, windowOf } from '../../../../components/data/expression/tree.ts';

const text = (expression: string) => treeText(parseExpression(expression));
function messageOf(expression: string): string {
  try {
    parseExpression(expression);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error(`${expression} is accepted`);
}

describe('parseExpression', () => {
  // str(eval(parse_field(...))) of qlib 0.9.7 for each
  const known: readonly (readonly [string, string])[] = [
    ['$close', '$close'],
    ['2*$close', 'Mul($close,2)'],
    ['1+$close', 'Add(1,$close)'],
    ['1-$close', 'Sub(1,$close)'],
    ['2**$change', 'Power(2,$change)'],
    ['$a-$b-$c', 'Sub(Sub($a,$b),$c)'],
    ['$a**$b**$c', 'Power($a,Power($b,$c))'],
    ['$a+$b*$c', 'Add($a,Mul($b,$c))'],
    ['($a+$b)*$c', 'Mul(Add($a,$b),$c)'],
    ['$a>1 ', 'Gt($a,1)'],
    ['0<$change', 'Gt($change,0)'],
    ['1<$a<2', 'Lt($a,2)'],
    ['$a|$b&$c', 'Or($a,And($b,$c))'],
    ['$a>$b & $c', 'Gt($a,And($b,$c))'],
    ['Mean($close, 2*5)', 'Mean($close,10)'],
    ['$close*1e30*1e10', 'Mul(Mul($close,1e+30),10000000000.0)'],
    ['$close*-1', 'Mul($close,-1)'],
    ['Mean(N=5, feature=$close,)', 'Mean($close,5)'],
    ["ChangeInstrument('SH000300', Mean ($close,\n5))", "ChangeInstrument('SH000300',Mean($close,5))"],
    ['$close*0.00001', 'Mul($close,1e-05)'],
    ["Feature('close')+Feature()", 'Add($close,$Feature)'],
    ['$开盘价（元）/$close', 'Div($开盘价（元）,$close)'],
  ];
  for (const [expression, expected] of known)
    it(`reads ${JSON.stringify(expression)} with Python's precedence`, () => {
      expect(text(expression)).toBe(expected);
    });

  it('points at the character at fault and names the nearest operator', () => {
    expect(messageOf('Meen($close, 5) / $open')).toMatch(
      /^expression, character 1: unknown operator "Meen"\n {2}Meen\(\$close, 5\) \/ \$open\n {2}\^\n {2}did you mean Mean\? allowed: Abs, Add, /,
    );
    expect(messageOf('$open + Mean(close, 5)')).toBe(
      'expression, character 14: unknown name "close"\n  $open + Mean(close, 5)\n               ^\n  fields begin with "$": $close',
    );
    expect(messageOf('Mean($close, 2.5)')).toBe(
      'expression, character 14: the window of Mean must be 0 (all days so far) or an integer of at least 1, or a fraction between 0 and 1, not 2.5\n  Mean($close, 2.5)\n               ^',
    );
    expect(messageOf('Mean($close, 5')).toBe(
      'expression, character 5: the parenthesis "(" is never closed\n  Mean($close, 5\n      ^',
    );
    expect(messageOf('$close and $open')).toBe(
      'expression, character 8: "and" does not work on expressions\n  $close and $open\n         ^\n  write (a) & (b) or And(a, b)',
    );
  });

  it('bounds length and depth', () => {
    expect(messageOf('('.repeat(5000))).toMatch(/more than 100 brackets or signs inside each other/);
    expect(messageOf(Array(500).fill('$a').join('+'))).toMatch(/more than 400 operators inside each other/);
    expect(messageOf(`$${'a'.repeat(30_000)}`)).toMatch(/too long: more than 20000 characters/);
    expect(messageOf(`${'-'.repeat(5000)}1+$a`)).toMatch(/more than 100 brackets or signs/);
  });

  it('knows no names from JavaScript', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
      expect(messageOf(`${name}($close)`)).toMatch(/unknown operator/);
  });

  it('never fails but with an error for users', () => {
    const piece = fc.constantFrom(
      ...[...builtinOperators.keys()],
      '$close',
      '$$roe_q',
      '(',
      ')',
      ',',
      '+',
      '-',
      '**',
      '//',
      '<',
      '&',
      '~',
      '5',
      '0.5',
      '1e-12',
      "'A'",
      '"',
      ' ',
      '=',
      '.',
      '\\',
      '\u3000',
      'None',
      'True',
      'if',
      '@',
      '$',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 30 }).map((p) => p.join('')),
          fc.string({ unit: 'binary', maxLength: 40 }),
        ),
        (source) => {
          try {
            parseExpression(source);
          } catch (error) {
            if (!(error instanceof UserError)) throw error;
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('reads what it prints', () => {
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom('$close', '$open', '$volume'),
        fc
          .tuple(
            fc.constantFrom('+', '-', '*', '/', '**', '>', '<=', '=='),
            tie('expression'),
            tie('expression'),
          )
          .map(([op, a, b]) => `(${a})${op}(${b})`),
        fc
          .tuple(
            fc.constantFrom('+', '*', '/'),
            fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
            tie('expression'),
          )
          .map(([op, a, b]) => `(${a}) ${op} (${b})`),
        fc
          .tuple(
            fc.constantFrom('Mean', 'Ref', 'Std', 'Slope', 'EMA'),
            tie('expression'),
            fc.integer({ min: 1, max: 60 }),
          )
          .map(([op, a, n]) => `${op}(${a}, ${n})`),
        fc
          .tuple(tie('expression'), tie('expression'), tie('expression'))
          .map(([a, b, c]) => `If(${a}, ${b}, ${c})`),
        tie('expression').map((a) => `ChangeInstrument('it\\'s', ${a})`),
      ),
    }));
    fc.assert(
      fc.property(expression, (source) => {
        const tree = parseExpression(source);
        const again = parseExpression(treeSource(tree));
        expect(treeSource(again)).toBe(treeSource(tree));
        expect(treeText(again)).toBe(treeText(tree));
        expect(windowOf(again)).toEqual(windowOf(tree));
      }),
      { numRuns: 500 },
    );
  });
});
