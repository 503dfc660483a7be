import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIsmrmrdHeader } from '../../main/formats/ismrmrd-header-write.ts';
import { parseIsmrmrdHeader } from '../../main/formats/ismrmrd-header.ts';
import { IsochromatError } from '../../main/domain/errors.ts';

const size = fc.record({
  x: fc.integer({ min: 1, max: 1024 }),
  y: fc.integer({ min: 1, max: 1024 }),
  z: fc.integer({ min: 1, max: 64 }),
});
const times = fc.array(fc.integer({ min: 1, max: 9000 }), { maxLength: 3 });
const words = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' }).filter((text) => text.trim() === text);

describe('an ISMRMRD header', () => {
  it('comes back as it was written', () => {
    const header = fc.record({
      encodedMatrix: size,
      encodedFieldOfView: size,
      reconMatrix: size,
      reconFieldOfView: size,
      limits: fc.constant({ kspace_encoding_step_1: { minimum: 0, maximum: 179, center: 90 } }),
      trajectory: fc.constant('cartesian'),
      fieldStrength: fc.constantFrom(1.5, 2.89, 3),
      resonanceFrequency: fc.constant(123200000),
      receiverChannels: fc.integer({ min: 1, max: 64 }),
      vendor: words,
      model: words,
      protocolName: words,
      patientPosition: fc.constant('HFS'),
      sequenceType: words,
      repetitionTimes: times,
      echoTimes: times,
      inversionTimes: times,
      flipAngles: times,
      calibrationMode: fc.constantFrom('embedded', 'separate', 'other'),
      acceleration: fc.integer({ min: 1, max: 8 }),
    });
    fc.assert(
      fc.property(header, (content) => {
        expect(parseIsmrmrdHeader(formatIsmrmrdHeader(content), 'test')).toEqual(content);
      }),
    );
  });

  it('is read with a namespace prefix, without a reconstruction space and without sequence parameters', () => {
    const matrix = '<i:matrixSize><i:x>256</i:x><i:y>128</i:y><i:z>1</i:z></i:matrixSize>';
    const xml = `<i:ismrmrdHeader><i:encoding><i:encodedSpace>${matrix}</i:encodedSpace></i:encoding></i:ismrmrdHeader>`;
    expect(parseIsmrmrdHeader(xml, 'test')).toMatchObject({
      encodedMatrix: { x: 256, y: 128, z: 1 },
      reconMatrix: { x: 256, y: 128, z: 1 },
      trajectory: 'cartesian',
      limits: {},
      echoTimes: [],
    });
  });

  it.each([
    ['nothing', '', 'ismrmrd-header-not-xml'],
    ['no XML', 'TR = 500', 'ismrmrd-header-not-xml'],
    ['another document', '<html><body/></html>', 'ismrmrd-header-not-xml'],
    ['an open element', '<ismrmrdHeader><encoding>', 'ismrmrd-header-not-xml'],
    ['no matrix', '<ismrmrdHeader><version>1</version></ismrmrdHeader>', 'ismrmrd-header-incomplete'],
    [
      'names of built-in properties',
      '<ismrmrdHeader><__proto__><x>1</x></__proto__></ismrmrdHeader>',
      'ismrmrd-header-',
    ],
  ])('is refused when it holds %s', (_, xml, code) => {
    expect(() => parseIsmrmrdHeader(xml, 'a.h5')).toThrow(
      expect.objectContaining({ code: expect.stringContaining(code), subject: 'a.h5' }),
    );
  });

  it('does not expand entities into memory', () => {
    const lines = Array.from({ length: 12 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join('');
    const matrix = '<matrixSize><x>8</x><y>8</y><z>1</z></matrixSize>';
    const xml = `<!DOCTYPE a [<!ENTITY e0 "ha">${lines}]><ismrmrdHeader><encoding><encodedSpace>${matrix}</encodedSpace></encoding><measurementInformation><protocolName>&e12;</protocolName></measurementInformation></ismrmrdHeader>`;
    let name: string | undefined;
    try {
      name = parseIsmrmrdHeader(xml, 'test').protocolName;
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(IsochromatError);
    }
    expect((name ?? '').length).toBeLessThan(100);
  });

  it('is understood or refused, never worse, whatever it holds', () => {
    const good = formatIsmrmrdHeader({ encodedMatrix: { x: 8, y: 8, z: 1 }, reconMatrix: { x: 8, y: 8, z: 1 } });
    fc.assert(
      fc.property(fc.nat(good.length), fc.nat(good.length), fc.string({ maxLength: 8 }), (from, to, insert) => {
        const xml = good.slice(0, from) + insert + good.slice(to);
        try {
          parseIsmrmrdHeader(xml, 'test');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(IsochromatError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
