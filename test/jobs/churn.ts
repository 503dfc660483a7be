// A process that adds, patches, trains and removes without end, until it is killed. Run by kill.test.ts.
import { writeFileSync } from 'node:fs';
import { makePatches } from '../../main/jobs/patches.ts';
import { DEFAULT_PATCH_SETTINGS } from '../../main/patches/index.ts';
import { openStudy, writeVolumeArrays } from '../../main/study/index.ts';
import { facts } from '../study/volume-facts.ts';

const [folder = '', round = ''] = process.argv.slice(2);
const settings = {
  ...DEFAULT_PATCH_SETTINGS,
  size: 8,
  perVolume: { abnormal: { minimum: 3, maximum: 6 }, normalBesideBoxes: 2, normal: 4, unlabeled: 3 },
};

const study = await openStudy(folder);
process.stdout.write('ready');
for (let turn = 0; ; turn++) {
  const names = [`${round}-${turn}-a`, `${round}-${turn}-b`];
  for (const name of names) {
    const volume = facts(name, { rows: 24, columns: 20 });
    const samples = volume.slices * volume.rows * volume.columns;
    const staged = study.volumes.stage();
    const data = new Float32Array(2 * samples).fill(turn);
    await writeVolumeArrays(staged, { ...volume, data }, new Uint8Array(samples).fill(1));
    const source = { id: 'source', sha256: volume.sourceSha256 };
    await study.volumes.add(staged, volume, { inputs: [source], configuration: {} });
  }
  const { set } = await makePatches(study, { seed: turn, settings });
  const run = await study.runs.start({ kind: 'flow', configuration: { turn }, inputs: [set.id], seed: turn });
  const metrics = study.runs.openMetrics(run.id);
  for (let step = 1; step <= 3; step++) {
    metrics.append({ step, loss: 1 / step });
    await study.checkpoints.add(run.id, step, (path) => writeFileSync(path, `weights ${step}`.repeat(1000)));
  }
  metrics.close();
  await study.runs.finish(run.id, 'succeeded');
  for (const each of study.runs.list()) study.remove(each.id);
  for (const each of study.patchSets.list()) study.remove(each.id);
  for (const volume of study.volumes.list().slice(0, -1)) study.remove(volume.id);
}
