// `git status --porcelain=v2 -z` to entries. Knows the format and nothing else.

import { splitNul, toBytePath, type BytePath } from './byte-path.ts'

/** A tracked path that differs from HEAD, or whose file differs from the index. */
export interface ChangedEntry {
  readonly path: BytePath
  /** Staged and unstaged letter, as git prints them. */
  readonly xy: string
  readonly isSubmodule: boolean
  /** The submodule's checked-out commit is not the recorded one. */
  readonly hasSubmoduleMoved: boolean
  readonly headMode: string
  readonly headOid: string
  readonly indexMode: string
  readonly indexOid: string
}

export interface UnmergedEntry {
  readonly path: BytePath
  readonly stages: readonly { readonly mode: string; readonly oid: string }[]
}

export interface ParsedStatus {
  readonly changed: readonly ChangedEntry[]
  readonly unmerged: readonly UnmergedEntry[]
  readonly untracked: readonly BytePath[]
  /** Untracked directories that are repositories of their own, without the slash git prints. */
  readonly nested: readonly BytePath[]
}

/** The arguments whose output `parseStatus` reads; a submodule is never entered, its configuration is the agent's. */
export const STATUS_ARGS: readonly string[] = [
  'status',
  '--porcelain=v2',
  '-z',
  '--untracked-files=all',
  '--no-renames',
  '--ignore-submodules=dirty',
]

/** As above; the output says in front how far HEAD and its upstream are apart, when both can be read. */
export const BRANCH_STATUS_ARGS: readonly string[] = [...STATUS_ARGS, '--branch', '--ahead-behind']

/** How many commits each side has that the other lacks. */
export interface AheadBehind {
  readonly localAhead: number
  readonly remoteAhead: number
}

/** Returns the counts of `# branch.ab +A -B`, or null when git could not tell. */
export function parseAheadBehind(output: Buffer): AheadBehind | null {
  for (const line of splitNul(output)) {
    if (!line.startsWith('# ')) return null
    const [, ahead, behind] = /^# branch\.ab \+(\d+) -(\d+)$/.exec(line) ?? []
    if (ahead !== undefined && behind !== undefined)
      return { localAhead: Number(ahead), remoteAhead: Number(behind) }
  }
  return null
}

/** Returns the entries of a status. */
export function parseStatus(output: Buffer): ParsedStatus {
  const changed: ChangedEntry[] = []
  const unmerged: UnmergedEntry[] = []
  const untracked: BytePath[] = []
  const nested: BytePath[] = []
  for (const line of splitNul(output)) {
    if (line.startsWith('1 ')) changed.push(toChanged(line))
    else if (line.startsWith('u ')) unmerged.push(toUnmerged(line))
    else if (line.startsWith('? ') && line.endsWith('/')) nested.push(toBytePath(line.slice(2, -1)))
    else if (line.startsWith('? ')) untracked.push(toBytePath(line.slice(2)))
  }
  return { changed, unmerged, untracked, nested }
}

/** `1 XY sub mH mI mW hH hI path` */
function toChanged(line: string): ChangedEntry {
  const { fields, path } = cut(line, 8)
  const [, xy = '', sub = '', headMode = '', indexMode = '', , headOid = '', indexOid = ''] = fields
  return {
    path,
    xy,
    isSubmodule: sub.startsWith('S'),
    hasSubmoduleMoved: sub.charAt(1) === 'C',
    headMode,
    headOid,
    indexMode,
    indexOid,
  }
}

/** `u XY sub m1 m2 m3 mW h1 h2 h3 path` */
function toUnmerged(line: string): UnmergedEntry {
  const { fields, path } = cut(line, 10)
  const stages = [0, 1, 2].map((stage) => ({ mode: fields[3 + stage] ?? '', oid: fields[7 + stage] ?? '' }))
  return { path, stages }
}

function cut(line: string, count: number): { readonly fields: readonly string[]; readonly path: BytePath } {
  let at = 0
  const fields: string[] = []
  for (let n = 0; n < count; n += 1) {
    const next = line.indexOf(' ', at)
    fields.push(line.slice(at, next))
    at = next + 1
  }
  return { fields, path: toBytePath(line.slice(at)) }
}

/** Tells whether nothing at all differs from HEAD, untracked files included. */
export function isUntouched(status: ParsedStatus): boolean {
  return (
    status.changed.length === 0 &&
    status.unmerged.length === 0 &&
    status.untracked.length === 0 &&
    status.nested.length === 0
  )
}
