import { inject } from 'vue';
import type { InjectionKey } from 'vue';
import type { NavigationEntry } from './feature.ts';

/** The entries of the rail, in order. */
export const NAVIGATION: InjectionKey<readonly NavigationEntry[]> = Symbol('navigation');

export function useNavigation(): readonly NavigationEntry[] {
  return inject(NAVIGATION, []);
}
