// An answer to a question by whichever client, and what the one who gave it must be told when it came by REST.

import type { Decision } from '../../../src/domain/records.ts'
import type { AnswerReply } from '../../../src/ports/answers.ts'
import { submitAnswer } from '../../../src/workflows/submit-answer.ts'
import type { Act } from './act.ts'
import type { Stage } from './stage.ts'

type Answer = Extract<Act, { readonly do: 'answer' }>

/** Gives it. */
export async function giveAnswer(stage: Stage, act: Answer): Promise<void> {
  const { open, decisions } = stage.view
  const decision = act.which === 'open' ? open : decisions.at(-1 - (act.which % decisions.length))
  if (decision === null || decision === undefined) return
  const option = act.option === 'wrong' ? null : decision.options[act.option % decision.options.length]
  const id = option?.id ?? 'whatever'
  const label = option?.label ?? 'Whatever you like'
  const { delivery, by } = act
  const how = { delivery, isEdited: act.isEdited ?? false }
  switch (act.via) {
    case 'command':
      return stage.say(by, `/belay answer ${id} ${decision.id}`, how)
    case 'short':
      return stage.say(by, isShort(id) ? `/belay ${id} ${decision.id}` : `/belay answer ${id}`, how)
    case 'bare':
      return stage.say(by, id === 'abort' ? '/abort' : '/continue', how)
    case 'button':
      return press(stage, act, { decision, optionId: id })
    case 'label':
      return submit(stage, { decision, answer: label, via: 'rest' })
    case 'envelope':
      return submit(stage, { decision, answer: { action: 'select', selected: id }, via: 'rest' })
    case 'rest':
    case 'cli':
      return submit(stage, { decision, answer: id, via: act.via })
  }
}

function isShort(id: string): boolean {
  return ['continue', 'abort', 'populate', 'retry'].includes(id)
}

function press(
  stage: Stage,
  { by, delivery }: Answer,
  { decision, optionId }: { readonly decision: Decision; readonly optionId: string },
): Promise<void> {
  const { repository } = stage.bench.host
  return stage.deliver(delivery, {
    kind: 'button_pressed',
    repository,
    checkRunId: 1,
    externalId: decision.id,
    optionId,
    headSha: decision.headSha,
    sender: { login: by, isBot: false },
  })
}

interface Submitted {
  readonly decision: Decision
  readonly answer: unknown
  readonly via: 'rest' | 'cli'
}

async function submit(stage: Stage, { decision, answer, via }: Submitted): Promise<void> {
  const { bench } = stage
  const { pipelineId, id: decisionId } = decision
  let reply: AnswerReply | null = null
  await bench.attempt(async (deps) => {
    reply = await submitAnswer(
      deps,
      { pipelineId, decisionId, answer, actor: 'operator', via },
      async (condition) => {
        await bench.settle()
        return condition()
      },
    )
  })
  await bench.settle()
  if (reply !== null) stage.breaches.push(...(await unfitReply(stage, { decision, answer, reply })))
}

/** What was said must be what stands there. */
async function unfitReply(
  { bench }: Stage,
  {
    decision,
    answer,
    reply,
  }: { readonly decision: Decision; readonly answer: unknown; readonly reply: AnswerReply },
): Promise<readonly string[]> {
  const { projectId, id } = decision
  const now = await bench.deps.store.find('decisions', { projectId, id })
  const isOption = decision.options.some(({ id: known, label }) => [known, label].includes(textOf(answer)))
  const expected = expectedReply(decision, isOption, now)
  if (reply.kind === 'queued' || expected.includes(reply.kind)) return []
  return [
    `${JSON.stringify(answer)} to ${decision.kind} ${id}, ${decision.status} before and ${now?.status ?? 'gone'} now, was told ${JSON.stringify(reply)}`,
  ]
}

function textOf(answer: unknown): string {
  if (typeof answer === 'string') return answer
  return typeof answer === 'object' && answer !== null && 'selected' in answer ? String(answer.selected) : ''
}

function expectedReply(
  before: Decision,
  isOption: boolean,
  now: Decision | null,
): readonly AnswerReply['kind'][] {
  if (before.status === 'resolved') return ['already_resolved']
  if (before.status !== 'pending') return ['superseded']
  if (!isOption) return ['not_an_option']
  if (now?.status === 'resolved') return ['accepted']
  return now?.status === 'pending' ? ['accepted'] : ['superseded']
}
