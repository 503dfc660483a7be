import loadCharLs from '@cornerstonejs/codec-charls/decode';
import loadOpenJpeg from '@cornerstonejs/codec-openjpeg/decode';

/** What a decoder found in one compressed frame. */
export interface DecodedFrame {
  rows: number;
  columns: number;
  samplesPerPixel: number;
  bitsPerSample: number;
  /** Little-endian samples of 1 or 2 bytes. */
  bytes: Uint8Array;
}

type Decode = (encoded: Uint8Array) => DecodedFrame;

// The libraries print their progress to standard output, which belongs to results; what went wrong they also print.
let complaints: string[] = [];
const quiet = {
  print: (text: string) => void (/error/i.test(text) && complaints.push(text)),
  printErr: (text: string) => void complaints.push(text),
};

let charLs: Promise<Decode> | undefined;
let openJpeg: Promise<Decode> | undefined;

/** JPEG-LS (ISO 14495-1) by CharLS. */
export async function decodeJpegLs(encoded: Uint8Array): Promise<DecodedFrame> {
  charLs ??= loadCharLs(quiet).then((library) => decodeWith(() => new library.JpegLSDecoder()));
  return (await charLs)(encoded);
}

/** JPEG 2000 (ISO 15444-1) by OpenJPEG. */
export async function decodeJpeg2000(encoded: Uint8Array, lossy: boolean): Promise<DecodedFrame> {
  // OpenJPEG fills in what a cut-off stream lacks, without a word. A lossless stream must have its end marker; lossy
  // ones may have been cut to a size on purpose.
  if (!lossy && !endsWithMarker(encoded)) throw new Error('the JPEG 2000 stream has no end');
  openJpeg ??= loadOpenJpeg(quiet).then((library) => decodeWith(() => new library.J2KDecoder()));
  return (await openJpeg)(encoded);
}

/** EOC (FF D9) at the end, before padding to an even length. */
function endsWithMarker(encoded: Uint8Array): boolean {
  let end = encoded.length;
  while (end > 2 && encoded.length - end < 16 && encoded[end - 1] === 0) end--;
  return encoded[end - 2] === 0xff && encoded[end - 1] === 0xd9;
}

function decodeWith(create: () => FrameDecoder): Decode {
  return (encoded) => {
    complaints = [];
    const decoder = create();
    try {
      decoder.getEncodedBuffer(encoded.length).set(encoded);
      decoder.decode();
      const { width, height, bitsPerSample, componentCount } = decoder.getFrameInfo();
      const bytes = decoder.getDecodedBuffer().slice();
      if (bytes.length === 0 && complaints.length > 0) throw new Error(complaints.join('; '));
      return { rows: height, columns: width, samplesPerPixel: componentCount, bitsPerSample, bytes };
    } finally {
      decoder.delete();
    }
  };
}
