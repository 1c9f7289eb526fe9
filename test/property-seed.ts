import fc from 'fast-check';

// Property tests draw the same inputs in every run, so that a change is judged by what it changed; `npm run fuzz -- --properties N` draws
// others, N times.
const seed = process.env['PROPERTY_SEED'] ?? '20200102';
fc.configureGlobal({ seed: Number(seed) });
