import { z } from 'zod';
import { UserFile } from './user-files.ts';

/** Settings of the user, for all studies. What is not known is dropped, what is wrong falls back to its default. */
export const SETTINGS = z.object({
  theme: z.enum(['dark', 'light', 'system']).catch('dark'),
  /** null = the best that works. */
  backend: z.string().max(40).nullable().catch(null),
  /** Cores that imports and reconstructions may take; null = all. */
  threads: z.number().int().min(1).max(256).nullable().catch(null),
  /** Looking for newer versions needs the network, so it is off. */
  updates: z.boolean().catch(false),
  notifications: z.boolean().catch(true),
  reader: z.string().max(80).catch(''),
  reducedMotion: z.enum(['system', 'on', 'off']).catch('system'),
  display: z
    .object({
      phaseMap: z.enum(['colour', 'grey']).catch('colour'),
      interpolation: z.boolean().catch(true),
      /** Share of the largest magnitude below which phase fades out. */
      phaseMask: z.number().min(0).max(1).catch(0.05),
      radiological: z.boolean().catch(true),
    })
    .catch({ phaseMap: 'colour', interpolation: true, phaseMask: 0.05, radiological: true }),
  /** Command → key, where the user changed it. */
  shortcuts: z.record(z.string().max(60), z.string().max(40)).catch({}),
});
export type Settings = z.output<typeof SETTINGS>;

/** A change of some settings. Unlike what is read from disk, what is wrong here is refused. */
export const SETTINGS_CHANGE = z
  .object({
    theme: z.enum(['dark', 'light', 'system']),
    backend: z.string().max(40).nullable(),
    threads: z.number().int().min(1).max(256).nullable(),
    updates: z.boolean(),
    notifications: z.boolean(),
    reader: z.string().max(80),
    reducedMotion: z.enum(['system', 'on', 'off']),
    display: z
      .object({
        phaseMap: z.enum(['colour', 'grey']),
        interpolation: z.boolean(),
        phaseMask: z.number().min(0).max(1),
        radiological: z.boolean(),
      })
      .partial(),
    shortcuts: z.record(z.string().max(60), z.string().max(40)),
  })
  .partial();
export type SettingsChange = z.output<typeof SETTINGS_CHANGE>;

export function openSettings(): UserFile<Settings> {
  return new UserFile('settings.json', (document) => {
    const known = SETTINGS.safeParse(document ?? {});
    return known.success ? known.data : SETTINGS.parse({});
  });
}

export function changed(settings: Settings, change: SettingsChange): Settings {
  return SETTINGS.parse({ ...settings, ...change, display: { ...settings.display, ...change.display } });
}

/** What the window remembers of each study (open view, selection, layouts): its own affair, bounded. */
export const MOST_SESSION_BYTES = 256 * 1024;
const MOST_STUDIES = 100;
const SESSIONS = z.record(z.string(), z.object({ saved: z.string(), state: z.unknown() }));
type Sessions = z.output<typeof SESSIONS>;

export function openSessions(): UserFile<Sessions> {
  return new UserFile('window.json', (document) => {
    const known = SESSIONS.safeParse(document);
    return known.success ? known.data : {};
  });
}

/** Remembers `state` under `key`; the studies that were not used for longest are forgotten. */
export function withSession(sessions: Sessions, key: string, state: unknown, now: Date): Sessions {
  const all = Object.entries({ ...sessions, [key]: { saved: now.toISOString(), state } });
  all.sort(([, a], [, b]) => (a.saved < b.saved ? 1 : -1));
  return Object.fromEntries(all.slice(0, MOST_STUDIES));
}
