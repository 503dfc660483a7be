import type { PickedPath } from '../../../main/server/contract.ts';
import { shell } from '../../api/shell.ts';

/** Lets the user pick a table of annotations; undefined when nothing was picked. */
export async function chooseTable(): Promise<PickedPath | undefined> {
  const [picked] = (await shell?.choose({ purpose: 'annotations' })) ?? [];
  return picked;
}
