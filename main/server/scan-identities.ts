import type { IdentifyingValue } from '../domain/identity.ts';
import { identifyVolumes } from '../jobs/preview.ts';
import { publicError } from './public-error.ts';
import { scannedVolume } from './scans.ts';
import type { Scan } from './scans.ts';
import type { IdentitiesShown, IdentityShown } from './wire.ts';

/** Whom these volumes of a scan are about: by attribute, each value once with the number of volumes that have it. */
export async function scanIdentities(
  scan: Scan,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<IdentitiesShown> {
  const volumes = keys.map((key) => scannedVolume(scan, key));
  const outcomes = await identifyVolumes(volumes, signal === undefined ? {} : { signal });
  const failed = outcomes.flatMap((outcome, i) =>
    outcome.ok ? [] : [{ key: keys[i]!, error: publicError(outcome.error) }],
  );
  return { attributes: byAttribute(outcomes.map((outcome) => (outcome.ok ? outcome.value : []))), failed };
}

function byAttribute(all: readonly (readonly IdentifyingValue[])[]): IdentityShown[] {
  const attributes = new Map<string, Map<string, IdentityShown['values'][number]>>();
  for (const values of all) {
    for (const { attribute, value, becomes } of values) {
      const known = attributes.get(attribute) ?? new Map<string, IdentityShown['values'][number]>();
      const counted = known.get(value) ?? { value, becomes, volumes: 0 };
      counted.volumes++;
      attributes.set(attribute, known.set(value, counted));
    }
  }
  return [...attributes].map(([attribute, values]) => ({ attribute, values: [...values.values()] }));
}
