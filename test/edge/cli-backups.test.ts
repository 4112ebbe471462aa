// `belay backups`: what is asked for, what is printed, how it ends.

import { describe, expect, it } from 'vitest'
import { toSha } from '../../src/domain/ids.ts'
import type { Backup } from '../../src/domain/records.ts'
import type { PinContents } from '../../src/domain/sync/pin-contents.ts'
import type { ShownBackup } from '../../src/domain/text/cli-backups.ts'
import type { CliActions } from '../../src/edge/cli-actions.ts'
import { runCli } from '../../src/edge/cli.ts'
import type { PostedRescue } from '../../src/edge/post-rescue.ts'
import { backup } from '../domain/text/samples.ts'

const ID = backup().id
const CONTENTS: PinContents = {
  head: backup().head,
  index: backup().index,
  worktree: backup().worktree,
  fault: null,
  commits: [{ sha: toSha('2'.repeat(40)), author: 'agent', subject: 'Tie the\u001b[2J knot' }],
  hasConflicts: false,
  changes: [
    { path: 'src/knot.ts', letters: 'MM', lines: { added: 3, deleted: 1 } },
    { path: 'rope.bin', letters: '??', lines: null },
  ],
  changeCount: 52,
}
const SHOWN: ShownBackup = {
  backup: backup(),
  repository: { owner: 'acme', name: 'rocket' },
  prNumber: 7,
  pipelineId: 'rocket-1.1',
  syncCase: 'divergence_recovered_via_reset',
  trigger: 'phase_end',
  home: '/srv/belay home',
  contents: CONTENTS,
}

interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
  readonly calls: readonly unknown[]
}

async function run(
  line: string,
  answers: { readonly found?: ShownBackup | null; readonly rescue?: PostedRescue } = {},
): Promise<Run> {
  const calls: unknown[] = []
  const said = { out: '', err: '' }
  const note = <T>(answer: T, ...call: readonly unknown[]): Promise<T> => {
    calls.push(call)
    return Promise.resolve(answer)
  }
  const found = answers.found === undefined ? SHOWN : answers.found
  const rescued = answers.rescue ?? { kind: 'queued' }
  const actions: Pick<CliActions, 'listBackups' | 'findBackup' | 'rescueBackup'> = {
    listBackups: (session) =>
      note(session === 'nosuch' ? null : found === null ? [] : [found], 'list', session),
    findBackup: (id) => note(found, 'find', id),
    rescueBackup: (order) => note(rescued, 'rescue', order),
  }
  const code = await runCli(line.split(' '), {
    version: '1.2.3',
    actions: actions as CliActions,
    out: (text) => (said.out += text),
    err: (text) => (said.err += text),
  })
  return { code, ...said, calls }
}

describe('belay backups list', () => {
  it('prints one line a pin, of all sessions or one', async () => {
    const { code, out, calls } = await run('backups list')
    expect({ code, calls }).toEqual({ code: 0, calls: [['list', null]] })
    expect(out).toMatchInlineSnapshot(`
      "ID                        SESSION   PR  HEAD          WHY                             KEPT                           RESCUED TO  PINNED
      1738324800000000000-k3m9  rocket-1  #7  222222222222  divergence_recovered_via_reset  on this machine and on origin  -           2025-01-31 12:00 UTC
      "
    `)
    expect((await run('backups list --session rocket-1')).calls).toEqual([['list', 'rocket-1']])
    expect((await run('backups list', { found: null })).out).toBe('Nothing is pinned.\n')
  })

  it.each(['', ' --json'])('fails for a session that does not exist%s', async (option) => {
    expect(await run(`backups list --session nosuch${option}`)).toMatchObject({
      code: 1,
      out: '',
      err: 'There is no session with the id nosuch. List them with `belay sessions list --all`.\n',
    })
  })

  it.each<[Partial<Backup>, string]>([
    [{ push: 'pushed' }, 'on this machine and on origin'],
    [{ push: 'not_wanted' }, 'on this machine'],
    [{ push: 'not_tried' }, 'on this machine, not pushed'],
    [{ push: 'disabled' }, 'on this machine, by choice'],
    [{ push: 'refused', pushRefusal: 'ruleset' }, 'on this machine, push refused: ruleset'],
    [{ push: 'expired' }, 'on this machine, no longer on origin'],
  ])('says where a pin is kept: %j', async (changes, words) => {
    const found = { ...SHOWN, backup: backup(changes) }
    expect((await run('backups list', { found })).out).toContain(`  ${words}  `)
    expect((await run(`backups show ${ID}`, { found })).out).toContain(`\nkept          ${words}\n`)
  })

  it('says why in words where no sync made the pin', async () => {
    const found = { ...SHOWN, syncCase: null, backup: backup({ reason: 'left_out' }) }
    expect((await run('backups list', { found })).out).toContain('  files not committed  ')
  })

  it('prints flat objects for scripts', async () => {
    const parsed: unknown = JSON.parse((await run('backups list --json')).out)
    expect(parsed).toMatchObject([
      { id: ID, prNumber: 7, syncCase: 'divergence_recovered_via_reset', push: 'pushed' },
    ])
  })
})

