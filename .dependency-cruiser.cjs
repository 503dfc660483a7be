// The house (ARCHITECTURE.md): a folder calls those that stand before it in this list, never those after.
const order = [
  'domain',
  'kernels',
  'formats',
  'recon',
  'patches',
  'compute',
  'models',
  'training',
  'synthesis',
  'evaluation',
  'study',
  'phantom',
  'report',
  'jobs',
  'server',
  'cli',
];
const rightwards = order.map((folder, i) => ({
  name: `${folder}-calls-only-leftwards`,
  severity: 'error',
  from: { path: `^main/${folder}/` },
  to: {
    path:
      order
        .slice(i + 1)
        .map((later) => `^main/${later}/`)
        .join('|') || '^nothing$',
  },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans-missing',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: 'tfjs-node|^bun' },
    },
    ...rightwards,
    {
      name: 'domain-stands-alone',
      severity: 'error',
      from: { path: '^main/domain/' },
      to: { pathNot: '^main/domain/|^package.json$' },
    },
    {
      name: 'models-know-no-files',
      severity: 'error',
      from: { path: '^main/(models|recon|patches|evaluation)/' },
      to: { path: '^main/formats/|^(node:)?fs' },
    },
    {
      name: 'only-server-and-cli-start-jobs',
      severity: 'error',
      from: { pathNot: '^(main/(jobs|server|cli)|test)/' },
      to: { path: '^main/jobs/' },
    },
    {
      name: 'main-knows-no-electron-and-no-vue',
      severity: 'error',
      from: { path: '^main/' },
      to: { path: '^(node_modules/)?(electron|vue|pinia)(/|$)|^(electron|renderer)/' },
    },
    {
      name: 'the-shell-does-no-work-itself',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^(main|renderer)/' },
    },
    {
      name: 'renderer-knows-of-the-shell-its-bridge',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^electron/', pathNot: '^electron/bridge\\.ts$' },
    },
    {
      name: 'renderer-takes-types-only',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^main/', pathNot: '^main/(server/contract\\.ts|domain/)' },
    },
    {
      name: 'features-have-one-door',
      severity: 'error',
      from: { path: '^renderer/(?!features/)' },
      to: { path: '^renderer/features/[^/]+/', pathNot: '^renderer/features/[^/]+/index\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'main/kernels/assembly' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
