// Checks that all places which name a version agree, and that every package is pinned exactly.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckOutcome } from './check-outcome.ts'
import { missingPlatforms, type PlatformLockfile } from './lockfile-platforms.ts'
import { lowestMajor, satisfies } from './node-range.ts'

interface Manifest {
  readonly engines: { readonly node: string }
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

interface Lockfile extends PlatformLockfile {
  readonly packages: Readonly<
    Record<string, PlatformLockfile['packages'][string] & { readonly resolved?: string }>
  >
}

/** What the check compares; `running` is the Node that runs it, in CI as well. */
export interface VersionFacts {
  readonly manifest: Manifest
  readonly lockfile: Lockfile
  readonly nodeVersionFile: string
  readonly running: string
}

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/u
/** One package of this name that is ours to use; newer ones are somebody else's. */
const PINNED_FOR_A_REASON = { emulate: '0.12.2' }
/** Where every package must come from, so that the lockfile works on any machine. */
const REGISTRY = 'https://registry.npmjs.org/'

/** Returns everything that does not agree. */
export function versionFaults(facts: VersionFacts): readonly string[] {
  const { manifest, lockfile, running } = facts
  const range = manifest.engines.node
  const wanted = facts.nodeVersionFile.trim()
  const packages = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
  const types = manifest.devDependencies['@types/node'] ?? ''
  return [
    ...(satisfies(running, range) ? [] : [`this is Node ${running}; package.json asks for ${range}`]),
    ...(satisfies(wanted, range) ? [] : [`.node-version is ${wanted}; package.json asks for ${range}`]),
    ...(types.startsWith(`${lowestMajor(range)}.`)
      ? []
      : [`@types/node is ${types}: the lowest Node is ${lowestMajor(range)}`]),
    ...packages
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => `${name} is "${version}": pin one exact version`),
    ...packages
      .filter(([name, version]) => lockfile.packages[`node_modules/${name}`]?.version !== version)
      .map(([name, version]) => `${name} is ${version} in package.json, but not in package-lock.json`),
    ...Object.entries(PINNED_FOR_A_REASON)
      .filter(([name, version]) => (manifest.devDependencies[name] ?? version) !== version)
      .map(([name, version]) => `${name} must be ${version}: later versions are another package`),
    ...Object.entries(lockfile.packages)
      .filter(([, { resolved }]) => resolved !== undefined && !resolved.startsWith(REGISTRY))
      .map(([path]) => `${path} in package-lock.json does not come from ${REGISTRY}`),
    ...missingPlatforms(lockfile).map(
      ({ name }) => `${name} is missing in package-lock.json: npx tsx scripts/complete-lockfile.ts`,
    ),
  ]
}

/** Checks the versions of a tree. */
export async function checkVersions(root: string): Promise<CheckOutcome> {
  const [manifest, lockfile, nodeVersionFile] = await Promise.all(
    ['package.json', 'package-lock.json', '.node-version'].map((name) => readFile(join(root, name), 'utf8')),
  )
  const facts: VersionFacts = {
    manifest: JSON.parse(manifest ?? '') as Manifest,
    lockfile: JSON.parse(lockfile ?? '') as Lockfile,
    nodeVersionFile: nodeVersionFile ?? '',
    running: process.versions.node,
  }
  const count = Object.keys({ ...facts.manifest.dependencies, ...facts.manifest.devDependencies }).length
  return { saw: `${count} packages, Node ${facts.running}`, faults: versionFaults(facts) }
}
