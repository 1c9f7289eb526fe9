import { nearest } from '../../core/nearest.ts';
import { expressionError } from './expression-error.ts';
import type { Token } from './lex.ts';
import type { Operator } from './operator.ts';
import type { Tree } from './tree.ts';

interface Given {
  /** Present for `N=5`. */
  readonly name: Token | undefined;
  readonly tree: Tree;
}

/** Puts the arguments of a call in the order of the operator's parameters, as Python binds them. @throws UserError */
export function bindArguments(
  text: string,
  operator: Operator,
  call: Token,
  given: readonly Given[],
): Tree[] {
  const { parameters } = operator;
  const names = parameters.map((p) => p.name);
  const bound = new Map<number, Tree>();
  let position = 0;
  let keywordSeen = false;
  for (const { name, tree } of given) {
    let index: number;
    if (name) {
      keywordSeen = true;
      index = names.indexOf(name.text);
      if (index < 0) {
        const near = nearest(name.text, names);
        throw expressionError(
          text,
          name.from,
          `${operator.name} has no parameter "${name.text}"`,
          near ? `did you mean ${near}?` : signature(operator),
        );
      }
      if (bound.has(index))
        throw expressionError(text, name.from, `${name.text} of ${operator.name} is given twice`);
    } else {
      if (keywordSeen)
        throw expressionError(text, tree.at.from, 'an argument without a name follows one with a name');
      index = position++;
      if (index >= parameters.length)
        throw expressionError(
          text,
          tree.at.from,
          `${operator.name} takes ${count(parameters.length)}, ${given.length} ${given.length === 1 ? 'is' : 'are'} given`,
          signature(operator),
        );
    }
    bound.set(index, tree);
  }
  return parameters.map((parameter, i) => {
    const tree = bound.get(i);
    if (tree) return tree;
    if (parameter.default)
      return { kind: 'literal', value: parameter.default, at: { from: call.to, to: call.to } };
    throw expressionError(
      text,
      call.from,
      `${operator.name} needs the argument ${parameter.name}`,
      signature(operator),
    );
  });
}

function count(n: number): string {
  return n === 1 ? '1 argument' : `${n} arguments`;
}

function signature({ name, parameters }: Operator): string {
  return `${name}(${parameters.map((p) => p.name).join(', ')})`;
}
