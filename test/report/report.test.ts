import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { chromium } from 'playwright-core';
import { PNG } from 'pngjs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as format from '../../main/report/format.ts';
import { renderReport, reportTables } from '../../main/report/index.ts';
import type { ReportData } from '../../main/report/index.ts';
import { escapeText, markup } from '../../main/report/markup.ts';
import { sampleReport } from './sample-report.ts';

let data: ReportData;
let page: string;
beforeAll(async () => {
  data = await sampleReport();
  page = withoutPictures(renderReport(data));
});

/** The page with its pictures emptied, so that a failing expectation prints text and not megabytes of base64. */
function withoutPictures(html: string): string {
  return html.replace(/(data:image\/png;base64,)[A-Za-z0-9+/=]*/g, '$1');
}

describe('the report', () => {
  it('needs nothing but itself: no link leaves the page, nothing is loaded, no script runs', () => {
    const targets = [...page.matchAll(/\s(?:src|href|srcset|action|data|poster)="([^"]*)"/g)].map((m) => m[1]!);
    expect(targets.length).toBeGreaterThan(80);
    for (const target of targets) expect(target).toMatch(/^(#[a-z]+$|data:image\/png;base64,)/);
    expect(page).not.toMatch(/<script|<link|<iframe|@import|url\(|https?:|\son\w+=/i);
    expect(page).toContain("default-src 'none'");
  });

  it('says that the data are a phantom and that it is for research only', () => {
    expect(page).toContain('No person was scanned');
    expect(page).toContain('Research use only');
    const acquired = withoutPictures(renderReport({ ...data, data: { ...data.data, kind: 'acquired' } }));
    expect(acquired).not.toContain('are a phantom');
    expect(acquired).toContain('Research use only');
    expect(withoutPictures(renderReport({ ...data, data: { ...data.data, kind: 'mixed' } }))).toContain(
      'Most of the data are a phantom',
    );
  });

  it('never claims that synthetic patches cannot be told apart', () => {
    expect(page).not.toMatch(/indistinguishable/i);
    expect(page).toContain('found no difference, not that there is none');
  });

  it('links every entry of its contents to a section, and heads are in order', () => {
    const ids = [...page.matchAll(/href="#([a-z]+)"/g)].map((m) => m[1]!);
    expect(ids).toHaveLength(10);
    for (const id of ids) expect(page).toContain(`<section id="${id}"`);
    const levels = [...page.matchAll(/<h([1-6])/g)].map((m) => Number(m[1]));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.slice(1).forEach((level, i) => expect(level - levels[i]!).toBeLessThanOrEqual(1));
  });

  it('describes every picture, and every table has a caption and heads with a scope', () => {
    for (const [tag] of page.matchAll(/<img[^>]*>/g)) expect(tag).toMatch(/alt="[^"]{5,}"/);
    for (const [tag] of page.matchAll(/<svg[^>]*>/g)) expect(tag).toMatch(/aria-label="[^"]{20,}"|aria-hidden="true"/);
    for (const [table] of page.matchAll(/<table.*?<\/table>/gs)) {
      expect(table).toContain('<caption>');
      for (const [head] of table.matchAll(/<th[ >][^>]*>?/g)) expect(head).toContain('scope=');
    }
  });

  it('shows each estimate with its interval and its n', () => {
    const { realism, downstream } = data;
    if ('notRun' in realism || 'notRun' in downstream) throw new Error('the sample has both');
    for (const row of [...realism.sequences, ...downstream.strategies.flatMap(({ rows }) => rows)]) {
      expect(page).toContain(
        `>${format.decimal(row.mean, 3)}</td><td class="figure">${format.range(row.interval, 3)}</td>`,
      );
      expect(page).toContain(`${row.positives} + ${row.negatives}`);
    }
    expect(page).toContain('Small set.');
    expect(page).toContain('fewer than 3 volumes');
  });

  it('says of each stage that was not run why it is absent', () => {
    const absent = Object.fromEntries(
      ['patchTable', 'samples', 'reconstruction', 'training', 'realism', 'downstream', 'volumeScores', 'stages'].map(
        (part) => [part, { notRun: `${part} was left out.` }],
      ),
    );
    const empty = { ...data, ...absent } as ReportData;
    const text = withoutPictures(renderReport(empty));
    for (const part of Object.keys(absent)) expect(text).toContain(`${part} was left out.`);
    expect(text.match(/<h2>/g)).toHaveLength(10);
    expect(reportTables(empty).map(({ fileName }) => fileName)).toEqual(['provenance.csv']);
  });

  it('stands empty lists and estimates that do not exist', () => {
    const hollow: ReportData = {
      ...data,
      patchTable: [],
      samples: [{ sequence: 'AXT2', real: [], synthetic: [] }],
      reconstruction: { sets: [], examples: [] },
      training: [],
      realism: { sequences: [], seeds: 0, testSets: 0 },
      downstream: { strategies: [], seeds: 0, differences: [] },
      volumeScores: [{ name: 'External', result: { volumes: [], auroc: null } }],
      stages: [],
      provenance: { environment: [], seeds: [], items: [] },
    };
    const text = withoutPictures(renderReport(hollow));
    expect(text).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(text).toContain('No AUROC');
  });

  it('escapes every name that comes from outside', () => {
    const hostile = '"><script>alert(1)</script><img src=http://x onerror=y>';
    const walk = (value: unknown): unknown => {
      if (typeof value === 'string')
        return /^(AX|normal|abnormal|unlabeled|train|validation|test|phantom|all$)/.test(value) && value.length < 12
          ? value
          : `${value}${hostile}`;
      if (Array.isArray(value)) return value.map(walk);
      if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, walk(v)]));
    };
    const text = withoutPictures(renderReport(walk(data) as ReportData)).replace(/<style>.*<\/style>/s, '');
    expect(text).toContain('&lt;script&gt;');
    // What is left outside quotes is what a browser would take for tags and attributes.
    const tags = [...text.replace(/"[^"]*"/g, '""').matchAll(/<[^>]*>/g)].map(([tag]) => tag).join('\n');
    expect(tags).not.toMatch(/script|onerror|http:|alert/);
    expect(text.match(/<img/g)!.length).toBe(page.match(/<img/g)!.length);
  });

  it('stays within a few megabytes', () => {
    expect(renderReport(data).length).toBeLessThan(3e6);
  });
});

describe('markup', () => {
  it('lets no text out of an attribute or an element', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { text: made } = markup`<a title="${text}">${text}</a>`;
        expect(made.match(/[<>]/g)).toHaveLength(4);
        expect(made.match(/"/g)).toHaveLength(2);
        expect(escapeText(text)).not.toContain('\u0000');
      }),
    );
  });
});

