// Sessions whose question is open, one of each sort: about a sync, a reviewer that failed, an agent that asks, news without
// a round left, and one that was answered and whose answer nobody acted on yet.

import { update } from '../../../src/domain/changes.ts'
import type { Decision } from '../../../src/domain/records.ts'
import type { Act } from '../agents/story.ts'
import type { FakePullRequest } from '../fake-github/index.ts'
import type { GuardedScene } from './every-job.ts'
import { configure, letRest, playAttempt, playUntilBlocked } from './scenes.ts'
import type { Workbench } from './workbench.ts'

const PLAIN = 'agent: climber\nphases:\n  - name: implement\n    restarts: 0\nnudges: { rounds: 1 }\n'
const REVIEWED =
  'agent: climber\nphases:\n  - name: implement\n    restarts: 0\n    reviewers: [critic, second]\n'
const SETTLED_MS = 120_000

const CHANGE = (no: number): readonly Act[] => [
  { do: 'write', path: `change-${no}.txt`, text: `${no}\n` },
  { do: 'commit', paths: [`change-${no}.txt`], message: `Change ${no}` },
]

/** How a question of one sort comes to be open, and the option that lets the agent work again. */
export interface GuardedSort {
  readonly sort: string
  readonly play: (bench: Workbench, branch: string) => Promise<GuardedScene>
  readonly wayOn: string
}

export const GUARDED_SORTS: readonly GuardedSort[] = [
  { sort: 'about a sync', wayOn: 'reset', play: playSync },
  { sort: 'about a reviewer that failed', wayOn: 'retry', play: playFailedReviewer },
  { sort: 'of an agent', wayOn: 'a', play: playQuestion },
  { sort: 'about news', wayOn: 'continue', play: playUsedUp },
  { sort: 'that is answered and not acted on', wayOn: 'retry', play: playUnacted },
]

async function playSync(bench: Workbench, branch: string): Promise<GuardedScene> {
  await configure(bench, PLAIN)
  const { pr } = await playUntilBlocked(bench, branch)
  return guarded(bench, pr, 'sync_blocked')
}

async function playFailedReviewer(bench: Workbench, branch: string): Promise<GuardedScene> {
  await configure(bench, REVIEWED)
  const pr = await bench.openPullRequest(branch)
  const { number } = pr
  await bench.story.script(number, [CHANGE(1)])
  await bench.story.scriptReviewer({ pr: number, reviewer: 'critic' }, [[{ do: 'exit', code: 3 }]])
  const ack: Act = { do: 'verdict', verdict: 'ack', reasons: [] }
  await bench.story.scriptReviewer({ pr: number, reviewer: 'second' }, [[ack]])
  await bench.say(pr, 'alice', '/belay run')
  await bench.finishAttempts()
  await bench.finishAttempts()
  return guarded(bench, pr, 'agent_failed')
}

async function playQuestion(bench: Workbench, branch: string): Promise<GuardedScene> {
  await configure(bench, PLAIN)
  const ask: Act = {
    do: 'door',
    args: ['ask', '-m', 'Which knot?', '--option', 'Bowline', '--option', 'Reef'],
  }
  const { pr } = await playAttempt(bench, branch, [[ask]])
  return guarded(bench, pr, 'agent_question')
}

async function playUsedUp(bench: Workbench, branch: string): Promise<GuardedScene> {
  await configure(bench, PLAIN)
  const { pr } = await playAttempt(bench, branch, [[], CHANGE(1), CHANGE(2)])
  for (let heads = 0; heads < 2; heads += 1) {
    failCheck(bench, pr)
    for (let times = 0; times < 2; times += 1) {
      await letRest(bench, SETTLED_MS)
      await bench.finishAttempts()
    }
  }
  return guarded(bench, pr, 'nudge_budget')
}

/** As between the answer and its effect; the job that acts is enqueued by whoever plays on, so that it waits till then. */
async function playUnacted(bench: Workbench, branch: string): Promise<GuardedScene> {
  await configure(bench, PLAIN)
  const { pr } = await playAttempt(bench, branch, [[{ do: 'exit', code: 3 }]])
  const { decision } = await guarded(bench, pr, 'agent_failed')
  const { projectId, id } = decision
  const set = { status: 'resolved', answer: 'retry', answeredBy: 'alice', answeredVia: 'command' } as const
  const answeredAt = bench.clock.now()
  await bench.store.commit(
    [update('decisions', { where: { projectId, id }, set: { ...set, answeredAt } })],
    null,
  )
  return guarded(bench, pr, 'agent_failed')
}

/** Reports a check that failed on the head of a pull request. */
export function failCheck(bench: Workbench, { headSha }: FakePullRequest): void {
  const run = { app: 'github-actions', name: 'test', status: 'completed', conclusion: 'failure' } as const
  bench.repo.reportCheck({ ...run, headSha })
}

async function guarded(bench: Workbench, pr: FakePullRequest, kind: Decision['kind']): Promise<GuardedScene> {
  const decision = (await bench.decisions(pr)).at(-1)
  if (decision?.kind !== kind || decision.actedAt !== null)
    throw new Error(`Not so: #${pr.number} has an open ${kind}.\n${bench.log.troubles()}`)
  return { pr, session: await bench.session(pr), decision }
}
