// Forests of tasks for the laws of plans, and the two ways to write one down.

import fc from 'fast-check'
import { stringify } from 'yaml'

import type { PlanTask } from '../../../src/domain/contract/plan.ts'

export type Task = Omit<PlanTask, 'line'>

/** A text of a plan as it comes back: on one line, without characters that hide. */
const sentence = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'Read',
        'the',
        'plan',
        'null',
        '~',
        '1.0',
        'a: b',
        '# x',
        '- [ ]',
        '[x]',
        '**b**:',
        '`c`',
      ),
      fc.constantFrom(
        '<b>',
        '&amp;',
        '@me',
        'www.example.com',
        'https://example.com',
        '_u_',
        '"',
        "'",
        '\\',
        '|',
      ),
      fc.string({
        unit: fc.constantFrom(...Array.from('abz09.,:;!?*_`~[](){}<>#+-=&%$|/\\"\'äß編😀')),
        minLength: 1,
        maxLength: 9,
      }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((words) => words.join(' '))

const taskId = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,9}$/)

/** Generates at least one task; each depends on none or on an earlier one. */
export function forest(): fc.Arbitrary<readonly Task[]> {
  const body = fc.record({
    title: sentence,
    acceptance: fc.array(sentence, { maxLength: 3 }),
    parent: fc.option(fc.nat(), { freq: 2 }),
  })
  return fc
    .tuple(
      fc.uniqueArray(taskId, { minLength: 1, maxLength: 12 }),
      fc.array(body, { minLength: 12, maxLength: 12 }),
    )
    .map(([ids, bodies]) =>
      ids.map((id, at) => {
        const { title, acceptance, parent } = bodies[at] ?? { title: 'T', acceptance: [], parent: null }
        const dependsOn = parent === null || at === 0 ? null : (ids[parent % at] ?? null)
        return { id, title, acceptance, dependsOn }
      }),
    )
}

/** Writes tasks as a block, in the given order. */
export function asBlock(tasks: readonly Task[]): string {
  const list = tasks.map(({ id, title, acceptance, dependsOn }) => ({
    id,
    title,
    ...(acceptance.length === 0 ? {} : { acceptance }),
    ...(dependsOn === null ? {} : { depends_on: dependsOn }),
  }))
  // Longer than any run of backticks in it.
  const fence = '`'.repeat(60)
  return `# Plan\n\n${fence}yaml tasks\n${stringify(list)}${fence}\n`
}

/** Writes tasks as nested lists: children follow their parents. */
export function asList(tasks: readonly Task[]): string {
  const below = (parent: string | null, indent: string): readonly string[] =>
    tasks
      .filter(({ dependsOn }) => dependsOn === parent)
      .flatMap(({ id, title, acceptance }) => [
        `${indent}- [ ] **${escaped(id)}**: ${escaped(title)}`,
        ...acceptance.map((each) => `${indent}  - ${escaped(each)}`),
        ...below(id, `${indent}  `),
      ])
  return `# Plan\n\n${below(null, '').join('\n')}\n`
}

/** Markdown reads every punctuation character behind a backslash as itself. */
function escaped(text: string): string {
  return text.replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`)
}
