import { demo } from './demo.ts';
import { patches } from './patches.ts';
import type { Program } from './program.ts';
import { profiles } from './profile.ts';

export const programs: readonly Program[] = [patches, demo, ...profiles];