describe('belay backups show', () => {
  it('prints what lies in the pin, why it was made, and the lines that bring it back', async () => {
    const { code, out, calls } = await run(`backups show ${ID}`)
    expect({ code, calls }).toEqual({ code: 0, calls: [['find', ID]] })
    expect(out).toMatchInlineSnapshot(`
      "pin           1738324800000000000-k3m9
      session       rocket-1
      pull request  acme/rocket#7
      pinned        2025-01-31 12:00 UTC
      why           sync (phase end): Our commits can not be replayed on the remote branch: everything was pinned and the worktree was reset to it.
      commits       2222222222222222222222222222222222222222 at refs/belay/backup/rocket-1/1738324800000000000-k3m9/head
      index         aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa at refs/belay/backup/rocket-1/1738324800000000000-k3m9/index
      worktree      bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb at refs/belay/backup/rocket-1/1738324800000000000-k3m9/worktree
      kept          on this machine and on origin
      rescued to    -

      Commits that no branch on origin has:
        2222222  Tie the�[2J knot (agent)

      Uncommitted files (staged, unstaged; ?? is untracked):
        MM  src/knot.ts  +3 -1
        ??  rope.bin
        and 50 more

      Put the commits on a new branch of the repository, with --dirty the uncommitted files too:
        belay backups rescue 1738324800000000000-k3m9

      Get the commits into any clone:
        git fetch origin refs/belay/backup/rocket-1/1738324800000000000-k3m9/head && git branch rescued FETCH_HEAD

      The lines below work on this machine, after this one:
        BELAY_HOME='/srv/belay home'

      Get the commits into a clone:
        git fetch "$BELAY_HOME/mirrors/rocket.git" refs/belay/backup/rocket-1/1738324800000000000-k3m9/head && git branch rescued FETCH_HEAD

      Get files and index back exactly, in a new folder:
        git init rescued-1738324800000000000-k3m9
        cd rescued-1738324800000000000-k3m9
        git fetch "$BELAY_HOME/mirrors/rocket.git" 'refs/belay/backup/rocket-1/1738324800000000000-k3m9/*:refs/rescue/*'
        git switch -c rescued refs/rescue/head
        git read-tree --reset -u 'refs/rescue/worktree^{tree}'
        mkdir -p .git/info
        echo '* -text !eol -filter -ident -working-tree-encoding' > .git/info/attributes
        git diff-tree -r -z --no-renames --name-only --diff-filter=d refs/rescue/head refs/rescue/worktree |
          git checkout-index -f -z --stdin
        git diff-tree -r -z --no-renames --name-only --diff-filter=d refs/rescue/index refs/rescue/worktree |
          git checkout-index -f -z --stdin
        rm .git/info/attributes
        git read-tree 'refs/rescue/index^{tree}'
      "
    `)
  })

  it.each<[string, ShownBackup, string]>([
    [
      'why, for a pin without a sync',
      { ...SHOWN, syncCase: null, backup: backup({ reason: 'stopped' }) },
      'the agent was stopped',
    ],
    ['damage', { ...SHOWN, contents: { ...CONTENTS, fault: 'bad object 123' } }, 'DAMAGED'],
    [
      'a missing mirror',
      { ...SHOWN, contents: null },
      'No mirror below BELAY_HOME, which is /srv/belay home,',
    ],
    ['conflicts', { ...SHOWN, contents: { ...CONTENTS, hasConflicts: true } }, 'stage([0-3])'],
    [
      'both branches',
      { ...SHOWN, backup: backup({ rescueBranch: 'belay/rescue/rocket-1-1', dirtyRescueBranch: 'x' }) },
      'belay/rescue/rocket-1-1, x',
    ],
  ])('says %s', async (_what, found, words) => {
    expect((await run(`backups show ${ID}`, { found })).out).toContain(words)
  })

  it('takes the commits from the mirror alone when they are not on origin', async () => {
    const found = { ...SHOWN, backup: backup({ push: 'expired' }) }
    expect((await run(`backups show ${ID}`, { found })).out).not.toContain('git fetch origin')
  })

  it('shows only what can work: nothing of the mirror without the pin, no rescue of a damaged one', async () => {
    const missing = (await run(`backups show ${ID}`, { found: { ...SHOWN, contents: null } })).out
    expect(missing).toContain('git fetch origin')
    expect(missing).not.toMatch(/mirrors|backups rescue/)
    const damaged = { ...SHOWN, contents: { ...CONTENTS, fault: 'bad object 123' } }
    expect((await run(`backups show ${ID}`, { found: damaged })).out).not.toContain('backups rescue')
  })

  it('fails for a pin that is not there', async () => {
    expect(await run('backups show nope', { found: null })).toMatchObject({ code: 1, out: '' })
  })
})

