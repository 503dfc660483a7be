import { SEQUENCES } from '../domain/sequences.ts';
import { SPLITS, TISSUE_CLASSES } from '../domain/tissue.ts';
import { trashContent, volumeTable } from '../study/index.ts';
import type { PatchCount, Study, VolumeCount } from '../study/index.ts';
import { textTable } from './command.ts';

/** What `study info` says; also its `--json` document. */
export interface StudyInfo {
  id: string;
  name: string;
  created: string;
  folder: string;
  volumes: VolumeCount[];
  patchSets: { id: string; created: string; patches: Record<string, number> }[];
  runs: { id: string; kind: string; preset: string | null; status: string; created: string; checkpoints: number }[];
  syntheticSets: number;
  experiments: { id: string; kind: string; created: string }[];
  trash: { entries: number; bytes: number };
}

export function studyInfo(study: Study): StudyInfo {
  return {
    id: study.id,
    name: study.name,
    created: study.created,
    folder: study.folder,
    volumes: volumeTable(study),
    patchSets: study.patchSets
      .list()
      .map(({ id, created }) => ({ id, created, patches: study.patchSets.counts(id) as Record<string, number> })),
    runs: study.runs.list().map(({ id, kind, preset, status, created }) => ({
      id,
      kind,
      preset,
      status,
      created,
      checkpoints: study.checkpoints.list(id).length,
    })),
    syntheticSets: study.synthetic.list().length,
    experiments: study.experiments.list().map(({ id, kind, created }) => ({ id, kind, created })),
    trash: trashContent(study),
  };
}

export function studyInfoText(info: StudyInfo): string {
  const sections = [
    `${info.name} (${info.id}), made ${info.created.slice(0, 10)}`,
    info.volumes.length === 0 ? 'No volumes yet.' : volumeTableText(info.volumes),
  ];
  if (info.patchSets.length > 0) {
    sections.push(
      textTable([
        ['patch set', ...SPLITS],
        ...info.patchSets.map(({ id, patches }) => [id, ...SPLITS.map((split) => patches[split] ?? 0)]),
      ]),
    );
  }
  if (info.runs.length > 0) {
    sections.push(
      textTable([
        ['run', 'preset', 'status', 'checkpoints'],
        ...info.runs.map(({ id, preset, status, checkpoints }) => [id, preset ?? '', status, checkpoints]),
      ]),
    );
  }
  sections.push(
    `${info.syntheticSets} synthetic sets, ${info.experiments.length} experiments, ` +
      `${info.trash.entries} entries (${bytesText(info.trash.bytes)}) in the trash.`,
  );
  return sections.join('\n\n');
}

/** The paper's Table 1: a line for each class and sequence, patches (volumes) of each split, sums below. */
export function patchTableText(cells: readonly PatchCount[]): string {
  const rows = TISSUE_CLASSES.flatMap((tissue) =>
    SEQUENCES.flatMap((sequence) => {
      const mine = cells.filter((cell) => cell.tissue === tissue && cell.sequence === sequence);
      return mine.length === 0 ? [] : [[tissue, sequence, ...splitCells(mine)]];
    }),
  );
  return textTable([['class', 'sequence', ...SPLITS, 'all'], ...rows, ['all', '', ...splitCells(cells, false)]]);
}

/** Volumes by purpose, class and sequence. */
export function volumeTableText(counts: readonly VolumeCount[]): string {
  return textTable([
    ['purpose', 'class', 'sequence', 'volumes', 'slices'],
    ...counts.map(({ purpose, tissue, sequence, volumes, slices }) => [
      purpose,
      tissue ?? 'excluded',
      sequence,
      volumes,
      slices,
    ]),
  ]);
}

/** 12 B, 3.4 MB, 1.2 GB. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** Volumes of different cells can be the same ones, so sums over cells are of patches alone. */
function splitCells(cells: readonly PatchCount[], withVolumes = true): string[] {
  const sum = (of: readonly PatchCount[], key: 'patches' | 'volumes'): number =>
    of.reduce((total, cell) => total + cell[key], 0);
  const text = (of: readonly PatchCount[]): string =>
    withVolumes ? `${sum(of, 'patches')} (${sum(of, 'volumes')})` : String(sum(of, 'patches'));
  return [...SPLITS.map((split) => text(cells.filter((cell) => cell.split === split))), text(cells)];
}
