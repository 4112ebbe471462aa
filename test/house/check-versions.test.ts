import { describe, expect, it } from 'vitest'
import { checkVersions, versionFaults, type VersionFacts } from '../../scripts/check-versions.ts'
import { lowestMajor, satisfies } from '../../scripts/node-range.ts'
import { ROOT } from '../../scripts/repository-files.ts'

const RANGE = '^20.19.0 || >=22.12.0'
const AGREEING: VersionFacts = {
  manifest: {
    engines: { node: RANGE },
    dependencies: { one: '1.2.3' },
    devDependencies: { '@types/node': '20.19.43', emulate: '0.12.2' },
  },
  lockfile: {
    packages: {
      'node_modules/one': { version: '1.2.3' },
      'node_modules/@types/node': { version: '20.19.43' },
      'node_modules/emulate': { version: '0.12.2' },
    },
  },
  nodeVersionFile: '24\n',
  running: '24.1.0',
}

describe('checkVersions', () => {
  it('finds every version of this repository exact and in agreement', async () => {
    const { saw, faults } = await checkVersions(ROOT)
    expect(faults).toEqual([])
    expect(Number.parseInt(saw, 10)).toBeGreaterThan(20)
  })
})

describe('versionFaults', () => {
  it('is content when all agree', () => {
    expect(versionFaults(AGREEING)).toEqual([])
  })

  it.each(['^1.2.3', '~1.2.3', '1.x', '*', 'latest', '>=1.2.3', 'npm:other@1.2.3'])(
    'refuses "%s" as a version',
    (version) => {
      const manifest = { ...AGREEING.manifest, dependencies: { one: version } }
      expect(versionFaults({ ...AGREEING, manifest })).toContain(`one is "${version}": pin one exact version`)
    },
  )

  it('refuses a lockfile with another version', () => {
    const packages = { ...AGREEING.lockfile.packages, 'node_modules/one': { version: '1.2.4' } }
    expect(versionFaults({ ...AGREEING, lockfile: { packages } })).toEqual([
      'one is 1.2.3 in package.json, but not in package-lock.json',
    ])
  })

  it('refuses a lockfile that points at a registry of its own', () => {
    const packages = {
      ...AGREEING.lockfile.packages,
      'node_modules/two': { version: '1.0.0', resolved: 'http://127.0.0.1:4873/two/-/two-1.0.0.tgz' },
    }
    expect(versionFaults({ ...AGREEING, lockfile: { packages } })).toHaveLength(1)
  })

  it('refuses a Node that is out of range, here and in .node-version', () => {
    expect(versionFaults({ ...AGREEING, running: '21.7.0', nodeVersionFile: '18\n' })).toHaveLength(2)
  })

  it('keeps emulate where it is the GitHub emulator', () => {
    const manifest = {
      ...AGREEING.manifest,
      devDependencies: { ...AGREEING.manifest.devDependencies, emulate: '1.0.2' },
    }
    const packages = { ...AGREEING.lockfile.packages, 'node_modules/emulate': { version: '1.0.2' } }
    expect(versionFaults({ ...AGREEING, manifest, lockfile: { packages } })).toEqual([
      'emulate must be 0.12.2: later versions are another package',
    ])
  })
})

describe('satisfies', () => {
  it.each([
    ['20.19.0', true],
    ['20.20.2', true],
    ['v22.12.0', true],
    ['24', true],
    ['20.18.9', false],
    ['21.9.0', false],
    ['22.11.9', false],
    ['18.20.0', false],
  ])('says of %s: %s', (version, answer) => {
    expect(satisfies(version, RANGE)).toBe(answer)
  })

  it('refuses a range it does not know rather than guess', () => {
    expect(() => satisfies('20.0.0', '20.x')).toThrow('not a range')
  })
})

describe('lowestMajor', () => {
  it('is the oldest Node that is allowed', () => {
    expect(lowestMajor(RANGE)).toBe(20)
  })
})
