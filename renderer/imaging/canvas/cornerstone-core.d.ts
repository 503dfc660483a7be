/** The part of cornerstone-core 2 that is used here; the library brings no types. */
declare module 'cornerstone-core' {
  export interface CornerstoneImage {
    imageId: string;
    minPixelValue: number;
    maxPixelValue: number;
    slope: number;
    intercept: number;
    windowCenter: number;
    windowWidth: number;
    getPixelData: () => Int16Array;
    rows: number;
    columns: number;
    height: number;
    width: number;
    color: boolean;
    invert: boolean;
    columnPixelSpacing: number;
    rowPixelSpacing: number;
    /** What the cache counts. */
    sizeInBytes: number;
    /** Draws instead of the library's own renderers. */
    render?: (target: EnabledElement, invalidated: boolean) => void;
  }

  export interface CornerstoneViewport {
    scale: number;
    translation: { x: number; y: number };
    voi: { windowWidth: number; windowCenter: number };
    invert: boolean;
    pixelReplication: boolean;
    rotation: number;
    hflip: boolean;
    vflip: boolean;
  }

  export interface EnabledElement {
    element: HTMLElement;
    canvas: HTMLCanvasElement;
    image?: CornerstoneImage;
    viewport?: CornerstoneViewport;
  }

  interface ImageLoadObject {
    promise: Promise<CornerstoneImage>;
    cancelFn?: () => void;
  }

  interface Cornerstone {
    enable(element: HTMLElement): void;
    disable(element: HTMLElement): void;
    displayImage(element: HTMLElement, image: CornerstoneImage, viewport?: Partial<CornerstoneViewport>): void;
    setViewport(element: HTMLElement, viewport: Partial<CornerstoneViewport>): void;
    updateImage(element: HTMLElement, invalidated?: boolean): void;
    getEnabledElement(element: HTMLElement): EnabledElement;
    pixelToCanvas(element: HTMLElement, point: { x: number; y: number }): { x: number; y: number };
    canvasToPixel(element: HTMLElement, point: { x: number; y: number }): { x: number; y: number };
    setToPixelCoordinateSystem(target: EnabledElement, context: CanvasRenderingContext2D): void;
    registerImageLoader(scheme: string, loader: (imageId: string) => ImageLoadObject): void;
    loadAndCacheImage(imageId: string): Promise<CornerstoneImage>;
    imageCache: {
      setMaximumSizeBytes(bytes: number): void;
      getCacheInfo(): { maximumSizeInBytes: number; cacheSizeInBytes: number; numberOfImagesCached: number };
      purgeCache(): void;
      getImageLoadObject(imageId: string): object | undefined;
      removeImageLoadObject(imageId: string): void;
      cachedImages: { imageId: string }[];
    };
    EVENTS: { IMAGE_RENDERED: string };
  }

  const cornerstone: Cornerstone;
  export default cornerstone;
}
