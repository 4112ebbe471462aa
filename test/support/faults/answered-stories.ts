// Stories of pipelines that a question holds up and an answer lets go on or ends. Asserts nothing.

import type { PipelineStory, Place } from './pipeline-story.ts'
import {
  answers,
  conflict,
  DONE,
  FAILED,
  FAILS,
  letEnd,
  ONE_PHASE,
  PLAN,
  run,
  runToEnd,
  says,
  TIES,
  TWO_PHASES,
} from './story-parts.ts'

async function correctPlan({ bench, branch }: Place): Promise<void> {
  await bench.repo.push({ by: 'alice', branch, files: { '.belay/plan.md': PLAN }, message: 'Tasks' })
  await bench.settle()
}

export const ANSWERED_STORIES: readonly PipelineStory[] = [
  {
    name: 'reset and continue',
    config: ONE_PHASE,
    agents: { worker: TIES },
    stand: conflict,
    deeds: [says('/continue')],
    end: {
      status: 'complete',
      questions: [{ kind: 'hard_reset_recovery', status: 'resolved', answer: 'continue' }],
      told: [...FAILED, 'decision.resolved', ...DONE],
      files: { 'after.txt': /^at_/u, 'knot.txt': /^tied by alice/u },
    },
  },
  {
    name: 'reset and abort',
    config: ONE_PHASE,
    agents: { worker: TIES },
    stand: conflict,
    deeds: [says('/abort')],
    end: {
      status: 'cancelled',
      questions: [{ kind: 'hard_reset_recovery', status: 'resolved', answer: 'abort' }],
      told: [...FAILED, 'decision.resolved', 'pipeline.cancelled'],
      files: { 'after.txt': null, 'knot.txt': /^tied by alice/u },
    },
  },
  {
    name: 'a plan without tasks and populate',
    config: TWO_PHASES,
    agents: {
      worker: `if [ "$BELAY_PHASE" = plan ]; then commit .belay/plan.md Later.; gate; else commit made.txt "$BELAY_ATTEMPT"; fi`,
    },
    stand: runToEnd,
    deeds: [says('/belay populate', correctPlan)],
    end: {
      status: 'complete',
      // The push that corrects the plan moves the branch that was asked about.
      questions: [
        { kind: 'empty_contract', status: 'cancelled', answer: null },
        { kind: 'empty_contract', status: 'resolved', answer: 'populate' },
      ],
      told: [
        ...FAILED,
        'decision.cancelled',
        'decision.created',
        'decision.resolved',
        'contract.populated',
        'phase.completed',
        ...DONE,
      ],
      files: { 'made.txt': /^at_/u, '.belay/plan.md': /Tie a knot/u },
    },
  },
  {
    name: 'an agent that fails, and retry',
    config: 'agent: worker\nphases:\n  - name: implement\n    restarts: 3\n',
    agents: { worker: FAILS },
    async stand(ground) {
      await ground.agents.letGo(ground.pr.number)
      await run(ground)
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        await ground.bench.finishAttempts()
        ground.bench.clock.advance(60_000)
        await ground.bench.work()
      }
      await letEnd(ground)
    },
    deeds: [
      says('/belay retry', ({ agents, pr }) =>
        agents.script(pr.number, { worker: 'commit done.txt "$BELAY_ATTEMPT"' }),
      ),
    ],
    end: {
      status: 'complete',
      questions: [{ kind: 'agent_failed', status: 'resolved', answer: 'retry' }],
      told: [...FAILED, 'decision.resolved', ...DONE],
      files: { 'done.txt': /^at_/u, 'half.txt': /^half/u },
    },
  },
  {
    name: 'an agent that asks, and its answer',
    config: ONE_PHASE,
    agents: {
      worker: `if told 'Figure eight'; then commit tied.txt "$BELAY_ATTEMPT"; else
        commit before.txt "$BELAY_ATTEMPT"
        belay-agent ask -m 'Which knot?' --option Bowline --option 'Figure eight'; gate; fi`,
    },
    stand: runToEnd,
    deeds: [answers('b')],
    end: {
      status: 'complete',
      questions: [{ kind: 'agent_question', status: 'resolved', answer: 'b' }],
      told: ['decision.created', 'decision.resolved', ...DONE],
      files: { 'before.txt': /^at_/u, 'tied.txt': /^at_/u },
    },
  },
]
