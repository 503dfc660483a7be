import { IsochromatError } from '../domain/errors.ts';

export function noSuchBox(volume: string): IsochromatError {
  return new IsochromatError({
    code: 'annotation-changed',
    sentence: 'There is no such box on this volume any more.',
    subject: volume,
    remedy: 'Look at its annotations as they are now.',
  });
}
