// Writes docs/decisions.md: every question Belay can ask, after which cases, and what each answer does.

import type { decisionContext, OptionFacts, optionsFor } from '../../src/domain/decision/decision.ts'
import type { DecisionKind, SyncDecisionKind } from '../../src/domain/decision/kind.ts'
import type { DecisionOption } from '../../src/domain/decision/option.ts'
import type { SyncCase, SyncCaseSpec } from '../../src/domain/sync/case.ts'
import { code, generatedNotice, markdownTable } from './markdown-table.ts'

interface Question {
  readonly title: string
  readonly statusWhileOpen: string | null
  readonly options: readonly DecisionOption[]
  readonly optionsOnceEnded: readonly DecisionOption[]
  readonly resumes: string
  readonly onPush: string
}

/** The tables and the functions over them that the document is made from. */
export interface DecisionsSource {
  readonly decisions: Readonly<Record<DecisionKind, Question>>
  readonly cases: Readonly<Record<SyncCase, SyncCaseSpec>>
  readonly contextOf: typeof decisionContext
  readonly optionsFor: typeof optionsFor
}

/** Returns the document for a decision table. */
export function decisionsDocument(source: DecisionsSource): string {
  const kinds = Object.keys(source.decisions) as DecisionKind[]
  return [
    generatedNotice('src/domain/decision/decision.ts'),
    '# Decisions',
    'When something happens that a person should decide, Belay stops, asks on the pull request, and does what the answer says. While a question is open no agent starts and no step is taken in that worktree. These are all the questions there are.',
    'An answer can be a command (`/belay continue`, `/belay answer <option>`), a bare `/continue` or `/abort` while exactly one question is open, a button of the check run, or a call of the REST interface. The first valid answer counts.',
    'A question that nobody answers waits. The person who started the session is reminded of it after a day, and then in doubled intervals; it is closed by itself only where `decisions.expire` of `.github/belay.yml` says so, and then nothing but its pipeline is cancelled.',
    'Which options a question about a sync really has depends on the [case](sync-cases.md) that the sync ended with; the lists say which. A question about the work of a phase has all of its options. What the states of pipelines and phases mean is in [pipelines](pipelines.md).',
    ...kinds.map((kind) => decisionSection(kind, source)),
  ].join('\n\n')
}

function decisionSection(kind: DecisionKind, source: DecisionsSource): string {
  const question = source.decisions[kind]
  return [
    `## ${kind}`,
    `**${question.title}.** Context ${code(contextOf(kind, source))}. ${whileOpen(question)}`,
    markdownTable(
      ['Option', 'Label', 'Button', 'What happens', 'Action'],
      question.options.map((option) => [
        code(option.id),
        option.label,
        option.button,
        option.effect,
        code(option.action),
      ]),
    ),
    [
      ...(isAboutSync(kind, source) ? offers(kind, source) : []),
      ...(kind === 'agent_question' ? [OWN_WORDS] : []),
      `- **Continue takes up:** ${question.resumes}`,
      `- **A push while it is open:** ${question.onPush}`,
      ...onceEnded(question),
    ].join('\n'),
  ].join('\n\n')
}

function whileOpen({ statusWhileOpen }: Question): string {
  return statusWhileOpen === null
    ? 'It is asked when no pipeline runs, and none starts for news while it is open.'
    : `While it is open, pipeline and phase are ${code(statusWhileOpen)}.`
}

const OWN_WORDS =
  '- **Asked with** as many choices as the agent gave, one to three, under its own words as labels; `Yes` and `No` when it gave none. A question without a choice is never asked.'

function isAboutSync(kind: DecisionKind, { cases }: DecisionsSource): kind is SyncDecisionKind {
  return Object.values(cases).some(({ opens }) => opens === kind)
}

/** No pull request has this number, so it can be told apart in a context. */
const NO_NUMBER = -1

function contextOf(kind: DecisionKind, { contextOf: of }: DecisionsSource): string {
  return of(kind, { phase: '<phase>', prNumber: NO_NUMBER }).replace(String(NO_NUMBER), '<pr>')
}

/** One line for the cases that offer the same, and one for what repeated pauses take away. */
function offers(kind: SyncDecisionKind, source: DecisionsSource): readonly string[] {
  const names = (Object.keys(source.cases) as SyncCase[]).filter((name) => source.cases[name].opens === kind)
  const all = source.decisions[kind].options
  const groups = new Map<string, SyncCase[]>()
  for (const name of names) {
    const words = offerWords(all, source.optionsFor(kind, factsOf(name)))
    groups.set(words, [...(groups.get(words) ?? []), name])
  }
  const lines = [...groups].map(
    ([words, members]) => `- **Asked with ${words}** after ${members.map(code).join(', ')}.`,
  )
  return [...lines, ...pauses(kind, names, source)]
}

function factsOf(name: SyncCase): OptionFacts {
  const isReset = name === 'divergence_recovered_via_reset'
  return { case: name, isReset, concerns: 'pipeline', earlierPauses: 0 }
}

function offerWords(all: readonly DecisionOption[], offered: readonly DecisionOption[]): string {
  const missing = all.filter(({ id }) => offered.every((option) => option.id !== id))
  if (missing.length === 0) return 'every option'
  if (offered.length === 1) return `${offered.map(({ id }) => code(id)).join('')} only`
  return `every option but ${missing.map(({ id }) => code(id)).join(' and ')}`
}

/** More pauses than any question counts. */
const PAUSES_LOOKED_AT = 20

function pauses(
  kind: SyncDecisionKind,
  names: readonly SyncCase[],
  { optionsFor: offered }: DecisionsSource,
): readonly string[] {
  return names.flatMap((name) => {
    const facts = factsOf(name)
    const first = offered(kind, facts)
    for (let earlierPauses = 1; earlierPauses <= PAUSES_LOOKED_AT; earlierPauses += 1) {
      const then = offered(kind, { ...facts, earlierPauses })
      if (then.length < first.length)
        return [
          `- **After ${earlierPauses} pauses of one phase** it is asked with ${offerWords(first, then)}.`,
        ]
    }
    return []
  })
}

/** Only what differs: an option that does the same is in the table. */
function onceEnded({ options, optionsOnceEnded }: Question): readonly string[] {
  const effects = new Set(options.map(({ effect }) => effect))
  const other = optionsOnceEnded.filter(({ effect }) => !effects.has(effect))
  if (other.length === 0) return []
  const words = other.map(({ id, effect }) => `${code(id)}: ${effect}`).join(' ')
  return [`- **When the pipeline had ended before,** the question is about the worktree alone: ${words}`]
}
