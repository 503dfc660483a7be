import { activity } from '../features/activity/index.ts';
import { intake } from '../features/import/index.ts';
import { library } from '../features/library/index.ts';
import { settings } from '../features/settings/index.ts';
import { start } from '../features/start/index.ts';
import { patches } from '../features/patches/index.ts';
import { viewer } from '../features/viewer/index.ts';
import type { Feature } from './feature.ts';

/** Every part of the application, each through its door. */
export const features: Feature[] = [start, library, intake, activity, settings, viewer, patches];
