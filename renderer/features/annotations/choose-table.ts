import type { PickedPath } from '../../../main/server/contract.ts';
import { useFileChoice } from '../../app/file-choice.ts';
import { messages } from '../../messages/en/index.ts';

/** Lets the user pick a table of annotations; undefined when nothing was picked. */
export async function chooseTable(): Promise<PickedPath | undefined> {
  const [picked] = await useFileChoice().choose({
    purpose: 'annotations',
    title: messages.annotations.import.choose,
    kind: 'file',
  });
  return picked;
}
