import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import type { DataDescription } from '../report-data.ts';

const NOTICE: Record<DataDescription['kind'], string> = {
  phantom:
    'The data are a phantom: a computed anatomy with simulated signal, coils, noise and lesions. No person was scanned. Nothing here shows how the method does on patients.',
  acquired: 'The data were acquired on a scanner.',
  mixed:
    'Most of the data are a phantom: a computed anatomy with simulated signal, coils, noise and lesions. Parts that were acquired on a scanner are named as such. Nothing here shows how the method does on patients.',
};

/** What must be known before any number is read. */
export function dataNotice({ kind }: DataDescription): Markup {
  return markup`<aside class="notice" aria-label="About the data"><p><strong>${kind === 'acquired' ? 'Acquired data.' : 'Phantom data.'}</strong> ${NOTICE[kind]}</p><p><strong>Research use only.</strong> Not for diagnosis or treatment.</p></aside>`;
}

export function dataDescription({ paragraphs, facts = [] }: DataDescription): Markup {
  return markup`${paragraphs.map((text) => markup`<p class="prose">${text}</p>`)}${factList(facts)}`;
}

export function factList(facts: readonly (readonly [string, string | number])[]): Markup {
  if (facts.length === 0) return markup``;
  return markup`<dl class="facts">${facts.map(([label, value]) => markup`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
}
