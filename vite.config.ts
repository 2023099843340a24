import { fileURLToPath } from 'node:url';
import { preact } from '@preact/preset-vite';
import { defineConfig } from 'vite';

const folder = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** How long plugins took is no warning: it depends on what else the machine does. */
const checks = { pluginTimings: false };

export default defineConfig({
  // `vite build` builds the pages and the server.
  builder: {},
  root: folder('client'),
  cacheDir: folder('node_modules/.vite'),
  plugins: [preact({ reactAliasesEnabled: false })],
  // Found only once a transfer begins, it would make the development server reload the page in the middle of one.
  optimizeDeps: { include: ['simple-peer/simplepeer.min.js', 'idb-keyval', 'client-zip', 'uplot'] },
  worker: {
    format: 'es',
    rolldownOptions: {
      checks,
      output: {
        entryFileNames: 'workers/[name]-[hash].js',
        chunkFileNames: 'workers/[name]-[hash].js',
      },
    },
  },
  build: {
    outDir: folder('dist'),
    emptyOutDir: true,
    target: ['chrome111', 'firefox115', 'safari16.4'],
    sourcemap: true,
    rolldownOptions: { checks },
    // The bundle budget reads which files the page starts with.
    manifest: true,
    // The content security policy takes neither inline scripts nor data: URLs.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  environments: {
    // The server as `npm start` runs it: plain JavaScript, since running TypeScript takes memory for as long as it runs. What
    // it has from node_modules stays there.
    server: {
      consumer: 'server',
      build: {
        ssr: true,
        outDir: folder('dist-server'),
        target: 'node20.19',
        manifest: false,
        copyPublicDir: false,
        rolldownOptions: { input: folder('signaling/main.ts'), checks },
      },
    },
  },
});
