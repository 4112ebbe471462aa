// Changes of files in a folder, as an editor makes them. Every text is written once in a case, so that a lost one is
// noticed. Knows no git.

import { chmod, lstat, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FileChange } from './operations.ts'

/** The first four are in every repository from the start. */
const PATHS = [
  'a.txt',
  'b.txt',
  'dir/c.txt',
  'dir/d.txt',
  'new.txt',
  'dir/new/e.txt',
  'cache.ignored',
  'dir/cache.ignored',
  'with space.txt',
  'quo"te\'s.txt',
  'ünï-😀.txt',
  'new\nline.txt',
  '-dash.txt',
  'back\\slash.txt',
  '.env',
  'run.sh',
] as const

const LINES = 8
const BIG_BYTES = 300_000

/** What every case begins with. */
export const FIRST_FILES: Readonly<Record<string, string>> = Object.fromEntries(
  PATHS.slice(0, 4).map((path) => [path, lines(path, 'first').join('')]),
)

/** Gives texts that were never written before in this case. */
export class Ink {
  #used = 0

  next(what: string): string {
    this.#used += 1
    return `${what} ${this.#used}`
  }
}

/** Returns the path a number stands for. */
export function pathAt(at: number): string {
  return PATHS[at % PATHS.length] ?? PATHS[0]
}

/** Makes the changes; returns the paths that were touched. What does not fit the files that lie there is left out. */
export async function changeFiles(
  folder: string,
  changes: readonly FileChange[],
  ink: Ink,
): Promise<readonly string[]> {
  const touched: string[] = []
  for (const change of changes) {
    try {
      touched.push(...(await changeFile(folder, change, ink)))
    } catch (error) {
      if (!isMisfit(error)) throw error
    }
  }
  return touched
}

async function changeFile(folder: string, change: FileChange, ink: Ink): Promise<readonly string[]> {
  const path = pathAt(change.at)
  const file = join(folder, path)
  const write = async (content: string | Buffer): Promise<readonly string[]> => {
    await mkdir(dirname(file), { recursive: true })
    if ((await lstat(file).catch(() => null))?.isSymbolicLink() === true) await rm(file)
    await writeFile(file, content)
    return [path]
  }
  switch (change.kind) {
    case 'edit':
      return write(await edited(file, change, ink.next(path)))
    case 'replace':
      return write(lines(path, ink.next('replaced')).join(''))
    case 'delete':
      await rm(file)
      return [path]
    case 'rename': {
      const to = pathAt(change.at + change.line + 1)
      await mkdir(dirname(join(folder, to)), { recursive: true })
      await rm(join(folder, to), { force: true })
      await rename(file, join(folder, to))
      return [path, to]
    }
    case 'mode':
      await chmod(file, ((await lstat(file)).mode & 0o100) === 0 ? 0o755 : 0o644)
      return [path]
    case 'symlink':
      await mkdir(dirname(file), { recursive: true })
      await rm(file, { force: true })
      await symlink(ink.next('nowhere'), file)
      return [path]
    case 'binary':
      return write(Buffer.concat([Buffer.from([0, 255, 13, 10]), Buffer.from(ink.next('binary'))]))
    case 'big':
      return write(ink.next('big').padEnd(BIG_BYTES, '.\n'))
    case 'to_folder':
      await rm(file, { force: true })
      await mkdir(file, { recursive: true })
      await writeFile(join(file, 'inside.txt'), ink.next('inside'))
      return [path, `${path}/inside.txt`]
    case 'to_file':
      return toFile(folder, path, ink)
  }
}

/** A folder gives way to a file of its name; of a path without a folder, the path itself. */
async function toFile(folder: string, path: string, ink: Ink): Promise<readonly string[]> {
  const place = path.includes('/') ? dirname(path) : path
  await rm(join(folder, place), { recursive: true, force: true })
  await mkdir(dirname(join(folder, place)), { recursive: true })
  await writeFile(join(folder, place), ink.next('was a folder'))
  return [place]
}

async function edited(file: string, { line }: FileChange, text: string): Promise<string> {
  const before = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  const all = before === null ? lines('created', text) : before.split(/(?<=\n)/u)
  const at = Math.min(line, Math.max(all.length - 1, 0))
  return [...all.slice(0, at), `${text}\n`, ...all.slice(at + 1)].join('')
}

function lines(path: string, text: string): readonly string[] {
  return Array.from({ length: LINES }, (_, at) => `${path} ${text} line ${at}\n`)
}

const MISFITS = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOTEMPTY', 'ELOOP', 'ERR_FS_EISDIR'])

function isMisfit(error: unknown): boolean {
  return error instanceof Error && 'code' in error && MISFITS.has(String(error.code))
}
