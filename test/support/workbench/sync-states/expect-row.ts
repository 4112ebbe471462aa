// What must be true after the sync of any row: what was stored and logged, which steps ran, what the pin holds, what was
// asked, what nobody may have touched. Knows no single row.

import { expect } from 'vitest'
import { caseSpec, type SyncCase } from '../../../../src/domain/sync/case.ts'
import { SYNC_STATES, type SyncStateId } from '../../../../src/domain/sync/state.ts'
import { headCommitOf } from '../../git-files.ts'
import { git, tryGit } from '../../temp-repo.ts'
import { lookAtWorktree } from '../worktree-sight.ts'
import { belongingsOf, pinnedFiles } from './belongings.ts'
import type { Played, StepKind, SyncScenario } from './scenario.ts'
import { remoteHead, runSync, type Round, type Stage } from './stage.ts'

/** Steps after which index, files, HEAD and branches must still be what they were, however they ended. */
const HARMLESS: readonly StepKind[] = [
  ...(['pin', 'verify_pin', 'push_pin'] as const),
  ...(['push_branch', 'remove_stale_locks'] as const),
]

/** Plays a row on its stage and holds it to everything. */
export async function playRow(id: SyncStateId, scenario: SyncScenario, stage: Stage): Promise<Played> {
  await scenario.arrange(stage)
  const before = await belongingsOf(stage, scenario.pinsIgnored)
  const remote = await remoteHead(stage)
  watch(scenario, stage)
  const ending = await runSync(stage, scenario.wish)
  stage.bench.watch.hook = () => undefined
  const played = { stage, before, ending }
  expectCases(id, scenario, played)
  for (const round of ending.rounds) expectWrittenDown(stage, round)
  expectSteps(scenario, ending.rounds)
  await expectPins(scenario, played)
  expectQuestion(scenario, played)
  await expectNothingLost(played)
  if (ending.rounds.every(isHarmless)) expect(await lookAtWorktree(stage.tree)).toEqual(before.sight)
  const isOthers = scenario.meanwhile === undefined && !wasPushed(ending.rounds)
  if (isOthers) expect(await remoteHead(stage)).toBe(remote)
  if (caseSpec(ending.report.case).mayGoOn) await expectUsable(played)
  await scenario.check?.(played)
  return played
}

function watch({ meanwhile }: SyncScenario, stage: Stage): void {
  if (meanwhile === undefined) return
  stage.bench.watch.hook = async (moment, { order, sessionId }) => {
    if (sessionId === stage.session.id) await meanwhile(stage, moment, order)
  }
}

function expectCases(id: SyncStateId, scenario: SyncScenario, { ending }: Played): void {
  const { earlier = [], ends = SYNC_STATES[id].case } = scenario
  const cases: readonly SyncCase[] = ending.rounds.map(({ operation }) => operation.case)
  expect(cases).toEqual([...earlier, ends])
  expect(cases).toContain(SYNC_STATES[id].case)
  expect(ending.report.case).toBe(ends)
  for (const name of earlier) expect(caseSpec(name).startsOver).toBe(true)
}

/** DESIGN's one line per exit, and the row it was made from. */
function expectWrittenDown({ session, branch }: Stage, { operation, line }: Round): void {
  expect(operation).toMatchObject({
    sessionId: session.id,
    branch,
    endedAt: expect.any(Number),
    resumes: null,
  })
  expect(['done', 'failed']).toContain(operation.state)
  expect(line).toMatchObject({
    level: caseSpec(operation.case).level,
    fields: {
      pipeline_id: operation.pipelineId,
      session: session.id,
      branch,
      case: operation.case,
      local_ahead: operation.localAhead,
      remote_ahead: operation.remoteAhead,
      before: operation.before,
      after: operation.after,
      duration_ms: operation.durationMs,
    },
  })
}

function expectSteps({ steps, isCutShort }: SyncScenario, rounds: readonly Round[]): void {
  const rows = rounds.at(-1)?.steps ?? []
  expect(rows.map(({ kind }) => kind)).toEqual(steps)
  const states = rows.map(({ state, outcome }) =>
    state === 'done' && (outcome?.kind !== 'push' || outcome.result === 'pushed') ? 'done' : 'failed',
  )
  expect(states).toEqual(
    steps.map((_, place) => (isCutShort && place === steps.length - 1 ? 'failed' : 'done')),
  )
}

/** Every pin that was made is listed, lies in the mirror, and holds commits, index and files byte for byte. */
async function expectPins(scenario: SyncScenario, { stage, before, ending }: Played): Promise<void> {
  for (const { operation, steps, backups } of ending.rounds) {
    const pins = steps.filter(({ kind, state }) => kind === 'pin' && state === 'done')
    expect(backups.map(({ operationId }) => operationId)).toEqual(pins.map(() => operation.id))
    for (const backup of backups) {
      const { prefix, head, index, worktree } = backup
      const names = [`${prefix}/head`, `${prefix}/index`, `${prefix}/worktree`, `${index}^{tree}`]
      const found = (await git(stage.mirror, 'rev-parse', ...names)).split('\n')
      expect(found.slice(0, -1)).toEqual([head, index, worktree])
      if (scenario.pinIsSpecial || scenario.meanwhile) continue
      expect(head).toBe(before.head ?? index)
      expect(found.at(-1)).toBe(before.index)
      expect(sorted(await pinnedFiles(stage, backup.worktree))).toEqual(sorted(before.files))
    }
  }
}

function sorted(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files].map(([path, blob]) => `${path} ${blob}`).toSorted()
}

function expectQuestion({ asks }: SyncScenario, { ending }: Played): void {
  const { report, question, rounds } = ending
  const { opens, mayGoOn } = caseSpec(report.case)
  expect(mayGoOn).toBe(asks === undefined)
  if (asks === undefined) {
    expect(question).toBeNull()
    return
  }
  expect(question).toMatchObject({
    kind: opens,
    concerns: 'worktree',
    details: { case: report.case, pins: rounds.at(-1)?.backups.map(({ prefix }) => ({ prefix })) },
  })
  expect(question?.options.map(({ id }) => id)).toEqual(asks)
}

function isHarmless({ steps }: Round): boolean {
  return steps.every(
    ({ kind, state }) => HARMLESS.includes(kind) || (kind === 'move_tree' && state === 'failed'),
  )
}

function wasPushed(rounds: readonly Round[]): boolean {
  return rounds.some(({ steps }) => steps.some(({ kind }) => kind === 'push_branch'))
}

/** The commit that was checked out is under HEAD still, or under a pin. */
async function expectNothingLost({ stage, before, ending }: Played): Promise<void> {
  if (before.head === null) return
  const pinned = ending.rounds.flatMap(({ backups }) => backups.map(({ head }) => head as string))
  const isStill = (await headCommitOf(stage.tree).catch(() => '')) === before.head
  if (isStill || pinned.includes(before.head)) return
  const args = ['merge-base', '--is-ancestor', before.head, 'HEAD']
  expect((await tryGit({ cwd: stage.tree, args })).exitCode).toBe(0)
}

/** Whoever reads the worktree next finds it whole: on its branch, where the sync says, with nothing half done. */
async function expectUsable({ stage, ending }: Played): Promise<void> {
  const { tree, branch } = stage
  const args = ['-c', 'filter.lfs.required=false', 'status', '--porcelain=v2', '--branch']
  const status = (await git(tree, ...args)).split('\n')
  expect(status).toContain(`# branch.head ${branch}`)
  expect(status).toContain(`# branch.oid ${ending.report.operation.after}`)
  expect(status.filter((line) => line.startsWith('u '))).toEqual([])
}
