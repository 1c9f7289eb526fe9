/** A Python literal inside an expression. Python tells 5 from 5.0, and so do window sizes. */
export type PythonValue =
  | { readonly type: 'int' | 'float'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'none' };

/** `repr()` of a Python float: shortest digits, exponent form below 1e-4 and from 1e16 on. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const [digits = '0', power = '0'] = Math.abs(value).toExponential().split('e');
  const exponent = Number(power);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (exponent < -4 || exponent >= 16)
    return `${sign}${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  const plain = digits.replace('.', '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${plain}`;
  const whole = plain.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${plain.slice(exponent + 1) || '0'}`;
}

/** `str()` of a Python value. */
export function pythonText(value: PythonValue): string {
  switch (value.type) {
    case 'int':
      return String(value.value);
    case 'float':
      return floatText(value.value);
    case 'bool':
      return value.value ? 'True' : 'False';
    case 'text':
      return value.value;
    case 'none':
      return 'None';
  }
}

/** `repr()` of a Python value, as an expression has to spell it. */
export function pythonLiteral(value: PythonValue): string {
  if (value.type === 'text')
    return `'${value.value.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t')}'`;
  return pythonText(value);
}

/** The value as a number where Python would count it as one (bool is a number there). */
export function pythonNumber(value: PythonValue): number | undefined {
  if (value.type === 'int' || value.type === 'float') return value.value;
  return value.type === 'bool' ? Number(value.value) : undefined;
}
