import 'vuetify/styles/core';
import './theme.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { adoptThemeStyles } from './adopted-styles.ts';
import App from './App.vue';
import { useCommands } from './commands.ts';
import { features } from './features.ts';
import { BANNERS, FINDERS, NAVIGATION } from './navigation.ts';
import { readyWhenIdle } from './ready-when-idle.ts';
import { createScreens } from './router.ts';
import { createTheme } from './theme.ts';

/** Composes the window: stores, theme, screens, and what every feature brings. */
const app = createApp(App);
adoptThemeStyles(app);
app.use(createPinia());
app.use(createTheme());
const router = createScreens(features);
app.provide(
  NAVIGATION,
  features.flatMap((feature) => feature.navigation ?? []).sort((a, b) => a.order - b.order),
);
app.provide(
  BANNERS,
  features.flatMap(({ banner }) => (banner === undefined ? [] : [banner])),
);
app.provide(
  FINDERS,
  features.flatMap(({ find }) => (find === undefined ? [] : [find])),
);
useCommands().register(
  features
    .flatMap((feature) => feature.commands ?? [])
    .map((command) => {
      const { to } = command;
      return to === undefined ? command : { ...command, run: () => router.push({ name: to }).then(() => {}) };
    }),
);
app.use(router);
app.mount('#app');
readyWhenIdle(features);
