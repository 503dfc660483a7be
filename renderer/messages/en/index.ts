import { activity } from './activity.ts';
import { annotations } from './annotations.ts';
import { app } from './app.ts';
import { intake } from './intake.ts';
import { library } from './library.ts';
import { settings } from './settings.ts';
import { start } from './start.ts';
import { patches } from './patches.ts';
import { viewer } from './viewer.ts';

/** Everything the window says, in US English: one file a feature. Sentences with parts are functions of the parts. */
export const messages = { annotations, activity, app, intake, library, settings, start, patches, viewer };
