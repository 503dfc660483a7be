// Tries one backend and writes what it found to standard output: node main/compute/doctor-process.ts NAME
import { candidateNamed, tryBackend } from './backend.ts';
import type { Examination } from './doctor.ts';
import { asIsochromatError } from '../domain/errors.ts';
import { exerciseOperations } from './exercise.ts';
import { convolutionSpeed } from './speed.ts';

const name = process.argv[2]!;
const attempt = await tryBackend(candidateNamed(name));
const examination: Examination = { ...attempt, gigaflops: null, fallbackOperations: [] };
if (attempt.works) {
  try {
    const loss = await exerciseOperations();
    if (!Number.isFinite(loss)) throw new Error(`a training step gave the loss ${loss}`);
    if (name === 'cpu-simd') {
      const { fallbackCounts } = await import('./backends/cpu-simd/index.ts');
      examination.fallbackOperations = Object.keys(fallbackCounts());
    }
    examination.gigaflops = await convolutionSpeed();
  } catch (error) {
    examination.works = false;
    examination.reason = asIsochromatError(error).sentence;
  }
}
// Threads of a backend may still wait for work: the answer ends the process.
process.stdout.write(JSON.stringify(examination), () => process.exit(0));
