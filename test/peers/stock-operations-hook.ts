// Loaded before anything else (`--import`): models then find stock operations where they look for ours.
import { registerHooks } from 'node:module';

const ours = new URL('../../main/compute/ops/index.ts', import.meta.url).href;
const stock = new URL('./stock-operations.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    return resolved.url === ours ? { ...resolved, url: stock } : resolved;
  },
});
