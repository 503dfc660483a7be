import { demo } from './demo.ts';
import { load } from './load.ts';
import { patches } from './patches.ts';
import { phantom } from './phantom.ts';
import type { Program } from './program.ts';
import { profiles } from './profile.ts';

export const programs: readonly Program[] = [phantom, patches, demo, load, ...profiles];