describe('numbers', () => {
  it('are written for readers', () => {
    expect(format.decimal(-0.0004, 3)).toBe('0.000');
    expect(format.decimal(-1.5, 1)).toBe('−1.5');
    expect(format.decimal(NaN, 1)).toBe('–');
    expect(format.count(1234567)).toBe('1,234,567');
    expect(format.range([0.5, 0.75], 2)).toBe('0.50 to 0.75');
    expect(format.range(null, 2)).toBe('–');
    expect([3.21, 42.4, 131, 3599.7, 7500].map(format.seconds)).toEqual([
      '3.2 s',
      '42 s',
      '2 min 11 s',
      '1 h 00 min',
      '2 h 05 min',
    ]);
    expect([640e6, 1.44e9].map(format.bytes)).toEqual(['640 MB', '1.4 GB']);
    expect(format.dateAndTime('2025-03-14T09:05:00Z')).toBe('14 March 2025, 09:05 UTC');
    expect(format.dateAndTime('some day')).toBe('some day');
  });
});

describe('the CSV tables', () => {
  it('hold every row in full precision and read back', () => {
    const tables = new Map(reportTables(data).map(({ fileName, csv }) => [fileName, csv]));
    expect([...tables.keys()]).toEqual([
      'patches.csv',
      'reconstruction.csv',
      'realism.csv',
      'downstream.csv',
      'volume-scores.csv',
      'stages.csv',
      'provenance.csv',
    ]);
    const rows = parse(tables.get('downstream.csv')!, { columns: true }) as Record<string, string>[];
    if ('notRun' in data.downstream) throw new Error('the sample has it');
    const first = data.downstream.strategies[0]!.rows[0]!;
    expect(Number(rows[0]!['auroc'])).toBe(first.mean);
    expect(rows[0]!['runs']!.split(' ').map(Number)).toEqual(first.runs);
    expect(rows).toHaveLength(12);
  });

  it('quote what needs it and disarm formulas', () => {
    const items = [{ name: 'a,"b"\nc', id: '=1+1', detail: '-x' }];
    const tables = reportTables({ ...data, provenance: { ...data.provenance, items } });
    const [row] = parse(tables.at(-1)!.csv, { columns: true }) as Record<string, string>[];
    expect(row).toEqual({ item: 'a,"b"\nc', id: "'=1+1", sha256: '', detail: "'-x" });
  });
});

const browser = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'].find((path) =>
  existsSync(path),
);

describe.skipIf(browser === undefined)('in a browser', () => {
  it('draws in light and dark, wide and narrow, without errors or sideways scrolling', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'isochromat-report-'));
    const file = join(folder, 'report.html');
    writeFileSync(file, renderReport(data));
    const running = await chromium.launch({ executablePath: browser!, args: ['--no-sandbox'] });
    try {
      const backgrounds: string[] = [];
      for (const [colorScheme, width] of [
        ['light', 1180],
        ['dark', 1180],
        ['light', 420],
      ] as const) {
        const tab = await running.newPage({ viewport: { width, height: 900 }, colorScheme });
        const problems: string[] = [];
        tab.on('console', (message) => problems.push(message.text()));
        tab.on('requestfailed', (request) => problems.push(request.url().slice(0, 80)));
        await tab.goto(`file://${file}`);
        const broken = await tab.evaluate(
          () => [...document.images].filter((image) => !image.complete || image.naturalWidth === 0).length,
        );
        expect(broken).toBe(0);
        expect(problems).toEqual([]);
        expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        const shot = join(folder, `${colorScheme}-${width}.png`);
        await tab.screenshot({ path: shot });
        const { data: pixels } = PNG.sync.read(readFileSync(shot));
        backgrounds.push(pixels[0]! > 128 ? 'light' : 'dark');
        await tab.close();
      }
      expect(backgrounds).toEqual(['light', 'dark', 'light']);
    } finally {
      await running.close();
      rmSync(folder, { recursive: true });
    }
  });
});
