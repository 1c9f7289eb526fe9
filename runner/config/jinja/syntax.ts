/** A part of an expression; `at` is its offset in the template. */
export type Expression = { readonly at: number } & (
  | { readonly type: 'constant'; readonly value: null | boolean | bigint | number | string }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'list' | 'tuple'; readonly items: readonly Expression[] }
  | { readonly type: 'dict'; readonly items: readonly (readonly [Expression, Expression])[] }
  | { readonly type: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly type: 'item'; readonly of: Expression; readonly key: Expression }
  | { readonly type: 'slice'; readonly of: Expression; readonly bounds: readonly (Expression | undefined)[] }
  | { readonly type: 'call'; readonly of: Expression; readonly args: Arguments }
  | {
      readonly type: 'filter' | 'test';
      readonly of: Expression;
      readonly name: string;
      readonly args: Arguments;
    }
  | { readonly type: 'unary'; readonly operator: '-' | '+' | 'not'; readonly of: Expression }
  | {
      readonly type: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly type: 'logical';
      readonly operator: 'and' | 'or';
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly type: 'concatenation'; readonly parts: readonly Expression[] }
  | {
      readonly type: 'comparison';
      readonly first: Expression;
      readonly others: readonly (readonly [string, Expression])[];
    }
  | {
      readonly type: 'condition';
      readonly test: Expression;
      readonly chosen: Expression;
      readonly otherwise: Expression | undefined;
    }
);

export interface Arguments {
  readonly positional: readonly Expression[];
  /** `*args` among them. */
  readonly spread?: Expression | undefined;
  readonly named: readonly (readonly [string, Expression])[];
  /** `**kwargs` */
  readonly namedSpread?: Expression | undefined;
}

/** What is assigned to: a name, an attribute of a namespace, or several. */
export type Target = { readonly at: number } & (
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'attribute'; readonly name: string; readonly attribute: string }
  | { readonly type: 'tuple'; readonly items: readonly Target[] }
);

export interface Parameter {
  readonly name: string;
  readonly value: Expression | undefined;
}

export interface FilterCall {
  readonly name: string;
  readonly args: Arguments;
  readonly at: number;
}

export type Body = readonly Statement[];

export type Statement = { readonly at: number } & (
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'print'; readonly value: Expression }
  | {
      readonly type: 'if';
      readonly branches: readonly (readonly [Expression, Body])[];
      readonly otherwise: Body;
    }
  | {
      readonly type: 'for';
      readonly target: Target;
      readonly of: Expression;
      readonly test: Expression | undefined;
      readonly isRecursive: boolean;
      readonly body: Body;
      readonly otherwise: Body;
    }
  | { readonly type: 'set'; readonly target: Target; readonly value: Expression }
  | {
      readonly type: 'setBlock';
      readonly target: Target;
      readonly filters: readonly FilterCall[];
      readonly body: Body;
    }
  | {
      readonly type: 'with';
      readonly values: readonly (readonly [Target, Expression])[];
      readonly body: Body;
    }
  | {
      readonly type: 'macro';
      readonly name: string;
      readonly parameters: readonly Parameter[];
      readonly body: Body;
    }
  | {
      readonly type: 'call';
      readonly call: Expression;
      readonly parameters: readonly Parameter[];
      readonly body: Body;
    }
  | { readonly type: 'filterBlock'; readonly filters: readonly FilterCall[]; readonly body: Body }
);
