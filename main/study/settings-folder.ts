import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what belongs to the user and not to a study lies: `ISOCHROMAT_CONFIG_DIR`, else the settings folder of the platform. */
export function settingsFolder(): string {
  const chosen = process.env['ISOCHROMAT_CONFIG_DIR'];
  if (chosen !== undefined) return chosen;
  if (process.platform === 'win32') return join(process.env['APPDATA'] ?? homedir(), 'Isochromat');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Isochromat');
  return join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'isochromat');
}
