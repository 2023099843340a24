import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// What `npm start` runs: builds the pages in a process of their own, whose memory goes with it, and then is the server.
const vite = fileURLToPath(new URL('bin/vite.js', import.meta.resolve('vite/package.json')));
const project = fileURLToPath(new URL('..', import.meta.url));
const build = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
  cwd: project,
  stdio: 'inherit',
});
if (build.status === 0) await import('./main.ts');
else process.exitCode = 1;
