import type { Component } from 'vue';
import type { RouteLocationRaw, RouteRecordRaw } from 'vue-router';

/** One entry of the navigation rail. */
export interface NavigationEntry {
  /** Name of the route it leads to. */
  route: string;
  title: string;
  /** An SVG path of `@mdi/js`. */
  icon: string;
  /** Position in the way data flows: library 10, viewer 20, patches 30 … activity 900, settings 910. */
  order: number;
  /** Shown apart, at the foot of the rail. */
  apart?: boolean;
}

/**
 * Something a user can do by name: found in the command palette, listed under `?`, bound to keys that can be changed.
 * A command without `run` and `to` is available while a mounted component handles it (`useHandlers`).
 */
export interface Command {
  /** Stable name, kept in the user's key bindings: `viewer.next-slice`. */
  id: string;
  title: string;
  /** Heading in the palette and in the list of shortcuts. */
  group: string;
  /** Key chords (`keys.ts`): `Mod+K`, `ArrowUp`, `?`, `Shift+R`. Mod is Ctrl, and Cmd on a Mac. */
  keys?: readonly string[];
  /** An SVG path of `@mdi/js`. */
  icon?: string;
  /** false = only by key, not in the palette. */
  palette?: boolean;
  /** Works without an open study; others wait for one. */
  withoutStudy?: boolean;
  /** Name of the route that it leads to, in place of `run`. */
  to?: string;
  run?: () => void | Promise<void>;
}

/** Something of the study that the palette finds by its name. */
export interface Found {
  id: string;
  title: string;
  facts: string;
  group: string;
  to: RouteLocationRaw;
}
/** @param most no more than these are wanted */
export type Finder = (text: string, most: number) => Promise<Found[]>;

/** What a feature's `index.ts`, its only door, gives the application. */
export interface Feature {
  /** `meta.withoutStudy: true` for a route that needs no open study. */
  routes: RouteRecordRaw[];
  navigation?: NavigationEntry[];
  commands?: Command[];
  /** Finds things of the open study by name, for the palette. */
  find?: Finder;
  /** Shown above every screen while a study is open; decides itself whether there is anything to show. */
  banner?: Component;
  /** Called once, while the window has nothing else to do and a study is open: makes what its screens would be waited for with. */
  getReady?: () => void | Promise<void>;
}
