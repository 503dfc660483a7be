/** The program of a job's process whose work does what a test asks for. */
export const MISBEHAVING = new URL('./misbehaving-worker.ts', import.meta.url);
