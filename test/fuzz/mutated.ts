import fc from 'fast-check';

/** Honest texts with up to eight places cut, doubled, or filled with pieces. */
export function mutatedText(samples: readonly string[], pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...pieces) },
    { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
  );
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(60)),
    piece,
    isDoubled: fc.boolean(),
  });
  return fc.tuple(fc.constantFrom(...samples), fc.array(edit, { maxLength: 8 })).map(([sample, edits]) =>
    edits.reduce((text, { at, cut, piece: added, isDoubled }) => {
      const from = Math.floor(at * text.length);
      const middle = isDoubled ? text.slice(from, from + cut).repeat(2) : '';
      return text.slice(0, from) + middle + added + text.slice(from + cut);
    }, sample),
  );
}

/** Honest bytes with up to eight places changed, and perhaps cut off. */
export function mutatedBytes(samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const edit = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
  );
  return fc
    .tuple(
      fc.constantFrom(...samples),
      fc.array(edit, { maxLength: 8 }),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    )
    .map(([sample, edits, cut]) => {
      const bytes = sample.slice(0, cut === null ? sample.length : Math.floor(cut * sample.length));
      for (const [at, added] of edits)
        for (const [k, byte] of added.entries()) {
          const place = Math.floor(at * bytes.length) + k;
          if (place < bytes.length) bytes[place] = byte;
        }
      return bytes;
    });
}
