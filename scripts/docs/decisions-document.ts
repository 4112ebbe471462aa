// Writes docs/decisions.md: every question Belay can ask, and what each answer does.

import { code, generatedNotice, markdownTable } from './markdown-table.ts'

/** The decision table as the document needs it. */
export type DecisionTable = Readonly<
  Record<
    string,
    {
      readonly title: string
      readonly statusWhileOpen: string
      readonly options: readonly {
        readonly id: string
        readonly label: string
        readonly button: string
        readonly effect: string
        readonly action: string
      }[]
      readonly optionsOnceEnded: readonly { readonly id: string; readonly effect: string }[]
      readonly resumes: string
      readonly onPush: string
    }
  >
>

/** Returns the document for a decision table. */
export function decisionsDocument(decisions: DecisionTable): string {
  return [
    generatedNotice('src/domain/decision/decision.ts'),
    '# Decisions',
    'When something happens that a person should decide, Belay stops, asks on the pull request, and does what the answer says. While a question is open no agent starts and no step is taken in that worktree. These are all the questions there are.',
    'An answer can be a command (`/belay continue`, `/belay answer <option>`), a bare `/continue` or `/abort` while exactly one question is open, a button of the check run, or a call of the REST interface. The first valid answer counts.',
    ...Object.entries(decisions).map(([kind, spec]) => decisionSection(kind, spec)),
  ].join('\n\n')
}

function decisionSection(kind: string, spec: DecisionTable[string]): string {
  return [
    `## ${kind}`,
    `**${spec.title}.** Context ${code(`${kind}:<phase>`)}. While it is open, pipeline and phase are ${code(spec.statusWhileOpen)}.`,
    markdownTable(
      ['Option', 'Label', 'Button', 'What happens', 'Action'],
      spec.options.map((option) => [
        code(option.id),
        option.label,
        option.button,
        option.effect,
        code(option.action),
      ]),
    ),
    [
      `- **Continue takes up:** ${spec.resumes}`,
      `- **A push while it is open:** ${spec.onPush}`,
      `- **When the pipeline had ended before,** the question is about the worktree alone: ${onceEnded(spec)}`,
    ].join('\n'),
  ].join('\n\n')
}

/** Only what differs: an option that does the same is in the table. */
function onceEnded({ options, optionsOnceEnded }: DecisionTable[string]): string {
  const effects = new Set(options.map(({ effect }) => effect))
  const other = optionsOnceEnded.filter(({ effect }) => !effects.has(effect))
  return other.map(({ id, effect }) => `${code(id)}: ${effect}`).join(' ')
}
