// The five rounds in which the seed was reviewed, point by point: what each asked for and where it is proven here. Whatever
// needs no story of its own, and what can be read off the source, stands in this file.

import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { git } from '../support/temp-repo.ts'
import { headOf, playUntilBlocked, playUntilReset, repliesTo, textOf } from '../support/workbench/scenes.ts'
import { standsIn } from '../support/workbench/stands-in.ts'
import { Workbench } from '../support/workbench/workbench.ts'

/** What a point asked for, the file that proves it, and a title in it. */
const POINTS: readonly (readonly [string, string, string])[] = [
  [
    'B1 resume clears consensus, evaluator, restart counts and health anchors',
    'seed-review-resume',
    'clears the consensus and the restart counts',
  ],
  ['B1 health anchors', 'seed-review-resume', 'resets the health anchors'],
  ['B2 every site tells the failure', 'seed-review-sites', 'tells it in the one order'],
  ['B3 phase and pipeline are both set', 'seed-review-sites', 'fails phase and pipeline with the question'],
  ['B4 populate reads nothing after a reset', 'seed-review-populate', 'reads no plan'],
  ['B4 populate answers no success', 'seed-review-populate', 'does not say that it was done'],
  ['B4 populate opens the question it names', 'seed-review-populate', 'really opened the question'],
  ['B4 populate is idempotent', 'seed-review-populate', 'says the same as often as it is asked'],
  ['B4 as HTTP', '../edge/api/pipeline-routes', 'HARD_RESET_RECOVERY_UNACKED'],
  ['B5 doubly failed is its own outcome', 'seed-review-doubly-failed', 'is its own case'],
  ['B5 nobody can go on', 'seed-review-doubly-failed', 'can not be gone on from by %s'],
  ['B5 as HTTP', '../edge/api/pipeline-routes', 'SYNC_REBASE_AND_RESET_FAILED'],
  ['N2 the version of git is checked', '../adapters/runner/git/git-door', 'GIT_TOO_OLD'],
  ['N3 events and statuses are covered', 'seed-review-sites', 'B2, B3'],
  ['N3 the populate route is covered', 'seed-review-populate', 'B4'],
  ['N5 an unknown answer is refused', 'answer-decision', 'and keeps the question open'],
  ['honest text where the reset failed', 'seed-review-doubly-failed', 'still divergent'],
  ['honest options where the reset failed', 'seed-review-doubly-failed', 'abort: Abort pipeline'],
  ['one transaction, probed in the gap', 'seed-review-sites', 'probeGaps'],
  ['a probe that sees every fault it looks for', 'seed-review-sites', 'the probe itself'],
  ['options are checked by the server', 'seed-review-doubly-failed', 'each try raises the alert'],
  ['overseer is torn down before the failure is told', 'watch-phases', 'before anybody is told'],
  [
    'an overseer alert that is not stored is logged and tried again',
    'oversee',
    'logs an alert that could not be stored',
  ],
  [
    'the wording blames nothing that did not happen',
    '../domain/text/question-work',
    'blames no step that did not happen',
  ],
]

describe('the review of the seed', () => {
  it.each(POINTS)('%s', async (_point, file, title) => {
    await standsIn(join('test/workflows', `${file}.test.ts`), title)
  })
})

async function sourcesUnder(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'))
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)
  return new Map(await Promise.all(texts))
}

