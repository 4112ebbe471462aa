import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  completeLockfile,
  missingPlatforms,
  type PlatformLockfile,
} from '../../scripts/lockfile-platforms.ts'
import { ROOT } from '../../scripts/repository-files.ts'

const LOCKFILE: PlatformLockfile = {
  packages: {
    'node_modules/tool': {
      version: '1.2.3',
      dev: true,
      optionalDependencies: { '@tool/linux-x64-gnu': '1.2.3', '@tool/linux-x64-musl': '1.2.3' },
    },
    'node_modules/@tool/linux-x64-gnu': { version: '1.2.3' },
  },
}

describe('missingPlatforms', () => {
  it('finds none in the lockfile of this repository, so that npm ci takes it from any registry', async () => {
    const lockfile = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as PlatformLockfile
    expect(missingPlatforms(lockfile).map(({ name }) => name)).toEqual([])
  })

  it('names what is asked for and not held', () => {
    expect(missingPlatforms(LOCKFILE)).toEqual([
      { name: '@tool/linux-x64-musl', version: '1.2.3', dev: true },
    ])
  })

  it('sees a package that is held below its owner', () => {
    const packages = { ...LOCKFILE.packages, 'node_modules/tool/node_modules/@tool/linux-x64-musl': {} }
    expect(missingPlatforms({ packages })).toEqual([])
  })
})

describe('completeLockfile', () => {
  it('adds what is missing with its platform, and then nothing more', () => {
    const completed = completeLockfile(LOCKFILE)
    expect(completed.packages['node_modules/@tool/linux-x64-musl']).toEqual({
      version: '1.2.3',
      cpu: ['x64'],
      libc: ['musl'],
      dev: true,
      optional: true,
      os: ['linux'],
    })
    expect(completeLockfile(completed)).toEqual(completed)
  })

  it.each([
    ['@tool/darwin-arm64', { cpu: ['arm64'], os: ['darwin'] }],
    ['@tool/binding-linux-arm-gnueabihf', { cpu: ['arm'], libc: ['glibc'], os: ['linux'] }],
    ['@tool/binding-win32-ia32-msvc', { cpu: ['ia32'], os: ['win32'] }],
  ])('reads the platform of %s', (name, platform) => {
    const lockfile: PlatformLockfile = { packages: { '': { optionalDependencies: { [name]: '1.0.0' } } } }
    const completed = completeLockfile(lockfile)
    expect(completed.packages[`node_modules/${name}`]).toMatchObject(platform)
  })

  it.each([
    ['fsevents', '2.3.3'],
    ['@tool/linux-x64', '^1.0.0'],
  ])('refuses to guess at %s %s', (name, version) => {
    expect(() =>
      completeLockfile({ packages: { '': { optionalDependencies: { [name]: version } } } }),
    ).toThrow()
  })
})
