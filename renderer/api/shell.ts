import type { ShellBridge } from '../../electron/bridge.ts';

/** The desktop around this window; undefined in a browser. */
export const shell = (window as { isochromat?: ShellBridge }).isochromat;
