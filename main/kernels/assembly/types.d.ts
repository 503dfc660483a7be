/** 1 in the builds for relaxed SIMD, 0 in the plain one (scripts/build-wasm.ts). */
declare const RELAXED: i32;
/** 1 in the build for engines that join neighbouring vectors in registers of 256 bits. */
declare const WIDE: i32;
