// The question whether an agent may go on answering news by itself.

import { describe, expect, it } from 'vitest'
import { decisionContext, DECISIONS } from '../../../src/domain/decision/decision.ts'
import { resolveAnswer } from '../../../src/domain/decision/answer.ts'
import { renderCheckRun } from '../../../src/domain/text/check-run.ts'
import { renderQuestion } from '../../../src/domain/text/question-comment.ts'
import { renderReply } from '../../../src/domain/text/replies.ts'
import { renderStatus } from '../../../src/domain/text/status-comment.ts'
import { budgetDecision, NOON, statusFacts } from './samples.ts'
import { dangersOf } from './structure.ts'

const CONTEXT = { asks: 'alice', needs: 'write', rescues: [], replaces: [] } as const

describe('the question about used-up rounds', () => {
  it('says what waits, what each answer does, and what happens without one', () => {
    expect(renderQuestion(budgetDecision(), CONTEXT)).toMatchInlineSnapshot(`
      "@alice: a decision is needed: news waits for the agent of session \`rocket-1\`. This is question \`k3m9qx\`.

      ### The agent answered news as often as it may

      The agent was told of checks, reviews or conflicts 3 times since a person last did something here. That is as often as \`nudges.rounds\` allows. News waits, and Belay stops here so that an agent and a check can not go round for ever. Nothing is lost: what waits is kept until you answer.

      |  |  |
      | --- | --- |
      | Branch | \`feature\` at \`3333333\` |
      | Rounds allowed | 3 |
      | News that waits | failing checks and 2 reviews or threads |

      ### Your choices

      **Let the agent answer again.** The agent is told everything that waits, and the rounds count anew.

      \`\`\`text
      /continue k3m9qx
      \`\`\`

      **Leave it to people.** The agent is not told what waits. The session stays, and the agent hears of what comes later.

      \`\`\`text
      /abort k3m9qx
      \`\`\`

      Copy one line into a comment. The buttons of the check \`Belay\` do the same. The first valid answer from somebody with the role \`write\` or higher counts; an edited comment does not.

      If nobody answers, nothing happens: Belay waits and tells the agent nothing. If a person pushes to \`feature\` first, this question is withdrawn, and the rounds count anew. If nothing waits any more, it is withdrawn as well."
    `)
  })

  it('says so when no round was allowed at all', () => {
    const decision = budgetDecision({ rounds: 0, waiting: { checks: 0, reviews: 1, conflicts: 1 } })
    const body = renderQuestion(decision, CONTEXT)
    expect(body).toContain('`nudges.rounds` is 0')
    expect(body).toContain('1 review or thread and conflicts with the base')
    expect(body).toContain('this question is asked anew for the new commit')
  })

  it('shows the answer once there is one', () => {
    const decision = budgetDecision(
      {},
      { status: 'resolved', answer: 'abort', answeredBy: 'bob', answeredVia: 'command', answeredAt: NOON },
    )
    const body = renderQuestion(decision, CONTEXT)
    expect(body).toContain('`bob` chose `abort` with a comment')
    expect(body).toContain('**Leave it to people.** The agent is not told what waits.')
    expect(body).not.toContain('/belay continue')
  })

  it('writes nothing that would notify, command or refer to anything but the person it asks', () => {
    const decision = budgetDecision()
    const commands = decision.options.map(({ id }) => `/belay ${id} ${decision.id}`)
    for (const body of [
      renderQuestion(decision, CONTEXT),
      renderStatus(statusFacts({ openDecision: decision })),
      renderReply({ kind: 'several_open', optionId: 'continue', questions: [decision, decision] }),
    ])
      expect(dangersOf(body).filter((danger) => danger !== '@alice' && !commands.includes(danger))).toEqual(
        [],
      )
  })

  it('is on the check run with a button for each answer', () => {
    const { title, summary, buttons, externalId } = renderCheckRun(
      statusFacts({ openDecision: budgetDecision() }),
    )
    expect(title).toBe('Question k3m9qx: an answer is needed')
    expect(externalId).toBe('k3m9qx')
    expect(summary).toContain('News that waits')
    expect(buttons).toEqual([
      { label: 'Answer again', description: 'Let the agent answer again', identifier: 'continue' },
      { label: 'Leave it to people', description: 'Leave it to people', identifier: 'abort' },
    ])
  })

  it('is one question for the pull request, answered by id or label', () => {
    expect(decisionContext('nudge_budget', { phase: 'respond', prNumber: 7 })).toBe('nudge_budget:7')
    const decision = budgetDecision()
    for (const option of DECISIONS.nudge_budget.options)
      for (const answer of [option.id, option.label])
        expect(resolveAnswer(decision, answer)).toEqual({ kind: 'valid', option })
    expect(resolveAnswer(decision, 'rescue').kind).toBe('not_an_option')
  })

  it('survives being stored', () => {
    const decision = budgetDecision()
    expect(renderQuestion(JSON.parse(JSON.stringify(decision)), CONTEXT)).toBe(
      renderQuestion(decision, CONTEXT),
    )
  })
})
