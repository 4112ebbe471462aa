// `npx tsx scripts/complete-lockfile.ts`: fills in package-lock.json after an installation from a registry that does
// not hold every platform. Changes nothing when nothing is missing.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { completeLockfile, missingPlatforms, type PlatformLockfile } from './lockfile-platforms.ts'
import { ROOT } from './repository-files.ts'

const path = join(ROOT, 'package-lock.json')
const lockfile = JSON.parse(await readFile(path, 'utf8')) as PlatformLockfile
const missing = missingPlatforms(lockfile)
if (missing.length > 0) await writeFile(path, `${JSON.stringify(completeLockfile(lockfile), null, 2)}\n`)
console.log(`${missing.length} packages of other platforms filled in`)
