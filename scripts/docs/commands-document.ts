// Writes docs/commands.md: every slash command.

import type { CommandSpec } from '../../src/domain/command/grammar.ts'
import { code, generatedNotice, markdownTable } from './markdown-table.ts'

/** What the document is made from. */
export interface CommandsSource {
  readonly commands: Readonly<Record<string, CommandSpec>>
  readonly bareVerbs: readonly string[]
  readonly laterVerbs: readonly string[]
}

/** Returns the document for a command table. */
export function commandsDocument(source: CommandsSource): string {
  const { commands, bareVerbs, laterVerbs } = source
  return [
    generatedNotice('src/domain/command/grammar.ts'),
    '# Commands',
    'Write a command at the beginning of a line of a comment on the pull request: `/belay <verb>`, or `@<app> <verb>` with the name of the App. Upper and lower case are the same, and a comment may hold several. Text in quotes, code, lists, tables, links and HTML comments is never a command.',
    markdownTable(
      ['Command', 'What it does', 'Who', 'Example'],
      Object.entries(commands).map(([verb, spec]) => [
        code(usage(verb, spec)),
        spec.summary,
        spec.needs,
        code(spec.example),
      ]),
    ),
    '*Who* is the lowest role in the repository, on the ladder read, triage, write, maintain, admin. A repository can ask for a higher one in `.github/belay.yml`, never for a lower one. On a public repository plain read access counts as a stranger.',
    `Without \`/belay\`: ${bareVerbs.map((verb) => code(`/${verb}`)).join(' and ')}, while exactly one question is open on the pull request.`,
    `Not available in this version: ${laterVerbs.map(code).join(', ')}. Belay says so when it is asked.`,
  ].join('\n\n')
}

/** Returns the form of a command, with optional arguments in brackets. */
function usage(verb: string, { args, flags = [] }: CommandSpec): string {
  const words = args.map(({ name, required }) => {
    const word = name === 'prompt' ? '-- prompt' : name
    if (!required) return `[${word}]`
    return `<${word}>`
  })
  return ['/belay', verb, ...words, ...flags.map((flag) => `[--${flag}]`)].join(' ')
}
