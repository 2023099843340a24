import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// What `npm start` runs: builds pages and server in a process of their own, whose memory goes with it, and then is the
// server. This file is JavaScript, and what it loads is built, so that no TypeScript is compiled in the process that serves.
// `--max-semi-space-size=2` (MiB) in package.json has V8 collect garbage early: each packet's memory goes with it.
const vite = fileURLToPath(new URL('bin/vite.js', import.meta.resolve('vite/package.json')));
const project = fileURLToPath(new URL('..', import.meta.url));
const build = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
  cwd: project,
  stdio: 'inherit',
});
if (build.status === 0) {
  // Before the server is loaded: the stack frames in its log then name the sources.
  process.setSourceMapsEnabled(true);
  await import(new URL('../dist-server/main.js', import.meta.url).href);
} else {
  process.exitCode = 1;
}
