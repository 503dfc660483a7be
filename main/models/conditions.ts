import { SEQUENCES } from '../domain/sequences.ts';
import { CONDITION_CLASSES } from '../domain/tissue.ts';

/** Row of the sequence table that stands for "not told". */
export const UNKNOWN_SEQUENCE = SEQUENCES.length;
/** Row of the class table that stands for "not told", where guidance starts from. */
export const UNKNOWN_CLASS = CONDITION_CLASSES.indexOf('unknown');