describe('belay backups rescue', () => {
  it.each([
    ['', { content: 'commits', branch: null }],
    [' --dirty', { content: 'dirty', branch: null }],
    [' --branch rescue/monday', { content: 'commits', branch: 'rescue/monday' }],
  ])('hands `%s` in', async (options, order) => {
    expect((await run(`backups rescue ${ID}${options}`)).calls).toEqual([
      ['rescue', { backupId: ID, ...order }],
    ])
  })

  it('refuses a branch that is no branch name, and does nothing', async () => {
    const { code, err, calls } = await run(`backups rescue ${ID} --branch a..b`)
    expect({ code, calls }).toEqual({ code: 2, calls: [] })
    expect(err).toContain('Give the name of a branch')
  })

  it('prints where the work is and what was kept back', async () => {
    const rescue: PostedRescue = {
      kind: 'rescued',
      branch: 'belay/rescue/rocket-1-2',
      head: '2'.repeat(40),
      compareUrl: 'https://github.com/acme/rocket/compare/a...b',
      leftOut: ['.env'],
    }
    const { code, out } = await run(`backups rescue ${ID} --dirty`, { rescue })
    expect(code).toBe(0)
    expect(out).toMatchInlineSnapshot(`
      "The pin 1738324800000000000-k3m9 is on the branch belay/rescue/rocket-1-2, up to 2222222222222222222222222222222222222222.
      https://github.com/acme/rocket/compare/a...b
      Not pushed, because they look like secrets or are too large:
        .env
      "
    `)
    const moved = await run(`backups rescue ${ID}`, { rescue: { ...rescue, head: null, leftOut: [] } })
    expect(moved.out).toContain('somebody moved that branch since')
  })

  it.each<[PostedRescue, number]>([
    [{ kind: 'queued' }, 0],
    [{ kind: 'backup_not_found' }, 1],
    [{ kind: 'nothing_dirty', leftOut: [] }, 1],
    [{ kind: 'pin_damaged', detail: 'bad object' }, 1],
    [{ kind: 'push_refused', branch: 'x', refusal: 'ruleset', detail: '' }, 1],
    [{ kind: 'refused', message: 'No.', hint: 'Use another.' }, 1],
    [{ kind: 'push_refused', branch: 'x', refusal: 'non_fast_forward', detail: '' }, 1],
  ])('says what came of it: %j', async (rescue, code) => {
    const ended = await run(`backups rescue ${ID}`, { rescue })
    expect(ended.code).toBe(code)
    expect(code === 0 ? ended.out : ended.err).toMatch(/^[A-Z].*\.\n/)
    expect(code === 0 ? ended.err : ended.out).toBe('')
  })

  it('says why the host or the pin did not let it, in words and as it was said', async () => {
    const said = async (rescue: PostedRescue): Promise<string> =>
      (await run(`backups rescue ${ID}`, { rescue })).err
    const refused = { kind: 'push_refused', branch: 'x' } as const
    expect(await said({ ...refused, refusal: 'ruleset', detail: 'remote: GH013\u001b[2J\n\n' }))
      .toMatchInlineSnapshot(`
        "The branch x could not be pushed. A repository rule refused the push. The pin is untouched.
          remote: GH013�[2J
        "
      `)
    expect(await said({ ...refused, refusal: 'non_fast_forward', detail: '' })).toMatchInlineSnapshot(`
      "The branch x could not be pushed. A branch of that name has other commits; name another one with \`--branch\`. The pin is untouched.
      "
    `)
    expect(await said({ kind: 'nothing_dirty', leftOut: ['.env'] })).toMatchInlineSnapshot(`
      "Nothing was pushed. All uncommitted files of the pin 1738324800000000000-k3m9 look like secrets or are too large:
        .env
      "
    `)
    expect(await said({ kind: 'pin_damaged', detail: 'bad object' })).toMatchInlineSnapshot(`
      "The pin 1738324800000000000-k3m9 can not be read back whole. Nothing was pushed. docs/recovery.md says what to do.
        bad object
      "
    `)
  })
})
