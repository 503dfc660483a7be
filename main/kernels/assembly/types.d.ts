/** 1 in the build for relaxed SIMD, 0 in the plain one (scripts/build-wasm.ts). */
declare const RELAXED: i32;
