// Makes an act happen, and says when an act is possible at all. What people say and GitHub tells is in other files.

import { assertNever } from '../../../src/domain/assert-never.ts'
import type { ObservedCheck } from '../../../src/domain/mirror/observation.ts'
import { pipelineRequests } from '../../../src/workflows/submit-request.ts'
import type { Act } from './act.ts'
import { ask, end, isProducer, verdict, work } from './agents.ts'
import { giveAnswer } from './give-answer.ts'
import { noFaults } from './faults.ts'
import { push } from './push.ts'
import type { Stage } from './stage.ts'
import { newestPipeline, type View } from './view.ts'

type ActOf<K extends Act['do']> = Extract<Act, { readonly do: K }>

/** Tells whether there is anything for the act to happen to. */
export function isPossible(act: Act, view: View): boolean {
  const worker = view.live.find(isProducer)
  switch (act.do) {
    case 'work':
    case 'ask':
      return worker !== undefined
    case 'end':
      return view.live.length > 0
    case 'verdict':
      return view.live.some((one) => !isProducer(one))
    case 'answer':
    case 'cancel':
      return act.which === 'open' ? view.open !== null : view.decisions.length > 0
    case 'retry':
    case 'populate':
    case 'sync':
    case 'stop':
      return view.session !== null
    case 'trouble':
      return view.session !== null && worker === undefined
    case 'repeat_report':
      return view.attempts.length > 0
    default:
      return true
  }
}

/** Makes it happen; the program has settled then. */
export async function perform(stage: Stage, act: Act): Promise<void> {
  const { bench } = stage
  bench.clock.advance(1_000)
  switch (act.do) {
    case 'run':
      return stage.say(act.by, '/belay run')
    case 'work':
      return work(stage, act)
    case 'end':
      return end(stage, act)
    case 'verdict':
      return verdict(stage, act)
    case 'ask':
      return ask(stage, act)
    case 'push':
      return push(stage, act)
    case 'answer':
      return giveAnswer(stage, act)
    case 'retry':
      return retry(stage, act)
    case 'populate':
      return populate(stage, act)
    case 'cancel':
      return cancel(stage, act)
    case 'sync':
      return stage.say('alice', '/belay sync')
    case 'stop':
      return stage.say(act.by, '/belay stop')
    default:
      return performOutside(stage, act)
  }
}

async function performOutside(
  stage: Stage,
  act: Exclude<
    Act,
    {
      readonly do:
        | 'run'
        | 'work'
        | 'end'
        | 'verdict'
        | 'ask'
        | 'push'
        | 'answer'
        | 'retry'
        | 'populate'
        | 'cancel'
        | 'sync'
        | 'stop'
    }
  >,
): Promise<void> {
  const { bench } = stage
  switch (act.do) {
    case 'pull_request':
      return changePullRequest(stage, act)
    case 'merge_queue':
      bench.host.isInMergeQueue = act.isIn
      return touched(stage)
    case 'checks':
      bench.host.checks = [check(stage, act.are === 'red' ? 'failure' : 'success')]
      return touched(stage)
    case 'wait':
      return bench.wait(act.ms)
    case 'rest':
      return bench.rest()
    case 'crash':
      return bench.dieAt(act.death)
    case 'kill':
      await bench.kill()
      return bench.settle()
    case 'fault':
      bench.machine.faults = { ...bench.machine.faults, ...act.set }
      return
    case 'quick':
      bench.machine.quickExit = act.exit
      return
    case 'well':
      bench.machine.faults = noFaults()
      bench.machine.quickExit = null
      bench.runner.finishPreparing()
      return bench.settle()
    case 'trouble':
      if (stage.view.session !== null) trouble(stage, act, stage.view.session.id)
      return
    case 'late_news':
      return bench.deliver(...stage.late.splice(0).toReversed())
    case 'repeat_report':
      return repeatReport(stage, act)
    default:
      return assertNever(act)
  }
}

