import { engine } from '../../api/client.ts';
import type { Found } from '../../app/feature.ts';
import { messages } from '../../messages/en/index.ts';

/** Volumes by any part of their name, site or tags: the first few. */
export async function findVolumes(text: string, most: number): Promise<Found[]> {
  const { rows } = await engine.volumes.list.query({ filter: { text }, sort: { by: 'name' }, limit: most });
  return rows.map(({ id, name, sequence, tissueClass }) => ({
    id,
    title: name,
    facts: [sequence, tissueClass].join(' · '),
    group: messages.library.found,
    to: { name: 'viewer', params: { volume: id } },
  }));
}
