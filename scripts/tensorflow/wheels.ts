import { IsochromatError } from '../../main/domain/errors.ts';

/** TensorFlow's Python wheel for a platform: where its C library comes from. */
export interface Wheel {
  package: string;
  version: string;
  /** pip's name of the platform. */
  platform: string;
  sha256: string;
  fileName: string;
}

const version = '2.16.2';
const wheel = (name: string, platform: string, file: string, sha256: string): Wheel => ({
  package: name,
  version,
  platform,
  sha256,
  fileName: `${name.replace('-', '_')}-${version}-cp311-cp311-${file}.whl`,
});

/** `<system>-<processor>-<device>` as Node names them → wheel. Tried on linux-x64-cpu. */
export const wheels: Readonly<Record<string, Wheel>> = {
  'linux-x64-cpu': wheel(
    'tensorflow-cpu',
    'manylinux_2_17_x86_64',
    'manylinux_2_17_x86_64.manylinux2014_x86_64',
    'c855cb6bf05d32dd5928086b03a5f6b4189b63c22b95e017703cbee4291023ca',
  ),
  'linux-x64-gpu': wheel(
    'tensorflow',
    'manylinux_2_17_x86_64',
    'manylinux_2_17_x86_64.manylinux2014_x86_64',
    'd8798dea8e2281b4a0b569d9c00e7949c0090509be363da271e1ef21828bffae',
  ),
  'linux-arm64-cpu': wheel(
    'tensorflow',
    'manylinux_2_17_aarch64',
    'manylinux_2_17_aarch64.manylinux2014_aarch64',
    '8728b12bc86941d90d0a927c40d4b21f8820964a80439a7c45f850eb37d57067',
  ),
  'darwin-arm64-cpu': wheel(
    'tensorflow',
    'macosx_12_0_arm64',
    'macosx_12_0_arm64',
    '2c8a0e79395639b762e62002db99b2f6cc608f744312c9940899c1128f325331',
  ),
};

/** @throws IsochromatError `tensorflow-platform` where no wheel carries the C library */
export function wheelFor(device: 'cpu' | 'gpu'): Wheel {
  const key = `${process.platform}-${process.arch}-${device}`;
  const found = wheels[key];
  if (found !== undefined) return found;
  throw new IsochromatError({
    code: 'tensorflow-platform',
    sentence: 'TensorFlow’s C library is not published for this machine.',
    expected: Object.keys(wheels).join(', '),
    found: key,
    remedy: 'Isochromat’s own kernels (cpu-simd) need nothing of it; isochromat doctor shows what works here.',
  });
}

/** npm packages whose files the binding is made of, with the integrity that npm must report. */
export const npmPackages = [
  {
    name: '@tensorflow/tfjs-node',
    version: '4.22.0',
    integrity: 'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
  },
  {
    name: 'google-protobuf',
    version: '3.21.4',
    integrity: 'sha512-MnG7N936zcKTco4Jd2PX2U96Kf9PxygAPKBug+74LHzmHXmceN16MmRcdgZv+DGef/S9YvQAfRsNCn4cjf9yyQ==',
  },
  {
    name: 'node-api-headers',
    version: '1.9.0',
    integrity: 'sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==',
  },
] as const;

export const tfjsNodeVersion = npmPackages[0].version;
