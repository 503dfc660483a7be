import { inject } from 'vue';
import type { Component, InjectionKey } from 'vue';
import type { Finder, NavigationEntry } from './feature.ts';

/** The entries of the rail, in order. */
export const NAVIGATION: InjectionKey<readonly NavigationEntry[]> = Symbol('navigation');

export function useNavigation(): readonly NavigationEntry[] {
  return inject(NAVIGATION, []);
}

/** What features show above every screen. */
export const BANNERS: InjectionKey<readonly Component[]> = Symbol('banners');

export function useBanners(): readonly Component[] {
  return inject(BANNERS, []);
}

/** What looks through the study for the palette. */
export const FINDERS: InjectionKey<readonly Finder[]> = Symbol('finders');

export function useFinders(): readonly Finder[] {
  return inject(FINDERS, []);
}
