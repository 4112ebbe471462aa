// The refs of a bare repository as git keeps them: one file each, or lines of `packed-refs`. Knows no objects.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Every ref with its object. */
export type Refs = ReadonlyMap<string, string>

const symbolic = /^ref: (.+)\n$/
const plainName = /^refs(\/[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*)+$/

/** Returns all refs below `refs/`, sorted; one that names nothing is left out. */
export function readRefs(gitDir: string): Refs {
  // Loose before packed, as git does: a ref that is packed meanwhile is seen in one of them.
  const loose = readLoose(gitDir)
  const packed = readPacked(gitDir)
  const follow = (text: string | undefined, depth: number): string | undefined => {
    const target = symbolic.exec(text ?? '')?.[1]
    if (target === undefined || depth === 0) return text?.trimEnd()
    return follow(loose.get(target) ?? packed.get(target), depth - 1)
  }
  const found = new Map<string, string>()
  for (const ref of [...new Set([...loose.keys(), ...packed.keys()])].toSorted(compare)) {
    const id = follow(loose.get(ref) ?? packed.get(ref), 5)
    if (id !== undefined && /^[0-9a-f]{40}$/.test(id)) found.set(ref, id)
  }
  return found
}

/** Puts a ref on an object, or with undefined removes it; returns false, with nothing done, where only git may. */
export function writeRef(gitDir: string, ref: string, id: string | undefined): boolean {
  if (!plainName.test(ref) || ref.endsWith('.lock') || readFile(join(gitDir, 'packed-refs')) !== undefined)
    return false
  const file = join(gitDir, ref)
  const lock = `${file}.lock`
  try {
    if (id !== undefined) mkdirSync(dirname(file), { recursive: true })
    writeFileSync(lock, `${id ?? ''}\n`, { flag: 'wx' })
  } catch {
    return false
  }
  try {
    if (id === undefined) rmSync(file)
    else renameSync(lock, file)
    return true
  } catch {
    // A folder of that name, or no such file: git knows what that means.
    return false
  } finally {
    rmSync(lock, { force: true })
  }
}

function readLoose(gitDir: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(gitDir, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) walk(path)
      else if (!path.endsWith('.lock')) {
        const text = readFile(join(gitDir, path))
        if (text !== undefined) found.set(path, text)
      }
    }
  }
  walk('refs')
  return found
}

function readPacked(gitDir: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const line of readFile(join(gitDir, 'packed-refs'))?.split('\n') ?? [])
    if (/^[0-9a-f]{40} refs\//.test(line)) found.set(line.slice(41), line.slice(0, 40))
  return found
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : 1
}
