// Rows about the folder and the git files behind it: deleted, moved, replaced, written to. Stories only.

import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { git, writeFiles } from '../../temp-repo.ts'
import { PINNED, TRY, type Row } from './scenario.ts'
import { inGitDirectory, inRepository, ownCommit, remotePush } from './stage.ts'
import { statusOf, textIn } from './state-of.ts'

/** One story for each row. */
export const REGISTRATION_SCENARIOS = {
  folder_deleted: {
    async arrange(stage) {
      await ownCommit(stage, { 'mine.txt': 'mine\n' })
      await writeFiles(stage.tree, { 'README.md': '# Staged\n' })
      await git(stage.tree, 'add', 'README.md')
      await rm(stage.tree, { recursive: true })
    },
    earlier: ['worktree_recreated'],
    ends: 'local_ahead_kept',
    steps: [],
    pinIsSpecial: true,
    async check({ stage, ending }) {
      const [first] = ending.rounds
      expect(first?.steps.map(({ kind }) => kind)).toEqual([...PINNED, 'recreate_worktree'])
      const { head = '', index = '' } = first?.backups[0] ?? {}
      expect(await git(stage.mirror, 'show', `${head}:mine.txt`)).toBe('mine')
      expect(await git(stage.mirror, 'show', `${index}:README.md`)).toBe('# Staged')
      expect(await statusOf(stage)).toEqual(['M  README.md'])
      expect(await textIn(stage, 'mine.txt')).toBe('mine\n')
    },
  },

  folder_moved: {
    async arrange(stage) {
      await ownCommit(stage, { 'mine.txt': 'mine\n' })
      await writeFiles(stage.tree, { 'README.md': '# Changed\n', 'note.txt': 'only here\n' })
      await rename(stage.tree, `${stage.tree}-away`)
    },
    earlier: ['worktree_repaired'],
    ends: 'local_ahead_kept',
    steps: [],
    async check({ stage, ending }) {
      expect(ending.rounds[0]?.steps.map(({ kind }) => kind)).toEqual(['return_worktree'])
      expect(await statusOf(stage)).toEqual([' M README.md', '?? note.txt'])
      expect(await textIn(stage, 'note.txt')).toBe('only here\n')
    },
  },

  branch_in_use: {
    async arrange(stage) {
      await writeFiles(stage.tree, { 'README.md': '# Changed\n' })
      const other = join(stage.tree, '..', 'second')
      await git(stage.tree, 'worktree', 'add', '--quiet', '--force', other, stage.branch)
      await remotePush(stage, { 'other.txt': 'other\n' })
    },
    steps: PINNED,
    asks: TRY,
  },

  git_file_replaced: {
    async arrange(stage) {
      const { tree } = stage
      await rm(join(tree, '.git'))
      await git(tree, 'init', '--quiet')
      await mkdir(join(tree, '.git/hooks'), { recursive: true })
      await remotePush(stage, { 'other.txt': 'other\n' })
    },
    steps: [],
    asks: TRY,
  },

  alternates_planted: {
    async arrange(stage) {
      const file = await inRepository(stage, 'objects/info/alternates')
      await appendFile(file, `${join(stage.tree, '..', 'foreign')}\n`)
      await remotePush(stage, { 'other.txt': 'other\n' })
    },
    steps: [],
    asks: TRY,
  },

  configuration_changed: {
    async arrange(stage) {
      await git(stage.tree, 'config', 'user.name', 'Somebody')
      const hooks = await inRepository(stage, 'hooks')
      await mkdir(hooks, { recursive: true })
      await writeFile(join(hooks, 'post-checkout'), '#!/bin/sh\ntouch hook-ran\n', { mode: 0o755 })
    },
    steps: [],
    async check({ stage, ending }) {
      const changed = ending.rounds[0]?.line?.fields['changed_configuration']
      expect(changed).toEqual(expect.arrayContaining(['config', 'hooks/post-checkout']))
      expect(await textIn(stage, 'hook-ran')).toBeNull()
    },
  },

  head_unreadable: {
    async arrange(stage) {
      await writeFiles(stage.tree, { 'README.md': '# Changed\n' })
      await writeFile(await inGitDirectory(stage, 'HEAD'), 'somewhere\n')
    },
    steps: [],
    asks: TRY,
  },

  index_unreadable: {
    async arrange(stage) {
      await writeFiles(stage.tree, { 'README.md': '# Changed\n' })
      await writeFile(await inGitDirectory(stage, 'index'), 'no index\n')
    },
    steps: [],
    asks: TRY,
  },
} as const satisfies Readonly<Record<string, Row>>
