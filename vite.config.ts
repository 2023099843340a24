import { fileURLToPath } from 'node:url';
import { preact } from '@preact/preset-vite';
import { defineConfig } from 'vite';

const folder = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  root: folder('client'),
  cacheDir: folder('node_modules/.vite'),
  plugins: [preact({ reactAliasesEnabled: false })],
  // Found only once a transfer begins, it would make the development server reload the page in the middle of one.
  optimizeDeps: { include: ['simple-peer/simplepeer.min.js', 'idb-keyval', 'client-zip', 'uplot'] },
  worker: {
    format: 'es',
    rolldownOptions: {
      checks: { pluginTimings: false },
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
    // How long plugins took is no warning: it depends on what else the machine does.
    rolldownOptions: { checks: { pluginTimings: false } },
    // The bundle budget reads which files the page starts with.
    manifest: true,
    // The content security policy takes neither inline scripts nor data: URLs.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
