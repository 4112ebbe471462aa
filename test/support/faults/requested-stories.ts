// Stories of pipelines that somebody asks something of through the REST interface, or that nobody answers. Asserts nothing.

import { attendDecisions } from '../../../src/workflows/attend-decision.ts'
import { commitInTree } from '../workbench/by-hand.ts'
import { requestsOf } from '../workbench/scenes.ts'
import type { PipelineStory } from './pipeline-story.ts'
import {
  answers,
  conflict,
  DONE,
  FAILED,
  FAILS,
  ONE_PHASE,
  PLAN,
  REST,
  run,
  runToEnd,
  TIES,
  TWO_PHASES,
} from './story-parts.ts'

const HOUR_MS = 60 * 60_000

export const REQUESTED_STORIES: readonly PipelineStory[] = [
  {
    name: 'populate by REST that resets',
    config: TWO_PHASES,
    agents: {
      worker: 'if [ "$BELAY_PHASE" = plan ]; then commit .belay/plan.md "- [ ] **a**: One"; fi',
    },
    async stand(ground) {
      const { bench, branch, pr } = ground
      await run(ground)
      for (let phase = 1; phase <= 2; phase += 1) await bench.finishAttempts()
      await commitInTree(bench, (await bench.session(pr)).id, { '.belay/plan.md': 'Mine.\n' })
      // Untold: the request itself is to find it.
      bench.github.faults.drop({ times: 1000 })
      await bench.repo.push({ by: 'alice', branch, files: { '.belay/plan.md': PLAN }, message: 'Theirs' })
      bench.github.faults.clear()
    },
    deeds: [
      {
        name: 'populate by REST',
        outlives: false,
        isTime: ({ decisions }) => decisions.length === 0,
        wasTaken: ({ decisions }) => decisions.length > 0,
        act: ({ bench }, { pipeline }) => requestsOf(bench).populate({ pipelineId: pipeline.id, ...REST }),
      },
      answers('continue'),
    ],
    end: {
      status: 'complete',
      questions: [{ kind: 'hard_reset_recovery', status: 'resolved', answer: 'continue' }],
      told: ['decision.created', 'decision.resolved', 'contract.populated'],
      files: { '.belay/plan.md': /Tie a knot/u },
    },
  },
  {
    name: 'abort and restart by REST',
    config: ONE_PHASE,
    agents: { worker: TIES },
    stand: conflict,
    deeds: [
      answers('abort'),
      {
        name: 'restart by REST',
        outlives: false,
        isTime: ({ pipeline }) => pipeline.status === 'cancelled',
        wasTaken: ({ pipeline, decisions }) => decisions.length > 0 && pipeline.status !== 'cancelled',
        act: ({ bench }, { pipeline }) =>
          requestsOf(bench).restart({ pipelineId: pipeline.id, phase: null, ...REST }),
      },
    ],
    end: {
      status: 'complete',
      questions: [{ kind: 'hard_reset_recovery', status: 'resolved', answer: 'abort' }],
      told: [...FAILED, 'decision.resolved', 'pipeline.cancelled', 'pipeline.started', ...DONE],
      files: { 'after.txt': /^at_/u },
    },
  },
  {
    name: 'a question that expires',
    config: `agent: worker\nphases:\n  - name: implement\n    restarts: 0\ndecisions:\n  remind: never\n  expire: 2h\n`,
    agents: { worker: FAILS },
    stand: runToEnd,
    deeds: [
      {
        name: 'three hours',
        outlives: false,
        isTime: ({ open }) => open !== null,
        wasTaken: ({ open, decisions }) => decisions.length > 0 && open === null,
        async act({ bench }) {
          bench.clock.advance(3 * HOUR_MS)
          await attendDecisions(bench.deps)
        },
      },
    ],
    end: {
      status: 'cancelled',
      questions: [{ kind: 'agent_failed', status: 'expired', answer: null }],
      told: [...FAILED, 'decision.expired', 'pipeline.cancelled'],
    },
  },
  {
    name: 'a question that the operator withdraws',
    config: ONE_PHASE,
    agents: { worker: TIES },
    stand: conflict,
    deeds: [
      {
        name: 'cancel by REST',
        outlives: false,
        isTime: ({ open }) => open !== null,
        wasTaken: ({ open, decisions }) => decisions.length > 0 && open === null,
        act: ({ bench }, { pipeline, open }) =>
          requestsOf(bench).cancelDecision({ pipelineId: pipeline.id, decisionId: open?.id ?? '', ...REST }),
      },
    ],
    end: {
      status: 'cancelled',
      questions: [{ kind: 'hard_reset_recovery', status: 'cancelled', answer: null }],
      told: [...FAILED, 'decision.cancelled', 'pipeline.cancelled'],
      files: { 'after.txt': null },
    },
  },
]
