// The objects of one repository: read through one git process that stays, written as the loose files git would write.
// Knows nothing of what is in them.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { LastingGit } from './lasting-git.ts'
import type { AnswerReader } from './lasting-git.ts'

/** What an object can be. */
export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag'

/** An object without its content. */
export interface ObjectName {
  readonly id: string
  readonly type: ObjectType
}

/** An object with its content. */
export interface GitObject extends ObjectName {
  readonly bytes: Buffer
}

const header = /^([0-9a-f]{40}) (blob|tree|commit|tag) (\d+)$/

/** The objects of a repository. */
export class GitObjects {
  readonly #path: string
  readonly #reader: LastingGit
  #written = 0

  /** The path is the git directory. */
  constructor(path: string) {
    this.#path = path
    this.#reader = new LastingGit(path, ['cat-file', '--batch-command'])
  }

  /** Returns what a revision names, or undefined. */
  name(revision: string): Promise<ObjectName | undefined> {
    return this.#ask('info', revision, (bytes) => {
      const found = readHeader(bytes)
      return 'needs' in found ? found : { answer: found.name, end: found.end }
    })
  }

  /** Returns what a revision names with its content, or undefined. */
  read(revision: string): Promise<GitObject | undefined> {
    return this.#ask('contents', revision, (bytes) => {
      const found = readHeader(bytes)
      if ('needs' in found) return found
      const { name, size, end } = found
      if (name === undefined) return { answer: undefined, end }
      if (bytes.length <= end + size) return { needs: end + size + 1 }
      // A copy: the answer outlives the bytes it came in.
      return { answer: { ...name, bytes: Buffer.from(bytes.subarray(end, end + size)) }, end: end + size + 1 }
    })
  }

  /** Writes an object and returns its id. */
  write(type: ObjectType, bytes: Buffer): string {
    const whole = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes])
    const id = createHash('sha1').update(whole).digest('hex')
    const folder = join(this.#path, 'objects', id.slice(0, 2))
    const file = join(folder, id.slice(2))
    if (existsSync(file)) return id
    mkdirSync(folder, { recursive: true })
    // Renamed into place, because git may read at any moment.
    const unfinished = join(folder, `tmp_obj_${process.pid}_${(this.#written += 1)}`)
    writeFileSync(unfinished, deflateSync(whole, { level: 1 }), { mode: 0o444 })
    renameSync(unfinished, file)
    return id
  }

  /** Ends the process. */
  close(): Promise<void> {
    return this.#reader.close()
  }

  async #ask<T>(
    verb: 'info' | 'contents',
    revision: string,
    read: AnswerReader<T | undefined>,
  ): Promise<T | undefined> {
    // No revision holds a line end, and one would be a question of its own.
    return /[\n\0]/.test(revision) ? undefined : this.#reader.ask(`${verb} ${revision}\n`, read)
  }
}

type Header = { readonly name: ObjectName | undefined; readonly size: number; readonly end: number }

// Instead of the header comes `<revision> missing` or `<revision> ambiguous` when there is no such object.
function readHeader(bytes: Buffer): Header | { readonly needs: number } {
  const lineEnd = bytes.indexOf('\n')
  if (lineEnd < 0) return { needs: bytes.length + 1 }
  const [, id, type, size] = header.exec(bytes.toString('latin1', 0, lineEnd)) ?? []
  const name = id === undefined ? undefined : { id, type: type as ObjectType }
  return { name, size: Number(size ?? 0), end: lineEnd + 1 }
}
