import { app } from './app.ts';
import { library } from './library.ts';

/** Everything the window says, in US English: one file a feature. Sentences with parts are functions of the parts. */
export const messages = { app, library };