async function retry(stage: Stage, { via, phase }: ActOf<'retry'>): Promise<void> {
  const pipeline = newestPipeline(stage.view)
  if (via === 'command' || pipeline === null) return stage.say('alice', '/belay retry')
  const phases = stage.view.phases.filter(({ pipelineId }) => pipelineId === pipeline.id)
  const name = phase === null ? null : (phases[phase % phases.length]?.name ?? null)
  await request(stage, { phase: name, pipelineId: pipeline.id }, 'restart')
}

async function populate(stage: Stage, { via }: ActOf<'populate'>): Promise<void> {
  const pipeline = newestPipeline(stage.view)
  if (via === 'command' || pipeline === null) return stage.say('alice', '/belay populate')
  await request(stage, { phase: null, pipelineId: pipeline.id }, 'populate')
}

async function cancel(stage: Stage, { which }: ActOf<'cancel'>): Promise<void> {
  const { open, decisions } = stage.view
  const decision = which === 'open' ? open : decisions.at(-1 - (which % decisions.length))
  if (decision === null || decision === undefined) return
  const { pipelineId, id: decisionId } = decision
  await stage.bench.attempt((deps) =>
    requests(stage, deps).cancelDecision({ pipelineId, decisionId, actor: 'operator', via: 'rest' }),
  )
  await stage.bench.settle()
}

async function request(
  stage: Stage,
  order: { readonly pipelineId: string; readonly phase: string | null },
  what: 'restart' | 'populate',
): Promise<void> {
  await stage.bench.attempt((deps) =>
    requests(stage, deps)[what]({ ...order, actor: 'operator', via: 'rest' }),
  )
  await stage.bench.settle()
}

function requests(stage: Stage, deps: Parameters<typeof pipelineRequests>[0]) {
  return pipelineRequests(deps, async (condition) => {
    await stage.bench.settle()
    return condition()
  })
}

async function changePullRequest(stage: Stage, { to, delivery }: ActOf<'pull_request'>): Promise<void> {
  const { host, clock } = stage.bench
  if (to === 'other_base') host.baseRef = host.baseRef === 'main' ? 'next' : 'main'
  else host.state = to
  host.updatedAt = clock.now()
  await stage.deliver(delivery, {
    kind: 'pull_request_changed',
    repository: host.repository,
    action: to,
    pullRequest: host.pullRequest,
    sender: { login: 'alice', isBot: false },
  })
}

function touched(stage: Stage): Promise<void> {
  const { host } = stage.bench
  return stage.bench.deliver({
    kind: 'pull_request_touched',
    repository: host.repository,
    number: host.number,
  })
}

function check(stage: Stage, conclusion: 'failure' | 'success'): ObservedCheck {
  const number = stage.next()
  return {
    id: `CR_${number}`,
    source: 'check_run',
    name: 'build',
    appId: 2,
    appSlug: 'ci',
    databaseId: number,
    status: 'completed',
    conclusion,
    summary: `Run ${number}`,
    url: null,
    startedAt: stage.bench.clock.now(),
    completedAt: stage.bench.clock.now(),
  }
}

function trouble({ bench }: Stage, { is }: ActOf<'trouble'>, sessionId: string): void {
  const tree = bench.machine.trees.get(sessionId)
  if (tree !== undefined) tree.trouble = is
}

/** The same end told once more, and as another exit: whatever came first counts. */
async function repeatReport({ bench, view }: Stage, { at }: ActOf<'repeat_report'>): Promise<void> {
  const attempt = view.attempts[at % view.attempts.length]
  if (attempt === undefined || bench.machine.processes.has(attempt.id)) return
  const { sessionId, id: attemptId, runEpoch } = attempt
  const exit = { kind: 'exited', code: 0 } as const
  bench.runner.report({ kind: 'attempt_ended', sessionId, attemptId, runEpoch, exit, verdict: null })
  await bench.settle()
}
