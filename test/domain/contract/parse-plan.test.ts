// Plans as agents and people write them: right ones, and wrong ones with the line of each fault.

import { describe, expect, it } from 'vitest'

import { parsePlan } from '../../../src/domain/contract/parse-plan.ts'
import type { PlanTask } from '../../../src/domain/contract/plan.ts'

function tasksOf(text: string): readonly PlanTask[] {
  const parsed = parsePlan(text)
  if (parsed.kind !== 'plan') throw new Error(JSON.stringify(parsed, null, 2))
  return parsed.tasks
}

function faultsOf(text: string): readonly string[] {
  const parsed = parsePlan(text)
  return parsed.kind === 'faulty' ? parsed.faults.map(({ line, message }) => `${line}: ${message}`) : []
}

function block(...lines: readonly string[]): string {
  return ['```yaml tasks', ...lines, '```'].join('\n')
}

describe('parsePlan: blocks of tasks', () => {
  it('reads every key, and several blocks as one list', () => {
    const plan = `# Plan

\`\`\`yaml tasks
- id: a
  title: Read the  file
  acceptance: It reads
- id: b.1_x
  title: "Write: it"
  acceptance:
    - It writes
    - |
      And reads
      back
  depends_on: a
\`\`\`

Later:

~~~~ YML  Tasks extra
- { id: c, title: Say so, depends_on: [b.1_x] }
~~~~
`
    expect(tasksOf(plan)).toEqual([
      { id: 'a', title: 'Read the file', acceptance: ['It reads'], dependsOn: null, line: 4 },
      {
        id: 'b.1_x',
        title: 'Write: it',
        acceptance: ['It writes', 'And reads back'],
        dependsOn: 'a',
        line: 7,
      },
      { id: 'c', title: 'Say so', acceptance: [], dependsOn: 'b.1_x', line: 20 },
    ])
  })

  it('takes numbers, dates and words of YAML as the text that stands there', () => {
    const [first, second] = tasksOf(
      block(
        '- id: 1.10',
        '  title: 2026-01-02',
        '  depends_on:',
        '- {id: 007, title: yes, depends_on: 1.10}',
      ),
    )
    expect(first).toMatchObject({ id: '1.10', title: '2026-01-02', dependsOn: null })
    expect(second).toMatchObject({ id: '007', title: 'yes', dependsOn: '1.10' })
  })

  it('needs no dependency to stand before what depends on it', () => {
    expect(tasksOf(block('- {id: b, title: B, depends_on: a}', '- {id: a, title: A}'))).toHaveLength(2)
  })

  it('resolves a few aliases', () => {
    const plan = block(
      '- {id: a, title: A, acceptance: &all [x, y]}',
      '- {id: b, title: B, acceptance: *all}',
    )
    expect(tasksOf(plan)[1]?.acceptance).toEqual(['x', 'y'])
  })

  it.each([
    ['in a list', '- Tasks\n\n  ```yaml tasks\n  - id: a\n    title: A\n  ```\n'],
    ['that nobody closed', 'Text\n```yaml tasks\n- id: a\n  title: A\n'],
    ['with Windows line ends', '\uFEFF```yaml tasks\r\n- id: a\r\n  title: A\r\n```\r\n'],
    [
      'behind a hidden one',
      '<!--\n```yaml tasks\n- nothing\n```\n-->\n```yaml tasks\n- {id: a, title: A}\n```',
    ],
    [
      'behind an example in a longer fence',
      `\`\`\`\`md\n${block('- 1')}\n\`\`\`\`\n${block('- {id: a, title: A}')}`,
    ],
  ])('reads a block %s', (_where, plan) => {
    expect(tasksOf(plan)).toMatchObject([{ id: 'a', title: 'A' }])
  })

  it.each([['[]'], ['# nothing yet'], ['']])('is empty when the list is: %j', (list) => {
    expect(parsePlan(block(list))).toEqual({ kind: 'empty' })
    expect(parsePlan(`${block(list)}\n- [ ] not read`)).toEqual({ kind: 'empty' })
  })

  it('never falls through to a task list when the block has faults', () => {
    expect(parsePlan(`- [ ] a task\n\n${block('- id: a')}`).kind).toBe('faulty')
    expect(faultsOf('- [ ] a task\n\n  > ```yaml tasks\n  > - id: a\n')).toEqual([
      '3: A block `yaml tasks` begins here inside a quote, a list or indented text, where it is not read. Move it to the beginning of the line.',
    ])
  })
})

