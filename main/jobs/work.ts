import type { WorkContext } from '../domain/progress.ts';

/** The computing device that a job was given, recorded with what it makes. */
export interface Device {
  backend: string;
  device: string;
}

/** What every job on models takes beside its own configuration. */
export interface ModelWork extends WorkContext {
  on: Device;
}
