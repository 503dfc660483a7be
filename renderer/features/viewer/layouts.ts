import { COIL_COMPONENTS, isCoilComponent } from '../../imaging/components.ts';
import type { Component } from '../../imaging/components.ts';

export const LAYOUTS = ['one', 'two', 'four', 'compare'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** One pane of a layout: which of the four component slots it shows, and of which volume. */
export interface PanePlace {
  slot: number;
  volume: 'first' | 'second';
}

/** What each layout shows; `compare` sets the second volume beside the first. */
const PLACES: Record<Layout, readonly PanePlace[]> = {
  one: [{ slot: 0, volume: 'first' }],
  two: [
    { slot: 0, volume: 'first' },
    { slot: 1, volume: 'first' },
  ],
  four: [0, 1, 2, 3].map((slot) => ({ slot, volume: 'first' as const })),
  compare: [
    { slot: 0, volume: 'first' },
    { slot: 0, volume: 'second' },
    { slot: 1, volume: 'first' },
    { slot: 1, volume: 'second' },
  ],
};

/** The panes to show; a pane that stands alone hides the others. Without phase there is one component to show. */
export function panesOf(layout: Layout, alone: number | null, hasPhase = true): { index: number; place: PanePlace }[] {
  const all = PLACES[layout]
    .map((place, index) => ({ index, place }))
    .filter(({ place }) => hasPhase || place.slot === 0);
  return alone === null ? all : all.filter(({ index }) => index === alone);
}

/** What the four slots show at first. */
export function openingComponents(hasPhase: boolean): Component[] {
  return hasPhase ? ['magnitude', 'phase', 'real', 'imaginary'] : ['magnitude', 'magnitude', 'magnitude', 'kspace'];
}

/** Magnitude → phase → real → imaginary → magnitude; a volume without phase has its magnitude only. */
export function nextComponent(component: Component, hasPhase: boolean): Component {
  if (!hasPhase) return 'magnitude';
  const order: Component[] = ['magnitude', 'phase', 'real', 'imaginary'];
  return order[(order.indexOf(component) + 1) % order.length]!;
}

/** Image of the coil, its phase, its sensitivity, that one's phase, and back to the magnitude of all coils together. */
export function nextCoilComponent(component: Component): Component {
  if (!isCoilComponent(component)) return COIL_COMPONENTS[0];
  return COIL_COMPONENTS[COIL_COMPONENTS.indexOf(component) + 1] ?? 'magnitude';
}