describe('one helper for all sites', () => {
  const holding = (sources: ReadonlyMap<string, string>, pattern: RegExp): readonly string[] =>
    [...sources]
      .filter(([, text]) => pattern.test(text))
      .map(([name]) => name)
      .toSorted()

  it('opens every question about a sync in one file, which every site calls', async () => {
    const sources = await sourcesUnder('src')
    expect(sources.size).toBeGreaterThan(200)
    // What a case of a sync opens is asked in one place, so no other can open it.
    expect(holding(sources, /caseSpec\([^)]*\)\.opens/u)).toEqual(['workflows/open-decision.ts'])
    expect(holding(sources, /insert\('decisions'/u)).toEqual([
      'workflows/ask-about-budget.ts',
      'workflows/ask-about-work.ts',
      'workflows/open-decision.ts',
      'workflows/supersede-decision.ts',
    ])
    expect(holding(sources, /(?<!function )openDecision\(deps/u)).toEqual([
      'workflows/ask-from-journal.ts',
      'workflows/conclude-phase.ts',
      'workflows/finish-attempt.ts',
      'workflows/populate-contract.ts',
      'workflows/start-phase.ts',
      'workflows/sync-session.ts',
    ])
  })

  it('moves pipelines and phases through one table, and nowhere else', async () => {
    const sources = await sourcesUnder('src/workflows')
    const writesStatus = /update\('(?:pipelines|phaseRuns)',[^)]*set: \{[^}]*\bstatus\b/u
    expect(holding(sources, writesStatus)).toEqual(['move.ts'])
  })
})

describe('N2: git', () => {
  /** Options and subcommands that came after 2.38, with the version that brought them. */
  const TOO_NEW: Readonly<Record<string, string>> = {
    '--merge-base': '2.40, of merge-tree',
    replay: '2.44',
    backfill: '2.49',
    '--attr-source': '2.41',
    '--omit-empty': '2.42',
    '--orphan': '2.42, of worktree add',
    '--branches': '2.47, of ls-remote',
    '--exclude-hidden': '2.39',
    '--no-lazy-fetch': '2.45',
    '--no-advice': '2.46',
  }

  it('is given no word that is newer than the version we require', async () => {
    const sources = await sourcesUnder('src/adapters/runner')
    const words = [...sources.values()].flatMap((text) =>
      [...text.matchAll(/'([^'\s]+)'/gu)].map(([, word]) => word),
    )
    expect(words).toEqual(expect.arrayContaining(['merge-tree', '--write-tree', 'update-ref', '--stdin']))
    expect(words.filter((word) => word !== undefined && Object.hasOwn(TOO_NEW, word))).toEqual([])
    expect(words).not.toContain('--no-commit-header')
  })
})

describe('N4: the documents', () => {
  it('say what going on takes up after each of the moments of a reset, and that it has a run epoch of its own', async () => {
    const document = await readFile('docs/decisions.md', 'utf8')
    const [, chapter = ''] = document.split('## hard_reset_recovery')
    const takesUp = chapter.split('\n').find((line) => line.startsWith('- **Continue takes up:**')) ?? ''
    for (const moment of ['phase start', 'phase end', 'populate']) expect(takesUp).toContain(moment)
    const pipelines = await readFile('docs/pipelines.md', 'utf8')
    expect(pipelines).toContain('under a new run epoch')
  })
})

describe('what needs a session', () => {
  let bench: Workbench
  const restore: (() => void)[] = []

  beforeAll(async () => {
    bench = await Workbench.start()
  })

  afterEach(() => {
    for (const undo of restore.splice(0)) undo()
  })

  afterAll(() => bench?.close())

  /** Time stands still to the nanosecond, and chance says the same four letters as before if it is told to. */
  function freeze(pin: { readonly ns: bigint; readonly random?: string }): void {
    const { clock, ids } = bench.deps
    const before = { nowNs: clock.nowNs, random: ids.random }
    restore.push(() => {
      Object.assign(clock, { nowNs: before.nowNs })
      Object.assign(ids, { random: before.random })
    })
    const random = (length: number): string =>
      length === 4 && pin.random !== undefined ? pin.random : before.random(length)
    Object.assign(clock, { nowNs: () => pin.ns })
    Object.assign(ids, { random })
  }

  const NS = 1_790_000_000_000_000_001n

  it('N1: two backups in the same nanosecond are two backups', async () => {
    freeze({ ns: NS })
    const scene = await playUntilBlocked(bench, 'same-moment')
    await bench.say(scene.pr, 'alice', '/belay answer reset')
    await bench.finishAttempts()
    const pins = await bench.store.list('backups', { sessionId: scene.session.id })
    expect(pins.length).toBeGreaterThanOrEqual(2)
    expect(new Set(pins.map(({ prefix }) => prefix)).size).toBe(pins.length)
    for (const { prefix } of pins) expect(prefix).toContain(String(NS))
    const mirror = bench.mirror(scene.session.projectId)
    const heads = await git(
      mirror,
      'for-each-ref',
      '--format=%(refname)',
      `refs/belay/backup/${scene.session.id}`,
    )
    for (const { prefix } of pins) expect(heads.split('\n')).toContain(`${prefix}/head`)
  })

  it('N1: a name that is taken is never written over, and nothing is reset without a pin', async () => {
    freeze({ ns: NS + 1n, random: 'aaaa' })
    const scene = await playUntilBlocked(bench, 'taken')
    const [pin] = await bench.store.list('backups', { sessionId: scene.session.id })
    const mirror = bench.mirror(scene.session.projectId)
    const pinned = await git(mirror, 'rev-parse', `${pin?.prefix}/head`)
    const tree = bench.tree(scene.session.id)
    await git(
      tree,
      '-c',
      'user.name=Hand',
      '-c',
      'user.email=h@example.com',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'x',
    )
    const head = await headOf(bench, scene)
    await bench.say(scene.pr, 'alice', '/belay answer reset')
    await bench.finishAttempts()
    expect(await git(mirror, 'rev-parse', `${pin?.prefix}/head`)).toBe(pinned)
    expect(await headOf(bench, scene)).toBe(head)
    expect(await bench.question(scene.pr)).toMatchObject({
      kind: 'sync_blocked',
      details: { case: 'snapshot_failed' },
    })
  })

  it('N5: an unknown answer stays pending and loud, and an alert that can not be stored is logged and tried again', async () => {
    const { pr, session, question } = await playUntilReset(bench, 'unknown')
    const alerts = () => bench.store.list('alerts', { sessionId: session.id })
    // The reader is the only other connection; nothing of the program is in the way of the alert.
    await bench.reader.query(
      `CREATE TRIGGER no_alerts BEFORE INSERT ON alerts BEGIN SELECT RAISE(ABORT, 'no room'); END`,
    )
    const comment = await bench.say(pr, 'alice', '/belay answer nonsense')
    expect(bench.failures()).toContain('A job failed: answer_decision')
    expect({ alerts: await alerts(), replies: repliesTo(comment) }).toEqual({ alerts: [], replies: [] })
    expect(await bench.question(pr)).toEqual(question)
    await bench.reader.query('DROP TRIGGER no_alerts')
    bench.clock.advance(10 * 60_000)
    await bench.settle()
    expect(await alerts()).toMatchObject([
      { code: 'hard_reset_recovery_unknown_resolution', details: { resolution: 'nonsense', actor: 'alice' } },
    ])
    const { id, options } = question
    expect(repliesTo(comment)).toEqual([textOf({ kind: 'not_an_option', id, answer: 'nonsense', options })])
    expect(await bench.question(pr)).toEqual(question)
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'failed' })
  })
})