describe('parsePlan: faults of blocks', () => {
  it('names all of them at once, in the order of the plan', () => {
    const plan = block(
      '- id: a',
      '  title: ""',
      '  acceptence: x',
      '- id: Big One',
      '  title: T',
      '  depends_on: [a, bb]',
      '- id: a',
      '  title: [T]',
      '  acceptance: [x, {y: z}, ""]',
      '- title: no id',
      '- just words',
      '-',
      '- id: self',
      '  title: T',
      '  depends_on: self',
      '- id: bbb',
      '  title: T',
      '  command: rm',
    )
    expect(faultsOf(plan)).toMatchInlineSnapshot(`
      [
        "3: The text of title is empty.",
        "4: "acceptence" is not a key of a task. Did you mean "acceptance"?",
        "5: "Big One" can not be an id: it must be lower-case letters, digits, dots, dashes and underscores, begin with a letter or a digit, and have at most 60 characters.",
        "7: A task depends on at most one other task, and this one names 2. Keep the one that must be done last.",
        "8: The id "a" is that of the task in line 2 already.",
        "9: This must be a text, but it is a list.",
        "10: This must be a text or a list of texts, but it is a mapping.",
        "10: The text of acceptance is empty.",
        "11: This task has no id.",
        "12: This must be a mapping with id and title, but it is a text.",
        "13: This must be a mapping with id and title, but it is empty.",
        "16: The task "self" depends on itself.",
        "19: "command" is not a key of a task. Known are id, title, acceptance and depends_on.",
      ]
    `)
  })

  it('names the members of a cycle in order, once', () => {
    const plan = block(
      '- {id: z, title: Z, depends_on: b}',
      '- {id: c, title: C, depends_on: b}',
      '- {id: a, title: A, depends_on: c}',
      '- {id: b, title: B, depends_on: a}',
      '- {id: p, title: P, depends_on: q}',
      '- {id: q, title: Q, depends_on: p}',
    )
    expect(faultsOf(plan)).toMatchInlineSnapshot(`
      [
        "3: These tasks wait for each other, so none could begin: "c" depends on "b" depends on "a" depends on "c".",
        "6: These tasks wait for each other, so none could begin: "p" depends on "q" depends on "p".",
      ]
    `)
  })

  it('names dependencies that do not exist, with the word that was meant', () => {
    const plan = block('- {id: parser, title: P}', '- {id: b, title: B, depends_on: [parsr, nowhere]}')
    expect(faultsOf(plan)).toMatchInlineSnapshot(`
      [
        "3: A task depends on at most one other task, and this one names 2. Keep the one that must be done last.",
        "3: There is no task "parsr" to depend on. Did you mean "parser"?",
        "3: There is no task "nowhere" to depend on.",
      ]
    `)
  })

  it('guards the limits', () => {
    const long = block(
      `- {id: ${'i'.repeat(61)}, title: ${'t'.repeat(301)}}`,
      `- {id: a, title: ${'\u{1f600}'.repeat(300)}}`,
      '- id: b',
      '  title: B',
      '  acceptance:',
      ...Array.from({ length: 51 }, (_, no) => `    - ${no === 1 ? 'x'.repeat(1001) : no}`),
    )
    expect(faultsOf(long).map((fault) => fault.replaceAll(/([itx])\1+/gu, '$1'))).toMatchInlineSnapshot(`
      [
        "2: "i…" can not be an id: it must be lower-case leters, digits, dots, dashes and underscores, begin with a leter or a digit, and have at most 60 characters.",
        "2: The title "t…" has more than 300 characters.",
        "8: The acceptance criterion "x…" has more than 1000 characters.",
        "57: A task has at most 50 acceptance criteria, and this one has 51; the first one too many stands here.",
      ]
    `)
  })

  it('takes 500 tasks and not one more', () => {
    const list = (amount: number): string =>
      block(...Array.from({ length: amount }, (_, no) => `- id: t${no}\n  title: T`))
    expect(tasksOf(list(500))).toHaveLength(500)
    expect(faultsOf(list(501))).toMatchInlineSnapshot(`
      [
        "1002: A plan holds at most 500 tasks, and this one has more; the first one too many stands here.",
      ]
    `)
  })

  it('lists a hundred faults and says that there are more', () => {
    const faults = faultsOf(block(...Array.from({ length: 300 }, () => '- x')))
    expect(faults).toHaveLength(101)
    expect(faults.at(-1)).toBe('102: The plan has more faults than these 100; the others are not listed.')
  })

  it('says what YAML itself refuses, with the line in the plan', () => {
    const plans = {
      mapping: ['id: a', 'title: b'],
      quote: ['- id: "a', '  title: b'],
      colon: ['- id: a', '  title: Fix: the parser'],
      repeated: ['- {id: a, title: A}', '- id: b', '  id: c', '  title: B'],
      second: ['- {id: a, title: A}', '---', '- 1'],
      nothing: ['- *a'],
      aliases: ['- &a {id: a, title: A}', ...Array.from({ length: 21 }, () => '- *a')],
      deep: [`- ${'['.repeat(501)}`],
      tag: ['- !!js/function x'],
      large: ['- id: a', `  title: ${'x'.repeat(65_536)}`],
    }
    const faults = Object.entries(plans).map(([name, lines]) => [
      name,
      ...faultsOf(`# Plan\n\n${block(...lines)}`),
    ])
    expect(faults).toMatchInlineSnapshot(`
      [
        [
          "mapping",
          "4: This must be a list of tasks, but it is a mapping.",
        ],
        [
          "quote",
          "5: This is not valid YAML: Missing closing "quote.",
        ],
        [
          "colon",
          "5: This is not valid YAML: Nested mappings are not allowed in compact mappings. A text with a colon and a space in it needs quotes.",
        ],
        [
          "repeated",
          "6: This key stands here for the second time.",
        ],
        [
          "second",
          "5: The block must hold one YAML document, and a second one starts here.",
        ],
        [
          "nothing",
          "4: No anchor of this name stands before this alias.",
        ],
        [
          "aliases",
          "25: The block uses more than 20 aliases and was not read. Write the values out.",
        ],
        [
          "deep",
          "4: The block is nested too deeply or holds more than 500 opening brackets, and was not read. Split it into several blocks.",
        ],
        [
          "tag",
          "4: This is not valid YAML: Unresolved tag: tag:yaml.org,2002:js/function.",
        ],
        [
          "large",
          "4: The block is larger than 64 KiB and was not read. Split it into several blocks.",
        ],
      ]
    `)
  })

  it('blames no dependency on a task that could not be read', () => {
    const plan = [block('- {id: a, title: A, depends_on: c}'), block('- {id: c, title: "C}')].join('\n')
    expect(faultsOf(plan).join()).not.toContain('depend')
    expect(faultsOf(plan).length).toBeGreaterThan(0)
    expect(faultsOf(block('- {id: a, title: A, depends_on: c}', '- {title: C}'))).toEqual([
      '3: This task has no id.',
    ])
  })
})

