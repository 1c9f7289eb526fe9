import { type CatalogueEntry, entryOf } from '../components/core/registry.ts';

const record = entryOf('record');
const templates = ['qlib.workflow.record_temp'];
const contributed = ['qlib.contrib.workflow.record_temp', 'qlib.contrib.workflow'];
/** What qlib has no record for; found without a module too. */
const own = ['qrun', ...templates];

/** The record templates that `task.record` may name. */
export const recordCatalogue: readonly CatalogueEntry[] = [
  record('SignalRecord', templates, () => import('./signal-record.ts').then((m) => m.SignalRecord)),
  record('SigAnaRecord', templates, () => import('./sig-ana-record.ts').then((m) => m.SigAnaRecord)),
  record('HFSignalRecord', templates, () => import('./hf-signal-record.ts').then((m) => m.HFSignalRecord)),
  record('PortAnaRecord', templates, () => import('./port-ana-record.ts').then((m) => m.PortAnaRecord)),
  record('MultiPassPortAnaRecord', templates, () =>
    import('./multi-pass-port-ana-record.ts').then((m) => m.MultiPassPortAnaRecord),
  ),
  record('MultiSegRecord', contributed, () => import('./multi-seg-record.ts').then((m) => m.MultiSegRecord)),
  record('SignalMseRecord', contributed, () =>
    import('./signal-mse-record.ts').then((m) => m.SignalMseRecord),
  ),
  record('HFSignalTestRecord', own, () =>
    import('./hf-signal-test-record.ts').then((m) => m.HFSignalTestRecord),
  ),
  record('AttributionRecord', own, () => import('./attribution-record.ts').then((m) => m.AttributionRecord)),
];
