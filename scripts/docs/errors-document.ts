// Writes docs/errors.md: every error of the catalogue, with its texts.

import type { ErrorSpec } from '../../src/domain/errors/catalogue.ts'
import { code, generatedNotice, markdownTable } from './markdown-table.ts'
import { placeholderDetails } from './placeholder.ts'

const AUDIENCE = {
  user: 'may be shown on the pull request',
  operator: 'for the operator only',
} as const satisfies Record<ErrorSpec<never>['audience'], string>

const RETRY = {
  never: 'trying again does not help',
  later: 'Belay or the caller may try again later',
  after_fix: 'try again after the cause is fixed',
} as const satisfies Record<ErrorSpec<never>['retry'], string>

/** The catalogue as the document needs it; the details of a row do not matter here. */
type ErrorTable = Readonly<Record<string, ErrorSpec<never>>>

/** Returns the document for a catalogue. */
export function errorsDocument(errors: ErrorTable): string {
  const rows = Object.entries(errors)
  return [
    generatedNotice('src/domain/errors/catalogue.ts'),
    '# Errors',
    'Every failure that a request, a command or the program itself can end with has one of these codes. Over HTTP it looks like this, and `code` never changes its meaning:',
    '```json\n{ "error": "…", "code": "…", "message": "…", "hint": "…", "requestId": "…", "details": {} }\n```',
    'A name in braces stands for a value of the real case.',
    markdownTable(
      ['Code', 'HTTP', 'In short'],
      rows.map(([name, spec]) => [
        `[${code(name)}](#${name.toLowerCase()})`,
        String(spec.status),
        spec.title,
      ]),
    ),
    ...rows.map(([name, spec]) => errorSection(name, spec)),
  ].join('\n\n')
}

function errorSection(name: string, spec: ErrorSpec<never>): string {
  const details = placeholderDetails() as never
  return [
    `## ${name}`,
    `${spec.title}. HTTP ${spec.status}; ${AUDIENCE[spec.audience]}; ${RETRY[spec.retry]}.`,
    `> ${spec.message(details)}`,
    `**What to do:** ${spec.hint(details)}`,
  ].join('\n\n')
}
