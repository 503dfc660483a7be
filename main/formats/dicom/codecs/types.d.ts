// The codecs ship no types of their own: what we use of them.
interface FrameInformation {
  width: number;
  height: number;
  bitsPerSample: number;
  componentCount: number;
  isSigned?: boolean;
}

interface FrameDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getFrameInfo(): FrameInformation;
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

interface ModuleOptions {
  print?: (text: string) => void;
  printErr?: (text: string) => void;
}

declare module '@cornerstonejs/codec-charls/decode' {
  const load: (options?: ModuleOptions) => Promise<{ JpegLSDecoder: new () => FrameDecoder }>;
  export default load;
}

declare module '@cornerstonejs/codec-openjpeg/decode' {
  const load: (options?: ModuleOptions) => Promise<{ J2KDecoder: new () => FrameDecoder }>;
  export default load;
}
