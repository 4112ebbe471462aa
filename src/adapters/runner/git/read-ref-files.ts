// Refs read from git's own files, without a process: loose ones first, then the packed ones. Whatever is not written the
// way git writes plain refs is left to git itself.

import { join } from 'node:path'
import { isSha, type Sha } from '../../../domain/ids.ts'
import { listFolder, lookAt, readIfThere } from '../look-at.ts'

/** Commits by full name of the ref. */
export type RefMap = ReadonlyMap<string, Sha>

/**
 * Returns those of the refs that exist, or null when the files do not tell (a reftable, a symbolic ref, a link).
 *
 * A ref that git packs meanwhile is found: git writes the packed one before it removes the loose one.
 */
export async function readRefFiles(gitDir: string, names: readonly string[]): Promise<RefMap | null> {
  if (await hasReftable(gitDir)) return null
  const found = new Map<string, Sha>()
  const absent: string[] = []
  for (const name of names) {
    const loose = await readLoose(gitDir, name)
    if (loose === 'odd') return null
    if (loose === null) absent.push(name)
    else found.set(name, loose)
  }
  if (absent.length === 0) return found
  const packed = await readPacked(gitDir)
  if (packed === null) return null
  for (const name of absent) {
    const sha = packed.get(name)
    if (sha !== undefined) found.set(name, sha)
  }
  return found
}

/** Returns every ref below a folder of refs (`refs/…/`), or null when the files do not tell. */
export async function readRefFilesBelow(
  gitDir: string,
  prefix: 'refs/' | `refs/${string}/`,
): Promise<RefMap | null> {
  if (await hasReftable(gitDir)) return null
  const names = await listLoose(gitDir, prefix.slice(0, -1))
  const packed = await readPacked(gitDir)
  if (names === null || packed === null) return null
  const found = new Map([...packed].filter(([name]) => name.startsWith(prefix)))
  for (const name of names) {
    const loose = await readLoose(gitDir, name)
    // It went away since the listing: into the packed refs, or for good.
    if (loose === null || loose === 'odd') return null
    found.set(name, loose)
  }
  return found
}

async function hasReftable(gitDir: string): Promise<boolean> {
  return (await lookAt(join(gitDir, 'reftable'))) !== null
}

async function readLoose(gitDir: string, name: string): Promise<Sha | 'odd' | null> {
  const file = join(gitDir, name)
  const found = await lookAt(file)
  if (found === null || found.isDirectory()) return null
  if (!found.isFile() || found.size > 1000) return 'odd'
  const text = (await readIfThere(file))?.trimEnd()
  if (text === undefined) return null
  return isSha(text) ? text : 'odd'
}

async function readPacked(gitDir: string): Promise<RefMap | null> {
  const file = join(gitDir, 'packed-refs')
  const found = await lookAt(file)
  if (found?.isFile() === false) return null
  const text = found === null ? null : await readIfThere(file)
  return new Map((text ?? '').split('\n').flatMap(toPair))
}

/** `<oid> <name>`; what begins with `#` or `^` is about the file, or about a tag. */
function toPair(line: string): readonly (readonly [string, Sha])[] {
  const [oid, name] = [line.slice(0, 40), line.slice(41)]
  return isSha(oid) && name !== '' ? [[name, oid]] : []
}

/** A link is followed by git and not by us, so it makes the whole listing git's. */
async function listLoose(gitDir: string, folder: string): Promise<readonly string[] | null> {
  const names: string[] = []
  const entries = await listFolder(join(gitDir, folder))
  for (const entry of entries) {
    const name = `${folder}/${entry.name}`
    if (entry.isSymbolicLink()) return null
    if (entry.isDirectory()) {
      const below = await listLoose(gitDir, name)
      if (below === null) return null
      names.push(...below)
    } else if (!entry.name.endsWith('.lock')) names.push(name)
  }
  return names
}
