import { describe, expect, it, vi } from 'vitest';
import { fetchElectron } from '../../scripts/electron-binary.ts';
import { noDesktop } from '../../scripts/no-desktop.ts';

describe('npm start', () => {
  it('goes to the browser where there is no display, and where the sandbox cannot work', () => {
    expect(noDesktop('linux', {}, 1000)).toBe('there is no display');
    expect(noDesktop('linux', { DISPLAY: '' }, 1000)).toBe('there is no display');
    expect(noDesktop('linux', { DISPLAY: ':0' }, 0)).toContain('root');
  });

  it('shows its own window everywhere else', () => {
    expect(noDesktop('linux', { DISPLAY: ':0' }, 1000)).toBeUndefined();
    expect(noDesktop('linux', { WAYLAND_DISPLAY: 'wayland-0' }, 1000)).toBeUndefined();
    expect(noDesktop('win32', {}, undefined)).toBeUndefined();
    expect(noDesktop('darwin', {}, 501)).toBeUndefined();
  });

  it('does not wait for Electron where its releases cannot be reached, and says so', async () => {
    // A port at which nobody listens.
    vi.stubEnv('ELECTRON_MIRROR', 'http://127.0.0.1:9/');
    expect(await fetchElectron()).toEqual({ reason: '127.0.0.1:9 cannot be reached' });
    vi.unstubAllEnvs();
  });
});
