// Programs that an agent lays out for git to run. Plain git runs every one of them; nothing that Belay does runs any.

import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fireHooks, HOOKS, writeHooks } from '../../support/hostile/hook-traps.ts'
import {
  doEverything,
  fileName,
  hostileScene,
  marksOf,
  type HostileScene,
} from '../../support/hostile/hostile-scene.ts'
import {
  ADDRESSES,
  DRIVERS,
  HELPERS,
  plantAttributes,
  plantPrograms,
  type ProgramTrap,
} from '../../support/hostile/program-traps.ts'
import { SUBMODULES } from '../../support/hostile/submodule-traps.ts'
import { git, writeFiles } from '../../support/temp-repo.ts'
import type { StartWorld } from './runner-contract.ts'

/** What has to come of everything when nothing but programs was planted. */
const ALL_DONE = [
  'inspected',
  'pin pinned',
  'verify_pin done',
  'push_pin pushed',
  'push_rescue pushed',
  'push_branch pushed',
  'commit_leftovers committed',
  'remove_stale_locks done',
  'inspected',
  'pin pinned',
  'verify_pin done',
  'reset_tree done',
  'move_branch done',
  'verify_worktree done',
  'inspected',
  'move_tree done',
  'move_branch done',
  'verify_worktree done',
]

interface Place {
  readonly place: string
  /** Makes git read these files too, and returns their names. */
  readonly files: (scene: HostileScene) => Promise<readonly string[]>
}

/** Where the git of a session finds settings. */
const PLACES: readonly Place[] = [
  {
    place: 'the configuration of the repository',
    files: ({ repository }) => Promise.resolve([join(repository, 'config')]),
  },
  {
    place: 'the configuration of the worktree',
    async files({ tree, repository }) {
      const [own, main] = [
        join(repository, 'worktrees/tree/config.worktree'),
        join(repository, 'config.worktree'),
      ]
      await writeFile(main, '[core]\n bare = true\n')
      await writeFile(own, '[core]\n bare = false\n')
      await git(tree, 'config', 'core.repositoryFormatVersion', '1')
      await git(tree, 'config', '--unset', 'core.bare')
      await git(tree, 'config', 'extensions.worktreeConfig', 'true')
      return [own, main]
    },
  },
  {
    place: 'an included file',
    async files({ world, repository }) {
      await appendFile(join(repository, 'config'), `[include]\n path = ${world.folder}/included\n`)
      return [join(world.folder, 'included')]
    },
  },
]

/** A commit of the agent's and a change beside it, so that there is something to pin, push, commit and reset. */
async function work({ tree }: HostileScene): Promise<void> {
  await writeFiles(tree, { 'src/knot.txt': 'ours\n' })
  await git(tree, 'commit', '--quiet', '--all', '--message=Ours')
  await writeFiles(tree, { 'src/other.txt': 'dirty\n', 'left.txt': 'left\n' })
}

async function expectFires(scene: HostileScene, traps: readonly ProgramTrap[]): Promise<void> {
  for (const trap of traps) {
    await trap.fire(scene)
    expect(await marksOf(scene), trap.name).toContain(fileName(trap.name))
  }
}

export function describePlantedPrograms(start: StartWorld): void {
  describe('programs planted in a session', () => {
    it.each(PLACES)('hooks in a folder that $place names are not run', async ({ files }) => {
      const scene = await hostileScene(await start())
      await work(scene)
      const hooks = join(scene.world.folder, 'hooks')
      await writeHooks(scene, hooks)
      for (const file of await files(scene)) await appendFile(file, `[core]\n hooksPath = ${hooks}\n`)
      expect(await doEverything(scene)).toEqual(ALL_DONE)
      expect(await marksOf(scene)).toEqual([])
      await fireHooks(scene)
      expect(await marksOf(scene)).toEqual([...HOOKS])
    })

    it('hooks in the repository itself are not run', async () => {
      const scene = await hostileScene(await start())
      await work(scene)
      await writeHooks(scene, join(scene.repository, 'hooks'))
      expect(await doEverything(scene)).toEqual(ALL_DONE)
      expect(await marksOf(scene)).toEqual([])
      await fireHooks(scene)
      expect(await marksOf(scene)).toEqual([...HOOKS])
    })

    const groups = [
      { what: 'filters and drivers', traps: DRIVERS },
      { what: 'helpers', traps: HELPERS },
      { what: 'addresses', traps: ADDRESSES },
    ].flatMap((group) => PLACES.map((place) => ({ ...group, ...place })))

    it.each(groups)('$what in $place are not run', async ({ traps, files }) => {
      const scene = await hostileScene(await start())
      await work(scene)
      await plantAttributes(scene)
      await plantPrograms(scene, traps, await files(scene))
      expect(await doEverything(scene)).toEqual(ALL_DONE)
      expect(await marksOf(scene)).toEqual([])
      await plantAttributes(scene)
      await expectFires(scene, traps)
    })

    it.each(SUBMODULES)('a submodule is not entered: $name', async (trap) => {
      const scene = await hostileScene(await start())
      await work(scene)
      await plantPrograms(scene, [trap], [])
      await doEverything(scene)
      expect(await marksOf(scene)).toEqual([])
      await expectFires(scene, [trap])
    })

    it('the settings of the home it is given are not read', async () => {
      const scene = await hostileScene(await start())
      await work(scene)
      await plantAttributes(scene)
      const home = join(scene.world.home, 'sessions/rope-1/home')
      await mkdir(home, { recursive: true })
      await plantPrograms(scene, DRIVERS.slice(0, 1), [join(home, '.gitconfig')])
      expect(await doEverything(scene)).toEqual(ALL_DONE)
      expect(await marksOf(scene)).toEqual([])
      await git(scene.tree, 'config', 'include.path', join(home, '.gitconfig'))
      await expectFires(scene, DRIVERS.slice(0, 1))
    })
  })
}
