import manifest from '../../package.json' with { type: 'json' };

/** The program's version, recorded with everything it makes. */
export const VERSION: string = manifest.version;