describe('parsePlan: task lists', () => {
  it('reads ids, titles, criteria and dependencies', () => {
    const plan = `# Plan

- Storage
  - [ ] **store**: Keep *the* [settings](https://example.com)
    in \`a.json\` <!-- hidden -->
    - They survive a restart
      - also a hard one
    - Groups
      - [x] \`page\` Show them
        - [ ] **Later:** Change them
  1. [ ] [T.1] Explain them
- [ ] Ünïcode & more!
- [X] Ünïcode – more?
- [ ] **Words**, not an id
- [ ] 编写测试
- plain

> - [ ] quoted
`
    expect(tasksOf(plan)).toMatchInlineSnapshot(`
      [
        {
          "acceptance": [
            "They survive a restart",
            "also a hard one",
          ],
          "dependsOn": null,
          "id": "store",
          "line": 4,
          "title": "Keep the settings in a.json",
        },
        {
          "acceptance": [],
          "dependsOn": "store",
          "id": "page",
          "line": 9,
          "title": "Show them",
        },
        {
          "acceptance": [],
          "dependsOn": "page",
          "id": "later",
          "line": 10,
          "title": "Change them",
        },
        {
          "acceptance": [],
          "dependsOn": null,
          "id": "t.1",
          "line": 11,
          "title": "Explain them",
        },
        {
          "acceptance": [],
          "dependsOn": null,
          "id": "unicode-more",
          "line": 12,
          "title": "Ünïcode & more!",
        },
        {
          "acceptance": [],
          "dependsOn": null,
          "id": "unicode-more-2",
          "line": 13,
          "title": "Ünïcode – more?",
        },
        {
          "acceptance": [],
          "dependsOn": null,
          "id": "words-not-an-id",
          "line": 14,
          "title": "Words, not an id",
        },
        {
          "acceptance": [],
          "dependsOn": null,
          "id": "task",
          "line": 15,
          "title": "编写测试",
        },
      ]
    `)
  })

  it('is empty without a task', () => {
    for (const plan of ['', '# Plan\n\n- bullet\n', 'text', '    - [ ] code\n', '```\n- [ ] code\n```'])
      expect(parsePlan(plan)).toEqual({ kind: 'empty' })
  })

  it('names faults with their lines', () => {
    expect(faultsOf('- [ ]\n- [ ] **a**:\n- [ ] `a` x\n- [x] [b]\n- [ ] ok\n')).toMatchInlineSnapshot(`
      [
        "1: This task has no title.",
        "2: This task has no title.",
        "3: The id "a" is that of the task in line 2 already.",
        "4: This task has no title.",
      ]
    `)
  })

  it('asks for a block when the Markdown is too much', () => {
    expect(faultsOf('- [ ] a\n'.repeat(5000))).toEqual([
      '1: The plan is too large or too tangled to be read as Markdown. Write its tasks in a block `yaml tasks`.',
    ])
  })
})
