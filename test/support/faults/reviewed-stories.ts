// Stories of pipelines whose work is reviewed before it is pushed. Asserts nothing.

import { eventually } from '../eventually.ts'
import type { PipelineStory } from './pipeline-story.ts'
import { letEnd, ONE_PHASE, run, runToEnd, says } from './story-parts.ts'

const REVIEWED = `${ONE_PHASE}    reviewers: [strict, kind]\n`

export const REVIEWED_STORIES: readonly PipelineStory[] = [
  {
    name: 'consensus after a refusal',
    config: REVIEWED,
    agents: {
      worker: `if [ -f first.txt ]; then commit second.txt "$BELAY_ATTEMPT"; else commit first.txt one; gate; fi`,
      strict: `if [ -f second.txt ]; then ack; else nack 'There is no second one.'; fi`,
      kind: 'ack',
    },
    stand: runToEnd,
    deeds: [],
    isReviewed: true,
    end: {
      status: 'complete',
      questions: [],
      told: [
        'consensus.proposed',
        'consensus.refused',
        'consensus.proposed',
        'consensus.accepted',
        'phase.completed',
        'pipeline.completed',
      ],
      proposals: ['refused', 'accepted'],
      files: { 'first.txt': /^one/u, 'second.txt': /^at_/u },
    },
  },
  {
    name: 'consensus that stalls, and accept',
    config: REVIEWED,
    agents: {
      worker: 'echo more >>work.txt; git add work.txt; git commit --quiet -m Work',
      strict: '[ "$(wc -l <work.txt)" -lt 3 ] || gate; nack Never.',
      kind: 'ack',
    },
    async stand(ground) {
      const { bench, pr } = ground
      await run(ground)
      await eventually(
        async () => {
          await bench.settle()
          const { id: sessionId } = await bench.session(pr)
          return (await bench.store.list('proposals', { sessionId })).length === 3
        },
        { what: 'the third round', deadlineMs: 30_000, explain: () => bench.log.troubles() },
      )
      await letEnd(ground)
    },
    deeds: [says('/belay answer accept')],
    isReviewed: true,
    end: {
      status: 'complete',
      questions: [{ kind: 'consensus_stalled', status: 'resolved', answer: 'accept' }],
      told: [
        'consensus.refused',
        'decision.created',
        'decision.resolved',
        'phase.completed',
        'pipeline.completed',
      ],
      proposals: ['refused', 'refused', 'refused', 'overruled'],
      files: { 'work.txt': /^more\nmore\nmore\n?$/u },
    },
  },
]
