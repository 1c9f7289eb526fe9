import { builtinOperators } from '../../../components/data/expression/ops/index.ts';
import { parseExpression } from '../../../components/data/expression/parse.ts';
import { treeText, windowOf } from '../../../components/data/expression/tree.ts';
import { mutatedText } from '../mutated.ts';
import { type FuzzTarget, refusedOr } from '../target.ts';

const samples = [
  'Ref($close, -2)/Ref($close, -1) - 1',
  '($close-$open)/($high-$low+1e-12)',
  'Corr($close/Ref($close,1), Log($volume/Ref($volume, 1)+1), 60)',
  'If(And(Gt($close, 3), $open >= 2), Mean($close, 5), Abs(-$low))',
  "P($$roewa_q) + Feature('close') * 2 ** 3",
];
const names = [...builtinOperators.keys()];
const pieces = [
  ...names,
  ...names.map((name) => `${name}($close, 5)`),
  ...'$close|$$x_q|(|)|,|+|-|*|/|//|**|<|<=|==|!=|&|||~|not |and |1|0|-1|1e308|1e-400|0x1F|1_000|1j|None|True|"a"|\'|[1]|{}|x=|N=5|lambda|__import__|.|;|\n|\\'.split(
    '|',
  ),
];

/** Any text is an expression or refused; what is printed of an expression is read again as the same. */
export const expression: FuzzTarget<string> = {
  name: 'expressions',
  inputs: mutatedText(samples, pieces),
  runs: 1500,
  async check(text) {
    const tree = await refusedOr(() => parseExpression(text));
    if (!tree) return;
    const { left, right } = windowOf(tree);
    if (Number.isNaN(left) || Number.isNaN(right)) throw new Error(`window ${left}, ${right}`);
    treeText(tree);
  },
};
