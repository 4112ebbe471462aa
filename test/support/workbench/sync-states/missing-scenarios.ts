// Rows about objects that are gone or damaged: a commit, what a commit holds. Stories only.

import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toSha } from '../../../../src/domain/ids.ts'
import { loadSession } from '../../../../src/workflows/queries.ts'
import { git, tryGit } from '../../temp-repo.ts'
import { PINNED, TRY, TRY_OR_RESET, type Row } from './scenario.ts'
import { inRepository, ownCommit, remotePush, type Stage } from './stage.ts'

const OTHER = { 'other.txt': 'other\n' } as const

/** Where the session's repository keeps an object. */
async function placeOf(stage: Stage, object: string): Promise<string> {
  const id = await git(stage.tree, 'rev-parse', object)
  return inRepository(stage, `objects/${id.slice(0, 2)}/${id.slice(2)}`)
}

/** Makes a file of its own of every object, so that one can be taken away. */
async function unpack(repository: string): Promise<void> {
  const folder = join(repository, 'objects/pack')
  const names = await readdir(folder)
  const packs = await Promise.all(
    names.filter((name) => name.endsWith('.pack')).map((name) => readFile(join(folder, name))),
  )
  for (const name of names) await rm(join(folder, name))
  for (const input of packs) await tryGit({ cwd: repository, args: ['unpack-objects', '-q'], input })
}

/** One story for each row. */
export const MISSING_SCENARIOS = {
  missing_commit: {
    async arrange(stage) {
      await ownCommit(stage, { 'one.txt': 'one\n' })
      await ownCommit(stage, { 'two.txt': 'two\n' })
      await remotePush(stage, OTHER)
      await rm(await placeOf(stage, 'HEAD~1'))
    },
    steps: ['pin'],
    isCutShort: true,
    asks: TRY,
  },

  damaged_commit: {
    async arrange(stage) {
      await ownCommit(stage, { 'one.txt': 'one\n' })
      await ownCommit(stage, { 'two.txt': 'two\n' })
      await remotePush(stage, OTHER)
      const place = await placeOf(stage, 'HEAD~1')
      await chmod(place, 0o644)
      await writeFile(place, '')
    },
    steps: ['pin'],
    isCutShort: true,
    asks: TRY,
  },

  missing_content: {
    async arrange(stage) {
      const { bench, session, mirror } = stage
      await ownCommit(stage, { 'deep/one.txt': 'one\n' })
      const head = await remotePush(stage, { 'deep/one.txt': 'hers\n', 'deep/two.txt': 'hers\n' })
      const { workspace } = await loadSession(bench.store, session.id)
      await bench.deps.runner.observeRemote({ workspace, lastSynced: toSha(stage.start) })
      const id = await git(mirror, 'rev-parse', `${head}:deep`)
      await unpack(mirror)
      await rm(join(mirror, 'objects', id.slice(0, 2), id.slice(2)))
    },
    steps: PINNED,
    asks: TRY_OR_RESET,
  },
} as const satisfies Readonly<Record<string, Row>>
