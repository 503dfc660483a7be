import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import vuetify from 'vite-plugin-vuetify';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
// While the window is developed its requests go to an engine that runs beside it.
const engine = process.env['ISOCHROMAT_ENGINE'];

/** Bundles the window into `build/renderer`, whose files the engine serves. */
export default defineConfig({
  root: at('renderer'),
  base: '/',
  plugins: [vue(), vuetify({ autoImport: true })],
  build: {
    outDir: at('build/renderer'),
    emptyOutDir: true,
    // The content security policy knows no data: addresses; every asset is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'chrome140',
    chunkSizeWarningLimit: 1500,
  },
  server:
    engine === undefined
      ? {}
      : {
          proxy: Object.fromEntries(
            ['/api', '/events', '/arrays'].map((path) => [path, { target: engine, changeOrigin: true }]),
          ),
        },
});
