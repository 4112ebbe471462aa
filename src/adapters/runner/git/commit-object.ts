// Raw commit objects: reading the lines that matter, and writing the same commit on another parent. Bytes in, bytes out.

import { isSha, type Sha } from '../../../domain/ids.ts'
import type { CommitSummary } from '../../../domain/sync/facts.ts'

export interface RawCommit {
  readonly sha: Sha
  readonly bytes: Buffer
}

/** Returns the commits of a `cat-file --batch` answer; what is missing or something else is left out. */
export function parseBatch(output: Buffer): readonly RawCommit[] {
  const commits: RawCommit[] = []
  let at = 0
  while (at < output.length) {
    const end = output.indexOf('\n', at)
    const [oid = '', type = '', size] = output.toString('latin1', at, end).split(' ')
    at = end + 1
    if (size === undefined) continue
    if (isSha(oid) && type === 'commit')
      commits.push({ sha: oid, bytes: output.subarray(at, at + Number(size)) })
    at += Number(size) + 1
  }
  return commits
}

/** Returns the tree of a commit. */
export function treeOf(commit: RawCommit): Sha {
  const tree = header(commit, 'tree')
  if (!isSha(tree)) throw new Error(`Commit ${commit.sha} has no tree`)
  return tree
}

/** Returns the parents of a commit, the first one first. */
export function parentsIn({ bytes }: RawCommit): readonly Sha[] {
  const lines = headerBytes(bytes).toString('latin1').split('\n')
  return lines
    .flatMap((line) => (line.startsWith('parent ') ? [line.slice('parent '.length)] : []))
    .filter(isSha)
}

/** Returns id, author's name and first line. */
export function summaryOf(commit: RawCommit): CommitSummary {
  const text = commit.bytes.toString('utf8')
  const message = text.slice(text.indexOf('\n\n') + 2)
  const author = header(commit, 'author').replace(/\s*<.*$/, '')
  return {
    sha: commit.sha,
    author: Buffer.from(author, 'latin1').toString('utf8'),
    subject: message.split('\n')[0] ?? '',
  }
}

function header({ bytes }: RawCommit, name: string): string {
  const lines = headerBytes(bytes).toString('latin1').split('\n')
  return lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? ''
}

function headerBytes(bytes: Buffer): Buffer {
  const end = bytes.indexOf('\n\n')
  return end === -1 ? bytes : bytes.subarray(0, end)
}

export interface Rewrite {
  readonly tree: Sha
  readonly parent: Sha
  /** `Name <email> seconds zone`. */
  readonly committer: string
}

/** Headers that name the old content; a signature over them would be a lie on the new one. */
const DROPPED = ['tree', 'parent', 'committer', 'gpgsig', 'gpgsig-sha256', 'mergetag']

/** Returns the same commit on another tree and parent; author, date, encoding and message stay byte for byte. */
export function rewriteCommit(commit: RawCommit, { tree, parent, committer }: Rewrite): Buffer {
  const head = headerBytes(commit.bytes)
  const kept: string[] = []
  let isDropping = false
  for (const line of head.toString('latin1').split('\n')) {
    // A line that starts with a space goes on with the header before it.
    if (!line.startsWith(' ')) isDropping = DROPPED.some((name) => line.startsWith(`${name} `))
    if (!isDropping) kept.push(line)
  }
  const author = kept.filter((line) => line.startsWith('author '))
  const others = kept.filter((line) => !line.startsWith('author '))
  const committed = Buffer.from(`committer ${committer}`).toString('latin1')
  const lines = [`tree ${tree}`, `parent ${parent}`, ...author, committed, ...others]
  return Buffer.concat([Buffer.from(lines.join('\n'), 'latin1'), commit.bytes.subarray(head.length)])
}

/** Returns a committer line's value; marks that would end the name or the address are left out. */
export function committerLine(
  identity: { readonly name: string; readonly email: string },
  atMs: number,
): string {
  const clean = (text: string): string => text.replace(/[<>\n\0]/g, '').trim()
  return `${clean(identity.name)} <${clean(identity.email)}> ${Math.floor(atMs / 1000)} +0000`
}
