import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { IsochromatError } from '../domain/errors.ts';
import type { Study } from '../study/index.ts';
import { itemId } from './item-id.ts';
import { UserFile } from './user-files.ts';
import type { RecentStudy } from './wire.ts';

const RECENT = z.array(
  z.object({
    folder: z.string(),
    id: z.string(),
    name: z.string(),
    lastOpened: z.string(),
    volumes: z.number(),
    picture: itemId.nullable().catch(null),
  }),
);
type Entry = z.output<typeof RECENT>[number];

const MOST = 20;

/** The studies that this user opened last. Their folders stay in the user's settings; the window gets keys. */
export class RecentStudies {
  private readonly file = new UserFile<Entry[]>('recent.json', (document) => {
    const known = RECENT.safeParse(document);
    return known.success ? known.data : [];
  });

  list(): RecentStudy[] {
    return this.file.read().map(({ folder, ...shown }) => ({
      ...shown,
      key: keyOf(folder),
      present: existsSync(join(folder, 'study.json')),
    }));
  }

  /** @throws IsochromatError `no-such-item` */
  folder(key: string): string {
    const found = this.file.read().find(({ folder }) => keyOf(folder) === key);
    if (found !== undefined) return found.folder;
    throw new IsochromatError({ code: 'no-such-item', sentence: 'This study is not among the recent ones any more.' });
  }

  /**
   * The array of the volume whose picture stands for a study, which need not be open.
   * @throws IsochromatError `no-such-item`
   */
  pictureFile(key: string): string {
    const found = this.file.read().find(({ folder }) => keyOf(folder) === key);
    if (found?.picture != null) return join(found.folder, 'volumes', found.picture, 'image.npy');
    throw new IsochromatError({ code: 'no-such-item', sentence: 'There is no picture of this study.' });
  }

  async remember(study: Study, now: Date): Promise<void> {
    const { folder, id, name } = study;
    const picture = study.volumes.list()[0]?.id ?? null;
    const entry = { folder, id, name, lastOpened: now.toISOString(), volumes: study.volumes.count(), picture };
    await this.file.change((all) => [entry, ...all.filter((each) => each.folder !== folder)].slice(0, MOST));
  }

  async forget(key: string): Promise<void> {
    await this.file.change((all) => all.filter(({ folder }) => keyOf(folder) !== key));
  }
}

function keyOf(folder: string): string {
  return createHash('sha256').update(folder).digest('base64url').slice(0, 22);
}
