#!/usr/bin/env node
import(new URL(`../../${process.env.QRUN_DIST || 'dist'}/cli.js`, import.meta.url)).catch((error) => {
  const missing = error?.code === 'ERR_MODULE_NOT_FOUND' && String(error.message).includes('cli.js');
  process.stderr.write(
    missing
      ? 'qrun is not built yet: run "npm start" or "npm run build" in its folder\n'
      : `${error?.stack ?? error}\n`,
  );
  process.exitCode = 1;
});
