import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGitDoor } from '../../../../src/adapters/runner/git/git-door.ts'
import { pushRef, type PushWorld } from '../../../../src/adapters/runner/repositories/push-ref.ts'
import { createRemotes } from '../../../../src/adapters/runner/repositories/remote.ts'
import { toSha, type RefName, type Sha } from '../../../../src/domain/ids.ts'
import { REFUSALS } from '../../../support/push-refusals.ts'
import { git, makeTempFolder, removeTempFolder, TempOrigin, writeFiles } from '../../../support/temp-repo.ts'

let folder: string
let origin: TempOrigin
let world: PushWorld
let head: Sha

const repository = { installationId: 1, repositoryId: 1, owner: 'acme', name: 'rope' }
const ref = 'refs/heads/new' as RefName

beforeEach(async () => {
  folder = await makeTempFolder()
  origin = await TempOrigin.create(folder, { 'a.txt': 'one\n' })
  const door = createGitDoor({ folder: join(folder, 'door'), host: process.env, remotes: 'http_and_file' })
  const tokens = { tokenFor: () => Promise.reject(new Error('no token is needed')) }
  world = { door, remotes: createRemotes({ gitBaseUrl: `file://${folder}`, tokens }) }
  await writeFiles(origin.clone, { 'a.txt': 'two\n' })
  await git(origin.clone, 'commit', '--quiet', '--all', '--message=Two')
  head = toSha(await git(origin.clone, 'rev-parse', 'HEAD'))
})

afterEach(() => removeTempFolder(folder))

function push(expected: Sha | null, name = ref): ReturnType<typeof pushRef> {
  return pushRef(world, { mirror: join(origin.clone, '.git'), repository, sha: head, ref: name, expected })
}

async function hook(lines: readonly string[]): Promise<void> {
  const file = join(origin.path, 'hooks/pre-receive')
  await mkdir(join(file, '..'), { recursive: true })
  const quoted = lines.map((line) => `printf '%s\\n' '${line.replaceAll("'", `'\\''`)}' >&2`)
  await writeFile(file, ['#!/bin/sh', ...quoted, 'exit 1', ''].join('\n'))
  await chmod(file, 0o755)
}

describe('pushRef', () => {
  const byHook = REFUSALS.flatMap(({ name, result, hook: lines }) =>
    lines === undefined ? [] : [{ name, result, lines }],
  )

  it.each(byHook)('hears that it is $name', async ({ result, lines }) => {
    await hook(lines)
    const answer = await push(null)
    expect(answer.result).toBe(result)
    expect(answer.detail).toContain(lines[0])
    expect(await origin.ref(ref)).toBeNull()
  })

  it('creates a ref once, and calls it pushed again when it is already there', async () => {
    expect(await push(null)).toEqual({ result: 'pushed', detail: '' })
    expect(await push(null)).toEqual({ result: 'pushed', detail: '' })
    expect(await origin.ref(ref)).toBe(head)
  })

  it('does not move a ref that is somewhere else than expected', async () => {
    const before = await origin.ref('refs/heads/main')
    expect((await push(null, 'refs/heads/main' as RefName)).result).toBe('non_fast_forward')
    expect((await push(head, 'refs/heads/main' as RefName)).result).toBe('non_fast_forward')
    expect(await origin.ref('refs/heads/main')).toBe(before)
  })

  it('hears that a name space is hidden', async () => {
    await git(origin.path, 'config', 'receive.hideRefs', 'refs/belay')
    expect((await push(null, 'refs/belay/backup/x/1-a/head' as RefName)).result).toBe('protected')
  })

  it('believes what it reads back, not the exit code', async () => {
    // A server that takes the push, and breaks the connection before it says so.
    const file = join(origin.path, 'hooks/post-receive')
    await mkdir(join(file, '..'), { recursive: true })
    await writeFile(file, '#!/bin/sh\nkill -9 $PPID\n')
    await chmod(file, 0o755)
    expect(await push(null)).toEqual({ result: 'pushed', detail: '' })
    expect(await origin.ref(ref)).toBe(head)
  })

  it('calls a remote that is gone by its name', async () => {
    await git(folder, 'init', '--quiet', '--bare', 'elsewhere')
    await removeTempFolder(origin.path)
    expect((await push(null)).result).not.toBe('pushed')
  })

  it('has no token: says so in the words of a push', async () => {
    const tokens = { tokenFor: () => Promise.reject(new Error('GitHub is away')) }
    const remotes = createRemotes({ gitBaseUrl: 'https://github.test', tokens })
    const order = { mirror: join(origin.clone, '.git'), repository, sha: head, ref, expected: null }
    expect(await pushRef({ ...world, remotes }, order)).toEqual({
      result: 'network',
      detail: 'GitHub is away',
    })
  })
})
