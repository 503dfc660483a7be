import { chooseBackend } from '../../../main/compute/backend.ts';
import { registerCpuSimd } from '../../../main/compute/backends/cpu-simd/index.ts';
import type { Prepared, Settings } from '../protocol.ts';
import { THREADS } from '../side.ts';

/** Makes the backend of the settings the active one. */
export async function startBackend({ backend }: Settings): Promise<Prepared> {
  if (backend === 'cpu-simd') await registerCpuSimd({ threads: THREADS });
  const chosen = await chooseBackend({ override: String(backend) });
  return { version: `${chosen.backend} ${chosen.version}`, note: chosen.device };
}
