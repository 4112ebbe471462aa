// Which room may import which. Run by scripts/check-architecture.ts, which also runs it on a planted bad tree: every
// rule below must report its planted file, so a rule that stopped working is noticed the same day.

const path = require('node:path')

/** A package as dependency-cruiser resolves it, from the repository's root or from a folder below it. */
function inPackages(names) {
  return `(^|/)node_modules/(${names.join('|')})/`
}

const PURE_PACKAGES = [
  'mdast-util-[^/]+',
  '@types/mdast',
  'micromark[^/]*',
  'unist-util-visit',
  'yaml',
  'zod',
  'fastest-levenshtein',
]
const ANY_PACKAGE = '(^|/)node_modules/'

/** Allows a room only the given rooms of src. */
function room(name, mayImport, comment) {
  const allowed = [name, ...mayImport].map((other) => `^src/${other}/`)
  return {
    name: `${name}-imports-${mayImport.length === 0 ? 'itself' : mayImport.join('-')}-only`,
    comment,
    severity: 'error',
    from: { path: `^src/${name}/` },
    to: { path: '^src/', pathNot: allowed },
  }
}

/** Keeps an outside thing behind one door. */
function door(name, packages, rooms) {
  return {
    name: `one-door-${name}`,
    comment: `Only ${rooms.join(' and ')} may know ${name}.`,
    severity: 'error',
    from: { path: '^src/', pathNot: rooms.map((folder) => `^src/${folder}`) },
    to: { path: inPackages(packages) },
  }
}

module.exports = {
  forbidden: [
    room('domain', [], 'The domain is pure: it knows no other room.'),
    room('ports', ['domain'], 'Ports speak the nouns of the domain and nothing else.'),
    room('workflows', ['domain', 'ports'], 'Workflows reach the world through ports.'),
    room('edge', ['workflows', 'domain', 'ports'], 'The edge decides nothing and opens no door itself.'),
    room('adapters', ['domain', 'ports'], 'An adapter serves a port; it starts no workflow.'),
    {
      name: 'nobody-imports-main',
      comment: 'main puts the rooms together; whoever imports it turns the house round.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/main' },
      to: { path: '^src/main' },
    },
    {
      name: 'src-imports-src-only',
      comment: 'The program must run without scripts and tests.',
      severity: 'error',
      from: { path: '^src/' },
      to: { pathNot: '^src/', dependencyTypes: ['local'] },
    },
    {
      name: 'domain-no-built-in',
      comment: 'No node: module in the domain: no disk, no process, no clock, no randomness.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'domain-pure-packages-only',
      comment: 'The list of packages that compute and touch nothing. A new one is a decision.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { path: ANY_PACKAGE, pathNot: inPackages(PURE_PACKAGES) },
    },
    {
      name: 'ports-no-outside',
      comment: 'A port is types: no package and no node: module may leak through it.',
      severity: 'error',
      from: { path: '^src/ports/' },
      to: { dependencyTypesNot: ['local'] },
    },
    {
      name: 'workflows-no-outside',
      comment: 'Workflows use ports; a package or node: module there is an adapter in the wrong room.',
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: { dependencyTypesNot: ['local'] },
    },
    door('octokit', ['@octokit/[^/]+'], ['adapters/github/']),
    door('libsql-and-drizzle', ['@libsql/[^/]+', 'libsql', 'drizzle-orm'], ['adapters/db/']),
    door('simple-git', ['simple-git', '@simple-git/[^/]+'], ['adapters/runner/']),
    door('probot', ['probot'], ['edge/', 'main']),
    {
      name: 'one-door-child-processes',
      comment: 'Only the runner starts programs: it is the boundary to code of a pull request.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(adapters/runner/|main)' },
      to: { path: '^(node:)?child_process$' },
    },
    {
      name: 'no-development-package',
      comment: 'A package of devDependencies is not there when the program runs.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file or three. Type-only circles count.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolves',
      comment: 'An import that leads nowhere is an import no rule was asked about.',
      severity: 'error',
      from: {},
      // `mdast` is types only and lives under @types, where dependency-cruiser does not look.
      to: { couldNotResolve: true, pathNot: '^mdast$' },
    },
  ],
  options: {
    doNotFollow: { path: ANY_PACKAGE },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: path.join(__dirname, 'tsconfig.json') },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
}
