import type { IsmrmrdHeader } from '../../formats/ismrmrd-header.ts';
import { knownModel, knownVendor, NO_FACTS } from './technical-facts.ts';
import type { TechnicalFacts } from './technical-facts.ts';

/** Technical facts of an ISMRMRD header, as raw data and fastMRI files have it. */
export function kspaceFacts(header: IsmrmrdHeader, image: { rows: number; columns: number }): TechnicalFacts {
  const { x, y } = header.reconFieldOfView;
  const vendor = knownVendor(header.vendor);
  return {
    ...NO_FACTS,
    vendor,
    model: knownModel(vendor, header.model),
    fieldStrength: header.fieldStrength ?? null,
    repetitionTimes: header.repetitionTimes,
    echoTimes: header.echoTimes,
    inversionTimes: header.inversionTimes,
    flipAngles: header.flipAngles,
    acceleration: header.acceleration,
    originalPixelSpacing: x > 0 && y > 0 ? [x / image.rows, y / image.columns] : null,
  };
}
