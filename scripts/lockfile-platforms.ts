// Finds, and fills in, optional packages of other platforms that a lockfile names and does not hold. With one missing,
// `npm ci` refuses the lockfile on every machine whose registry can not show that package.

/** What is read of one package of a lockfile. */
export interface LockedPackage {
  readonly version?: string
  readonly dev?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** What is read of a lockfile; everything else in it is kept. */
export interface PlatformLockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

/** An optional package that has no entry of its own. */
export interface MissingPlatform {
  readonly name: string
  readonly version: string
  readonly dev: boolean
}

/** Returns every optional package that is named by another one and has no entry. */
export function missingPlatforms(lockfile: PlatformLockfile): readonly MissingPlatform[] {
  return Object.entries(lockfile.packages).flatMap(([path, owner]) =>
    Object.entries(owner.optionalDependencies ?? {})
      .filter(([name]) => !isHeld(lockfile, path, name))
      .map(([name, version]) => ({ name, version, dev: owner.dev === true })),
  )
}

/** Tells whether a package is held beside its owner or above it. */
function isHeld(lockfile: PlatformLockfile, owner: string, name: string): boolean {
  const nested = owner === '' ? '' : `${owner}/`
  return `${nested}node_modules/${name}` in lockfile.packages || `node_modules/${name}` in lockfile.packages
}

/**
 * Returns the lockfile with an entry for each missing platform.
 *
 * The entries carry no hash, because the package itself was not seen; npm never fetches them on another platform.
 * Throws when a name does not tell its platform or its version is no exact one: a guess could install something.
 */
export function completeLockfile<L extends PlatformLockfile>(lockfile: L): L {
  const added = missingPlatforms(lockfile).map(({ name, version, dev }) => {
    if (!/^\d+\.\d+\.\d+/u.test(version)) throw new Error(`${name} is "${version}", which is not one version`)
    return [`node_modules/${name}`, { version, ...platformOf(name), ...(dev ? { dev } : {}), optional: true }]
  })
  const packages = Object.fromEntries(
    [...Object.entries(lockfile.packages), ...added].toSorted(([one], [other]) => (one < other ? -1 : 1)),
  )
  return { ...lockfile, packages }
}

interface Platform {
  readonly cpu: readonly string[]
  readonly libc?: readonly string[]
  readonly os: readonly string[]
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'] as const
const PROCESSORS = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'] as const

/** Returns the platform that the words of a package's name tell. */
function platformOf(name: string): Platform {
  const words = name.split(/[/-]/u)
  const os = SYSTEMS.find((system) => words.includes(system))
  const cpu = PROCESSORS.find((processor) => words.includes(processor))
  if (os === undefined || cpu === undefined) throw new Error(`${name} does not tell its platform`)
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc'
  const tellsLibc = os === 'linux' && words.some((word) => /^(musl|gnu)/u.test(word))
  return { cpu: [cpu], ...(tellsLibc ? { libc: [libc] } : {}), os: [os] }
}
