// The lines of the question that a person copies into a shell, run as they are by a shell with real git.
import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toSha } from '../../src/domain/ids.ts'
import { recoveryLines } from '../../src/domain/text/question-recovery.ts'
import { decision, details, pinNote } from '../domain/text/samples.ts'
import { git, makeTempFolder, removeTempFolder, TempOrigin } from '../support/temp-repo.ts'

let folder: string
let origin: TempOrigin

beforeAll(async () => {
  folder = await makeTempFolder()
  origin = await TempOrigin.create(folder, { 'a.txt': 'one\n' })
})

afterAll(() => removeTempFolder(folder))

/** Runs every shell block of a text in a folder and stops at the first failure. */
async function runBlocks(text: string, cwd: string, env: Readonly<Record<string, string>>): Promise<void> {
  const blocks = [...text.matchAll(/^```sh\n([^`]*)```$/gmu)].map(([, lines]) => lines ?? '')
  expect(blocks.length).toBeGreaterThan(0)
  const environment = { PATH: process.env['PATH'], HOME: folder, ...env }
  await promisify(execFile)('sh', ['-euc', blocks.join('\n')], { cwd, env: environment })
}

describe('recoveryLines', () => {
  it('bring back a pin from GitHub and one from the mirror, each on a branch of its own', async () => {
    const home = join(folder, 'a home')
    const mirror = join(home, 'mirrors', 'rocket.git')
    await mkdir(mirror, { recursive: true })
    await git(mirror, 'init', '--quiet', '--bare', '.')
    const pushed = pinNote()
    const local = { ...pinNote({ push: 'disabled' }), prefix: `${pushed.prefix}-b` } as typeof pushed
    const heads = await Promise.all(
      [
        { at: origin.path, pin: pushed },
        { at: mirror, pin: local },
      ].map(async ({ at, pin }) => {
        const tree = await git(at, 'mktree')
        const head = await git(at, 'commit-tree', '-m', `Kept in ${at}`, tree)
        await git(at, 'update-ref', `${pin.prefix}/head`, head)
        return head
      }),
    )
    const [onOrigin = '', inMirror = ''] = heads
    const pins = [
      { ...pushed, head: toSha(onOrigin) },
      { ...local, head: toSha(inMirror) },
    ]
    const asked = decision({ details: details({ pins }) })
    await runBlocks(recoveryLines(asked) ?? '', origin.clone, { BELAY_HOME: home })
    expect(await git(origin.clone, 'rev-parse', `rescue-${asked.id}`, `rescue-${asked.id}-2`)).toBe(
      `${onOrigin}\n${inMirror}`,
    )
    expect(onOrigin).not.toBe(inMirror)
  })
})
