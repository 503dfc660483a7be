import { volumesAndPatches } from './001-volumes-and-patches.ts';
import { runsAndResults } from './002-runs-and-results.ts';
import { jobs } from './003-jobs.ts';
import { curation } from './004-curation.ts';

/** The catalogue's versions in order; entry i takes it from version i to i + 1. Released entries never change. */
export const MIGRATIONS: readonly string[] = [volumesAndPatches, runsAndResults, jobs, curation];
