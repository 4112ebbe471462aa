// What agents do while they work, and how they end.

import type { Act, VerdictKind, WorkKind } from './act.ts'
import type { SimProcess } from './machine.ts'
import { PLAN_PATH } from './setup.ts'
import type { Stage } from './stage.ts'

type ActOf<K extends Act['do']> = Extract<Act, { readonly do: K }>

/** Tells whether a process makes the work, and does not review it. */
export function isProducer({ order }: SimProcess): boolean {
  return order.role === 'producer'
}

function worker({ view }: Stage): SimProcess {
  const found = view.live.find(isProducer)
  if (found === undefined) throw new Error('No agent works')
  return found
}

const PLAN = '- [ ] one: Tie the knot\n- [ ] two: Test the knot\n'
const OTHER_PLAN = '- [ ] three: Untie the knot\n'
const FAULTY_PLAN = '```yaml tasks\n- id: one\n  title: One\n- id: one\n  title: Two\n```\n'

/** Leaves something in the worktree; in one that is not whole an agent does nothing. */
export async function work(stage: Stage, { what }: ActOf<'work'>): Promise<void> {
  const { machine } = stage.bench
  const tree = machine.tree(worker(stage).order.workspace.sessionId)
  const text = `by the agent ${stage.next()}`
  const commit = (path: string, value: string): unknown => tree.commit({ [path]: value }, 'agent')
  const acts: Readonly<Record<WorkKind, () => unknown>> = {
    own_commit: () => commit(`own-${stage.next()}`, text),
    shared_commit: () => commit('shared', text),
    dirty: () => (tree.edits = { ...tree.edits, 'left-over': text }),
    dirty_shared: () => (tree.edits = { ...tree.edits, shared: text }),
    plan: () => commit(PLAN_PATH, PLAN),
    other_plan: () => commit(PLAN_PATH, OTHER_PLAN),
    empty_plan: () => commit(PLAN_PATH, 'There is nothing to do.\n'),
    faulty_plan: () => commit(PLAN_PATH, FAULTY_PLAN),
    no_plan: () => undefined,
  }
  if (tree.files === tree.branch) acts[what]()
  await stage.bench.settle()
}

/** Ends a process of the session. */
export async function end({ bench, view }: Stage, { exit, at }: ActOf<'end'>): Promise<void> {
  const one = view.live[at % view.live.length]
  if (one !== undefined) bench.runner.end(one.order.attemptId, { exit, verdict: null })
  await bench.settle()
}

const VERDICTS: Readonly<Record<VerdictKind, string | null>> = {
  ack: '{"verdict":"ack"}',
  nack: '{"verdict":"nack","reasons":["It is not tied."]}',
  garbage: 'It looks good to me.',
  nothing: null,
}

/** Ends a reviewer with what it says. */
export async function verdict({ bench, view }: Stage, act: ActOf<'verdict'>): Promise<void> {
  const reviewers = view.live.filter((one) => !isProducer(one))
  const one = reviewers[act.at % reviewers.length]
  const exit = { kind: 'exited', code: 0 } as const
  if (one !== undefined) bench.runner.end(one.order.attemptId, { exit, verdict: VERDICTS[act.verdict] })
  await bench.settle()
}

/** Asks a person through the door. */
export async function ask(stage: Stage, { choices }: ActOf<'ask'>): Promise<void> {
  const { attemptId, runEpoch, workspace } = worker(stage).order
  const number = stage.next()
  const labels = ['Left', 'Right', 'Straight on'].slice(0, choices)
  stage.bench.runner.report({
    kind: 'door_request',
    sessionId: workspace.sessionId,
    attemptId,
    runEpoch,
    requestId: `ask-${number}`,
    request: { verb: 'ask', text: { id: `ask-${number}`, body: `Which way ${number}?` }, choices: labels },
  })
  await stage.bench.settle()
}
