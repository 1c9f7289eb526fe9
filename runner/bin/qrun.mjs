#!/usr/bin/env node
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const dist = new URL(`../../${process.env.QRUN_DIST || 'dist'}/`, import.meta.url);
// Node 22 and newer keep compiled code between starts; where the folder cannot be written they go without
module.enableCompileCache?.(fileURLToPath(new URL('compiled', dist)));
// V8 11 (Node 20) begins early to compile what runs often, on threads that take the processor from ours; most of it is over before that pays.
// Four times as late, a run takes about a twentieth less of the processor. Later versions have no such flag.
if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=250000');

import(new URL('cli.js', dist)).catch((error) => {
  const missing = error?.code === 'ERR_MODULE_NOT_FOUND' && String(error.message).includes('cli.js');
  process.stderr.write(
    missing
      ? 'qrun is not built yet: run "npm start" or "npm run build" in its folder\n'
      : `${error?.stack ?? error}\n`,
  );
  process.exitCode = 1;
});
