/** The rooms and who may import whom (docs: architecture). Run by `npm run check:rooms`, which fails if it saw no module. */
const inside = (room) => `^${room}/`
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'a cycle has no beginning to read from',
      from: {},
      to: { circular: true },
    },
    {
      name: 'graph-imports-graph',
      severity: 'error',
      comment: 'graph/ is pure: it runs in the server, the CLI and a browser worker',
      from: { path: inside('graph'), pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^graph/', '^node_modules/(zod|@noble/hashes|graphology)'] },
    },
    {
      name: 'graph-no-node',
      severity: 'error',
      comment: 'no I/O, clock or driver in graph/',
      from: { path: inside('graph'), pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'importers-import-graph',
      severity: 'error',
      comment: 'an importer knows nothing of stores, server or screen',
      from: { path: inside('importers'), pathNot: '\\.test\\.ts$' },
      to: { path: '^(server|client|test|cypher)/' },
    },
    {
      name: 'importers-open-nothing',
      severity: 'error',
      comment: 'importers get bytes; files, network and processes are the rim’s',
      from: { path: inside('importers'), pathNot: '\\.test\\.ts$' },
      to: {
        dependencyTypes: ['core'],
        path: '^(fs|node:fs|net|node:net|http|node:http|https|child_process|node:child_process|worker_threads)',
      },
    },
    {
      name: 'importer-folders-apart',
      severity: 'error',
      comment: 'an importer is a folder you could hand to somebody: it imports no other importer',
      from: { path: '^importers/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^importers/([^/]+)/', pathNot: ['^importers/$1/', '^importers/read/'] },
    },
    {
      name: 'server-imports-graph-and-importers',
      severity: 'error',
      comment: 'the server does not know the screen',
      from: { path: inside('server'), pathNot: '\\.test\\.ts$' },
      to: { path: '^(client|test)/' },
    },
    {
      name: 'client-imports-graph',
      severity: 'error',
      comment: 'the client knows no database and no file format',
      from: { path: inside('client'), pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(server|importers|cypher|test)/' },
    },
    {
      name: 'one-file-names-sqlite',
      severity: 'error',
      comment: 'on Node 22.13+ node:sqlite replaces it: one file to change',
      from: { pathNot: '^server/store/sqlite-driver\\.ts$' },
      to: { path: '@photostructure/sqlite' },
    },
    {
      name: 'no-junk-rooms',
      severity: 'error',
      comment: 'a helper lives next to what it helps, or has earned a name',
      from: {},
      to: { path: '(^|/)(utils?|common|shared|helpers?|types)(/|\\.tsx?$)', pathNot: 'node_modules' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['dist', 'fixtures'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
    },
  },
}
