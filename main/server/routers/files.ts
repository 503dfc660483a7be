import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, parse } from 'node:path';
import { TRPCError } from '@trpc/server';
import { z } from 'zod';
import { IsochromatError } from '../../domain/errors.ts';
import { makeFolder } from '../../formats/make-folder.ts';
import { asReadError } from '../../formats/read-file.ts';
import { pathToken, procedure, router } from '../trpc.ts';
import type { FolderListing, PickedPath } from '../wire.ts';

/** Entries of a folder that are listed; a window cannot show more with sense. */
const MOST_ENTRIES = 5000;

/** Only without a shell: with one, its dialogs give the tokens. */
const browserProcedure = procedure.use(({ next, ctx }) => {
  if (ctx.engine.mode === 'browser') return next();
  const cause = new IsochromatError({
    code: 'shell-has-dialogs',
    sentence: 'Files are chosen in the dialogs of the program.',
  });
  throw new TRPCError({ code: 'FORBIDDEN', cause });
});

/** Choosing files and folders in the browser, from token to token: no path is ever typed or shown. */
export const filesRouter = router({
  roots: browserProcedure.query(({ ctx }): PickedPath[] => {
    const start = [homedir(), process.cwd(), parse(homedir()).root];
    return [...new Set(start)].map((path) => ctx.engine.tokens.give(path)).map(named);
  }),

  list: browserProcedure
    .input(z.object({ folder: pathToken }))
    .query(async ({ ctx, input }): Promise<FolderListing> => {
      const folder = ctx.engine.tokens.path(input.folder);
      const entries = await readdir(folder, { withFileTypes: true }).catch((thrown: unknown) => {
        throw asReadError(thrown, folder);
      });
      const shown = entries
        .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isFile()))
        .sort((a, b) => Number(b.isDirectory()) - Number(a.isDirectory()) || a.name.localeCompare(b.name));
      const parent = dirname(folder);
      return {
        entries: shown.slice(0, MOST_ENTRIES).map((entry) => ({
          token: ctx.engine.tokens.tokenOf(join(folder, entry.name)),
          name: entry.name,
          kind: entry.isDirectory() ? ('folder' as const) : ('file' as const),
        })),
        more: Math.max(0, shown.length - MOST_ENTRIES),
        parent: parent === folder ? null : ctx.engine.tokens.tokenOf(parent),
      };
    }),

  newFolder: browserProcedure
    .input(z.object({ folder: pathToken, name: z.string().trim().min(1).max(100) }))
    .mutation(({ ctx, input }): PickedPath => {
      const { folder, name } = input;
      if (basename(name) !== name || /[\\/:*?"<>|\0]/.test(name) || name === '.' || name === '..') {
        throw new IsochromatError({
          code: 'folder-name',
          sentence: 'This cannot be the name of a folder.',
          found: name,
        });
      }
      const path = join(ctx.engine.tokens.path(folder), name);
      try {
        makeFolder(path);
      } catch (thrown) {
        throw asReadError(thrown, path);
      }
      return ctx.engine.tokens.give(path);
    }),
});

function named(picked: PickedPath): PickedPath {
  return picked.name === '' ? { ...picked, name: '/' } : picked;
}
