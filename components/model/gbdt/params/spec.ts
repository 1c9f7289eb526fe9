/** One parameter: its type, LightGBM's default, its range and its other names. */
export interface Spec<T> {
  readonly type: 'int' | 'float' | 'flag' | 'text' | 'kept' | 'numbers' | 'words';
  readonly default: T;
  readonly range: Range;
  readonly aliases: readonly string[];
}

export interface Range {
  readonly above?: number;
  readonly least?: number;
  readonly most?: number;
  readonly below?: number;
}

export const int = (value: number, range: Range, ...aliases: string[]): Spec<number> => ({
  type: 'int',
  default: value,
  range,
  aliases,
});
export const float = (value: number, range: Range, ...aliases: string[]): Spec<number> => ({
  type: 'float',
  default: value,
  range,
  aliases,
});
export const flag = (value: boolean, ...aliases: string[]): Spec<boolean> => ({
  type: 'flag',
  default: value,
  range: {},
  aliases,
});
export const text = (value: string, ...aliases: string[]): Spec<string> => ({
  type: 'text',
  default: value,
  range: {},
  aliases,
});
/** Text whose case counts. */
export const kept = (value: string, ...aliases: string[]): Spec<string> => ({
  ...text(value, ...aliases),
  type: 'kept',
});
export const numbers = (...aliases: string[]): Spec<readonly number[]> => ({
  type: 'numbers',
  default: [],
  range: {},
  aliases,
});
export const words = (...aliases: string[]): Spec<readonly string[]> => ({
  type: 'words',
  default: [],
  range: {},
  aliases,
});
