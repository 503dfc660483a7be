import { dicom } from './dicom.ts';
import { fastmri } from './fastmri.ts';
import type { FormatHandler } from './handler.ts';
import { ismrmrd } from './ismrmrd.ts';
import { nifti } from './nifti.ts';
import { npy } from './npy.ts';

/** Every format that can be imported. Where several recognise a file, the first that does not decline it has it. */
export const HANDLERS: readonly FormatHandler[] = [dicom, nifti, npy, ismrmrd, fastmri];

export function handlerOf(format: string): FormatHandler {
  return HANDLERS.find((handler) => handler.format === format)!;
}
