import type { FieldSpec } from '../../data/provider.ts';

/**
 * Columns and expressions of Alpha360: the last 60 days of five prices relative to the last close, and of the volume relative to the
 * last volume; the oldest day first. Source: qlib `Alpha360DL.get_feature_config` (contrib/data/loader.py).
 */
export function alpha360Features(): FieldSpec[] {
  const fields: FieldSpec[] = [];
  for (const name of ['CLOSE', 'OPEN', 'HIGH', 'LOW', 'VWAP', 'VOLUME']) {
    const field = `$${name.toLowerCase()}`;
    const base = name === 'VOLUME' ? '($volume+1e-12)' : '$close';
    for (let d = 59; d >= 0; d--)
      fields.push({
        group: 'feature',
        name: `${name}${d}`,
        expression: d === 0 ? `${field}/${base}` : `Ref(${field}, ${d})/${base}`,
      });
  }
  return fields;
}
