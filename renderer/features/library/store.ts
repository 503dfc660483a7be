import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { FacetCount, VolumeRow } from '../../../main/server/contract.ts';
import { useEngine, useEngineEvent } from '../../api/engine-events.ts';
import { engine } from '../../api/client.ts';
import { problemOf } from '../../api/problem.ts';
import type { Problem } from '../../api/problem.ts';
import { useSession } from '../../app/session.ts';
import { useStudy } from '../../app/study.ts';
import { FIRST_COLUMNS } from './columns.ts';
import type { ColumnId } from './columns.ts';
import { rowAt, rowCount } from './layout.ts';
import type { Segment } from './layout.ts';
import { filterOf, filterOfGroup, howMany, toggled } from './query.ts';
import type { Chosen, Facet, Group, LibraryFilter, LibrarySort, SortBy } from './query.ts';

const PAGE = 100;

/** The library: what is asked of it, what stands in which row, and the rows that have been seen. */
export const useLibrary = defineStore('library', () => {
  const session = useSession();
  const chosen = ref<Chosen>({});
  const text = ref('');
  const sort = ref<LibrarySort>({ by: 'created', descending: false });
  const group = ref<Group | null>(null);
  const folded = ref<ReadonlySet<string>>(new Set());
  const columns = ref<readonly ColumnId[]>(FIRST_COLUMNS);
  const view = ref<'table' | 'cards'>('table');

  const facets = shallowRef<Record<Facet, FacetCount[]>>();
  const found = shallowRef<{ value: string | null; grouped: boolean; ids: string[] }[]>();
  const rows = shallowRef<ReadonlyMap<string, VolumeRow>>(new Map());
  const problem = shallowRef<Problem>();
  const loading = ref(false);
  /** All volumes of the study, whatever is filtered. */
  const total = ref<number | null>(null);

  const segments = computed<Segment[]>(() =>
    (found.value ?? []).map(({ value, grouped, ids }) => ({
      group: grouped ? { value, open: !folded.value.has(String(value)) } : undefined,
      ids,
    })),
  );
  const count = computed(() => rowCount(segments.value));
  const shown = computed(() => segments.value.reduce((sum, segment) => sum + segment.ids.length, 0));

  let question = 0;
  const asked = new Set<string>();
  /** Volumes that changed since their rows were fetched; what is known of them is shown until they are fetched anew. */
  const stale = new Set<string>();
  /** Counts changes: an answer to a question from before one is stale itself. */
  let era = 0;
  let sight = { first: 0, last: 0 };

  /** Asks for facets and for what stands where; rows come when they are in sight. */
  async function reload(): Promise<void> {
    const mine = ++question;
    loading.value = true;
    try {
      const filter = filterOf(chosen.value, text.value);
      const counts = await engine.volumes.facets.query({ filter });
      const parts = await Promise.all(
        group.value === null
          ? [
              engine.volumes.ids
                .query({ filter, sort: sort.value })
                .then((ids) => ({ value: null, grouped: false, ids })),
            ]
          : groupValues(counts, group.value).map(async (value) => ({
              value,
              grouped: true,
              ids: await engine.volumes.ids.query({ filter: filterOfRow(value), sort: sort.value }),
            })),
      );
      const all =
        howMany(chosen.value) === 0 && text.value === '' ? null : await engine.volumes.list.query({ limit: 1 });
      if (mine !== question) return;
      facets.value = counts;
      found.value = parts.filter((part) => !part.grouped || part.ids.length > 0);
      total.value = all?.total ?? shown.value;
      problem.value = undefined;
      asked.clear();
      see(sight.first, sight.last);
    } catch (thrown) {
      if (mine === question) problem.value = problemOf(thrown);
    } finally {
      if (mine === question) loading.value = false;
    }
  }

  /** Values of the group's facet that the filter itself allows. */
  function groupValues(counts: Record<Facet, FacetCount[]>, by: Group): (string | null)[] {
    const allowed = chosen.value[by];
    return counts[by].map(({ value }) => value).filter((value) => !allowed?.length || allowed.includes(value));
  }

  function filterOfRow(value: string | null): LibraryFilter {
    return group.value === null
      ? filterOf(chosen.value, text.value)
      : filterOfGroup(chosen.value, text.value, group.value, value);
  }

  /** Fetches what is missing of the rows in sight, in whole pages. */
  function see(first: number, last: number): void {
    sight = { first, last };
    for (let row = first; row < last; row++) {
      const at = rowAt(segments.value, row);
      if (at === undefined || 'heading' in at || (rows.value.has(at.id) && !stale.has(at.id))) continue;
      const page = Math.floor(at.offset / PAGE);
      const key = `${question}/${at.segment}/${page}`;
      if (asked.has(key)) continue;
      asked.add(key);
      void fetchPage(at.segment, page, key);
    }
  }

  async function fetchPage(segment: number, page: number, key: string): Promise<void> {
    const part = found.value?.[segment];
    if (part === undefined) return;
    const filter = filterOfRow(part.value);
    const asking = era;
    try {
      const answer = await engine.volumes.list.query({ filter, sort: sort.value, offset: page * PAGE, limit: PAGE });
      put(answer.rows);
      if (asking === era) for (const { id } of answer.rows) stale.delete(id);
    } catch (thrown) {
      asked.delete(key);
      problem.value = problemOf(thrown);
    }
  }

  function put(changed: readonly VolumeRow[]): void {
    const next = new Map(rows.value);
    for (const row of changed) next.set(row.id, row);
    rows.value = next;
  }

  /** A row as it is now; undefined where it was not fetched, or changed since. */
  function fresh(id: string): VolumeRow | undefined {
    return stale.has(id) ? undefined : rows.value.get(id);
  }

  function toggle(facet: Facet, value: string | null): void {
    chosen.value = toggled(chosen.value, facet, value);
  }

  function clear(): void {
    chosen.value = {};
    text.value = '';
  }

  function sortBy(by: SortBy): void {
    sort.value = { by, descending: sort.value.by === by ? sort.value.descending !== true : false };
  }

  function by(order: SortBy): void {
    sort.value = { by: order, descending: false };
  }

  function fold(value: string | null): void {
    const next = new Set(folded.value);
    if (!next.delete(String(value))) next.add(String(value));
    folded.value = next;
  }

  /** Takes up what was remembered of this study. */
  function begin(): void {
    chosen.value = session.get<Chosen>('library.chosen', {});
    sort.value = session.get<LibrarySort>('library.sort', { by: 'created', descending: false });
    group.value = (session.get('library.group', '') || null) as Group | null;
    columns.value = session.get<ColumnId[]>('library.columns', [...FIRST_COLUMNS]);
    view.value = session.get<string>('library.view', '') === 'cards' ? 'cards' : 'table';
    void reload();
  }

  const study = useStudy();
  watch(
    () => study.current?.id,
    () => {
      found.value = undefined;
      facets.value = undefined;
      rows.value = new Map();
      stale.clear();
      total.value = null;
    },
  );
  watch([chosen, sort, group, columns, view], () => {
    session.set('library.chosen', chosen.value);
    session.set('library.sort', sort.value);
    session.set('library.group', group.value ?? '');
    session.set('library.columns', columns.value);
    session.set('library.view', view.value);
  });
  watch([chosen, sort, group], () => void reload());
  let typing: ReturnType<typeof setTimeout> | undefined;
  watch(text, () => {
    clearTimeout(typing);
    typing = setTimeout(() => void reload(), 150);
  });
  let settling: ReturnType<typeof setTimeout> | undefined;
  useEngineEvent('study', (data) => {
    if (data.change !== 'content') return;
    // An import tells of every volume; the library asks again once they pause, and every two seconds meanwhile.
    era += 1;
    // A new patch set or new annotations change rows of volumes that are not new.
    for (const id of rows.value.keys()) stale.add(id);
    settling ??= setTimeout(() => {
      settling = undefined;
      void reload();
    }, 400);
  });
  const line = useEngine();
  watch(
    () => line.epoch,
    () => void reload(),
  );

  return {
    chosen,
    text,
    sort,
    group,
    folded,
    columns,
    view,
    facets,
    found,
    rows,
    problem,
    loading,
    total,
    segments,
    count,
    shown,
    reload,
    see,
    put,
    fresh,
    toggle,
    clear,
    sortBy,
    by,
    fold,
    begin,
  };
});
