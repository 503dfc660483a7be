import { library } from '../features/library/index.ts';
import { start } from '../features/start/index.ts';
import type { Feature } from './feature.ts';

/** Every part of the application, each through its door. */
export const features: Feature[] = [start, library];
