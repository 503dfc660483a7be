import { createVuetify } from 'vuetify';
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg';

/**
 * Two themes of one quiet scheme: neutral greys, one accent, and red, amber and green for state only. Text on `surface`
 * and `background` has a contrast of at least 4.5, `muted` too; borders and controls at least 3 where they carry meaning.
 */
const dark = {
  dark: true,
  colors: {
    background: '#111316',
    surface: '#181b1f',
    'surface-bright': '#2a2f36',
    'surface-light': '#22262b',
    'surface-variant': '#2a2f36',
    'on-surface-variant': '#e4e8ec',
    'on-background': '#e4e8ec',
    'on-surface': '#e4e8ec',
    muted: '#a2abb5',
    outline: '#78828d',
    primary: '#7cc0f5',
    'on-primary': '#06233b',
    secondary: '#a2abb5',
    error: '#ff8a80',
    'on-error': '#3b0a06',
    warning: '#e8b04b',
    'on-warning': '#2e1f00',
    success: '#66cd96',
    'on-success': '#04240f',
    info: '#7cc0f5',
    'on-info': '#06233b',
  },
  variables: {
    'border-color': '#ffffff',
    'border-opacity': 0.1,
    'hover-opacity': 0.06,
    'focus-opacity': 0.1,
    'activated-opacity': 0.12,
    'medium-emphasis-opacity': 0.78,
  },
};
const light = {
  dark: false,
  colors: {
    background: '#f3f4f6',
    surface: '#ffffff',
    'surface-bright': '#ffffff',
    'surface-light': '#eceef1',
    'surface-variant': '#e3e6ea',
    'on-surface-variant': '#1b1f24',
    'on-background': '#1b1f24',
    'on-surface': '#1b1f24',
    muted: '#57606a',
    outline: '#7d8790',
    primary: '#0b5ea8',
    'on-primary': '#ffffff',
    secondary: '#57606a',
    error: '#b3261e',
    'on-error': '#ffffff',
    warning: '#774c00',
    'on-warning': '#ffffff',
    success: '#1a7440',
    'on-success': '#ffffff',
    info: '#0b5ea8',
    'on-info': '#ffffff',
  },
  variables: {
    'border-color': '#000000',
    'border-opacity': 0.14,
    'hover-opacity': 0.05,
    'focus-opacity': 0.08,
    'activated-opacity': 0.1,
    'medium-emphasis-opacity': 0.78,
  },
};

/** The component library with our themes, dense defaults, and icons as SVG paths. */
export function createTheme() {
  return createVuetify({
    theme: { defaultTheme: 'dark', themes: { dark, light } },
    icons: { defaultSet: 'mdi', aliases, sets: { mdi } },
    defaults: {
      global: { ripple: false },
      VBtn: { variant: 'tonal', density: 'compact', rounded: 'sm', elevation: 0 },
      VTextField: { variant: 'outlined', density: 'compact', hideDetails: 'auto' },
      VTextarea: { variant: 'outlined', density: 'compact', hideDetails: 'auto', rows: 3 },
      VSelect: { variant: 'outlined', density: 'compact', hideDetails: 'auto' },
      VCombobox: { variant: 'outlined', density: 'compact', hideDetails: 'auto' },
      VCheckbox: { density: 'compact', hideDetails: 'auto', color: 'primary' },
      VSwitch: { density: 'compact', hideDetails: 'auto', color: 'primary' },
      VRadioGroup: { density: 'compact', hideDetails: 'auto', color: 'primary' },
      VSlider: { density: 'compact', hideDetails: 'auto', color: 'primary' },
      VList: { density: 'compact' },
      VDialog: { maxWidth: 560 },
      VTooltip: { openDelay: 400 },
    },
  });
}
