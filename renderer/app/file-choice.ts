import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { PickedPath } from '../../main/server/contract.ts';
import type { ChoosePurpose } from '../../electron/bridge.ts';
import { shell } from '../api/shell.ts';

export interface FileRequest {
  purpose: ChoosePurpose;
  /** What one chooses, as the heading says it. */
  title: string;
  /** What may be chosen. */
  kind: 'folder' | 'file' | 'any';
  suggestedName?: string;
}

/** Choosing files and folders: in the dialogs of the desktop where there is one, else in one of our own. */
export const useFileChoice = defineStore('file-choice', () => {
  /** What our own dialog is asked for; null while it is closed. */
  const asked = shallowRef<FileRequest | null>(null);
  let answer: ((picked: PickedPath[]) => void) | undefined;

  /** An empty list where nothing was chosen. */
  function choose(request: FileRequest): Promise<PickedPath[]> {
    const { purpose, suggestedName, kind } = request;
    if (shell !== undefined) {
      return shell.choose({
        purpose,
        ...(suggestedName === undefined ? {} : { suggestedName }),
        ...(purpose === 'import' ? { files: kind === 'file' } : {}),
      });
    }
    settle([]);
    asked.value = request;
    return new Promise((resolve) => (answer = resolve));
  }

  function settle(picked: PickedPath[]): void {
    asked.value = null;
    answer?.(picked);
    answer = undefined;
  }

  return { asked, choose, settle };
});
