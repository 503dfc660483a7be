import type { Page, Route } from 'playwright-core';
import type { EngineError, VolumeDetails, VolumeRow } from '../../main/server/contract.ts';

/** What a tRPC request asks. */
function inputOf(route: Route): { offset?: number; limit?: number } {
  const input = new URL(route.request().url()).searchParams.get('input');
  return input === null ? {} : (JSON.parse(input) as { offset?: number; limit?: number });
}

const answer = (route: Route, data: unknown): Promise<void> => route.fulfill({ json: { result: { data } } });

/**
 * Answers in the engine's place with a library of `count` volumes, each a copy of a real one: so many real ones would take hours
 * to import, and what is tried is the window.
 */
export async function withManyVolumes(page: Page, count: number): Promise<void> {
  let model: VolumeRow | undefined;
  const volume = (i: number): VolumeRow => ({
    ...model!,
    name: `${model!.name} · copy ${i + 1}`,
    id: i === 0 ? model!.id : `${model!.id}-${i}`,
  });
  await page.route('**/api/volumes.list*', async (route) => {
    const response = await route.fetch();
    const real = (await response.json()) as { result: { data: { rows: VolumeRow[] } } };
    model ??= real.result.data.rows[0];
    const { offset = 0, limit = 100 } = inputOf(route);
    const rows = Array.from({ length: Math.min(limit, count - offset) }, (_, i) => volume(offset + i));
    await answer(route, { total: count, rows });
  });
  await page.route(/\/arrays\/volumes\/.*\/thumbnail/, (route) =>
    route.continue({
      url: route
        .request()
        .url()
        .replace(/volumes\/[^/]+\//, `volumes/${model!.id}/`),
    }),
  );
  await page.route('**/api/volumes.get?*', async (route) => {
    const response = await route.fetch({
      url: route
        .request()
        .url()
        .replace(/-\d+(?=%22%7D)/, ''),
    });
    const real = (await response.json()) as { result: { data: VolumeRow } };
    const asked = JSON.parse(new URL(route.request().url()).searchParams.get('input')!) as { id: string };
    await answer(route, { ...real.result.data, id: asked.id });
  });
  await page.route('**/api/volumes.ids*', async (route) => {
    const response = await route.fetch();
    const [first] = ((await response.json()) as { result: { data: string[] } }).result.data;
    await answer(
      route,
      Array.from({ length: count }, (_, i) => (i === 0 ? first : `${first}-${i}`)),
    );
  });
}

/** Says of every volume that two of its slices could not be used: an empty one and a damaged one. */
export async function withUnusableSlices(page: Page): Promise<void> {
  const unusableSlices: VolumeDetails['unusableSlices'] = [
    { slice: 2, code: 'fastmri-slice-all-zero', reason: 'Every sample of this slice is 0.' },
    { slice: 11, code: 'slice-not-finite', reason: 'Samples of this slice are no numbers.' },
  ];
  await page.route('**/api/volumes.get?*', async (route) => {
    const response = await route.fetch();
    const real = (await response.json()) as { result: { data: VolumeDetails } };
    await answer(route, { ...real.result.data, unusableSlices });
  });
}

/** Lets requests fail as the engine would say it. */
export async function withFailure(page: Page, path: string, error: EngineError): Promise<void> {
  await page.route(path, (route) =>
    route.fulfill({
      status: 500,
      json: {
        error: {
          message: error.sentence,
          code: -32603,
          data: { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, error },
        },
      },
    }),
  );
}

/** Lets requests wait for ever, so that what is shown meanwhile can be seen. */
export async function withoutAnswer(page: Page, path: string): Promise<void> {
  await page.route(path, () => {});
}
