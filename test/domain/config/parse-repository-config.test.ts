// Files of repositories: valid, wrong and hostile ones, and the sentences people read.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'

import { DEFAULT_CONFIG, parseRepositoryConfig } from '../../../src/domain/config/parse-repository-config.ts'
import type { RepositoryConfig } from '../../../src/domain/config/repository-config.ts'
import { DEFAULT_PHASE_PROMPT } from '../../../src/domain/config/repository-config-schema.ts'

const FULL = `version: 1
agent: claude-code            # a name of the catalogue
phases:
  - name: plan
    prompt: Write the plan to .belay/plan.md
    produces: contract
    plan: docs/plan.md
    silence: 5m
  - name: implement
    reviewers: [codex, gemini]
    timeout: 1h30m
    restarts: 0
sync:
  on_conflict: pause
  push_backups: all
  push_backups_fallback: branch
check: neutral
nudges: { checks: false, reviews: true, conflicts: false, rounds: 7, bots: ["lint[bot]", reviewer], untrusted: true }
overseer: { stall: 90s, loop: 5, budget: 3h }
decisions: { remind: 2d, expire: 1d12h }
permissions: { run: write, abort: maintain, status: triage, populate: admin }
triggers: { labels: [belay], authors: ["my-agent[bot]"] }
`

function configOf(text: string): RepositoryConfig {
  const parsed = parseRepositoryConfig(text)
  if (parsed.kind === 'invalid') throw new Error(faultsOf(text).join('\n'))
  return parsed.config
}

/** Says each fault in one line: where, what, and the hint after a bar. */
function faultsOf(text: string): readonly string[] {
  const parsed = parseRepositoryConfig(text)
  if (parsed.kind === 'valid') return []
  return parsed.faults.map((fault) => {
    const hint = fault.hint === undefined ? '' : ` | ${fault.hint}`
    return `${fault.line}:${fault.column} ${fault.path}: ${fault.message}${hint}`
  })
}

describe('parseRepositoryConfig: valid files', () => {
  it.each(['', '\n', '# nothing yet\n', '---\n', '{}', 'version: 1', '\uFEFFversion: 1'])(
    'gives every default for %j',
    (text) => {
      expect(configOf(text)).toEqual(DEFAULT_CONFIG)
    },
  )

  it('has the defaults of the handbook', () => {
    expect(DEFAULT_CONFIG).toEqual({
      version: 1,
      extendsFrom: null,
      agent: null,
      phases: [
        {
          name: 'implement',
          prompt: DEFAULT_PHASE_PROMPT,
          produces: null,
          plan: '.belay/plan.md',
          reviewers: [],
          timeoutMs: 7_200_000,
          silenceMs: 1_800_000,
          restarts: 2,
        },
      ],
      sync: { onConflict: 'reset', pushBackups: 'head', pushBackupsFallback: 'none' },
      check: 'action_required',
      nudges: { checks: true, reviews: true, conflicts: true, rounds: 3, bots: [], untrusted: false },
      overseer: { stallMs: 600_000, loop: 3, budgetMs: 43_200_000 },
      decisions: { remindMs: 86_400_000, expireMs: null },
      permissions: {},
      triggers: { labels: [], authors: [] },
    })
  })

  it('reads every key', () => {
    expect(configOf(FULL)).toEqual({
      version: 1,
      extendsFrom: null,
      agent: 'claude-code',
      phases: [
        {
          name: 'plan',
          prompt: 'Write the plan to .belay/plan.md',
          produces: 'contract',
          plan: 'docs/plan.md',
          reviewers: [],
          timeoutMs: 7_200_000,
          silenceMs: 300_000,
          restarts: 2,
        },
        {
          name: 'implement',
          prompt: DEFAULT_PHASE_PROMPT,
          produces: null,
          plan: '.belay/plan.md',
          reviewers: ['codex', 'gemini'],
          timeoutMs: 5_400_000,
          silenceMs: 1_800_000,
          restarts: 0,
        },
      ],
      sync: { onConflict: 'pause', pushBackups: 'all', pushBackupsFallback: 'branch' },
      check: 'neutral',
      nudges: {
        checks: false,
        reviews: true,
        conflicts: false,
        rounds: 7,
        bots: ['lint[bot]', 'reviewer'],
        untrusted: true,
      },
      overseer: { stallMs: 90_000, loop: 5, budgetMs: 10_800_000 },
      decisions: { remindMs: 172_800_000, expireMs: 129_600_000 },
      permissions: { run: 'write', abort: 'maintain', status: 'triage', populate: 'admin' },
      triggers: { labels: ['belay'], authors: ['my-agent[bot]'] },
    })
  })

  it('keeps the defaults of what a mapping leaves out', () => {
    expect(configOf('nudges: { rounds: 1 }').nudges).toEqual({ ...DEFAULT_CONFIG.nudges, rounds: 1 })
    expect(configOf('sync: {}').sync).toEqual(DEFAULT_CONFIG.sync)
  })

  it('accepts a few aliases and carries what the file extends', () => {
    const text = '_extends: .github\nphases:\n  - name: a\n    timeout: &t 5m\n  - name: b\n    timeout: *t\n'
    expect(configOf(text)).toMatchObject({
      extendsFrom: '.github',
      phases: [{ timeoutMs: 300_000 }, { timeoutMs: 300_000 }],
    })
  })

  it('is plain data that survives being stored', () => {
    expect(JSON.parse(JSON.stringify(configOf(FULL)))).toEqual(configOf(FULL))
  })
})

describe('parseRepositoryConfig: faults', () => {
  it('reports all of them at once, in the order of the file', () => {
    const text = `version: 2
agnet: claude-code
phases:
  - name: Plan
    timeout: 90
    restarts: -1
  - prompt: x
    reviewer: [codex]
  - name: ship
    timeout: 25h
  - name: ship
    timeout: 0s
sync:
  on_conflict: rest
  push_backups:
check: yes please
nudges: { rounds: 1.5, checks: "on", bots: ["a b"], untrusted: [] }
permissions: { run: read, aborted: write, status: none, stop: triage }
triggers: [belay]
`
    expect(faultsOf(text)).toMatchInlineSnapshot(`
      [
        "1:10 version: This must be 1, but it is 2.",
        "2:1 agnet: "agnet" is not a known key here. | Did you mean "agent"?",
        "4:11 phases[0].name: The name of a phase must be lower-case letters, digits and dashes, start with a letter, and have at most 40.",
        "5:14 phases[0].timeout: This must be a text, but it is 90. | Write it with a unit, such as 30m.",
        "6:15 phases[0].restarts: This must be at least 0.",
        "7:5 phases[1].name: The key "name" is missing.",
        "8:5 phases[1].reviewer: "reviewer" is not a known key here. | Did you mean "reviewers"?",
        "10:14 phases[2].timeout: This duration must be longer than nothing and at most 24h.",
        "11:11 phases[3].name: The phase "ship" stands here for the second time.",
        "12:14 phases[3].timeout: This duration must be longer than nothing and at most 24h.",
        "14:16 sync.on_conflict: This must be one of reset, pause, but it is "rest". | Did you mean "reset"?",
        "15:3 sync.push_backups: This must be one of head, all, none, but it is empty. | Give it a value or remove the key.",
        "16:8 check: This must be one of action_required, neutral, but it is "yes please".",
        "17:19 nudges.rounds: This must be a whole number, but it is 1.5.",
        "17:32 nudges.checks: This must be true or false, but it is "on".",
        "17:45 nudges.bots[0]: This must be a login such as octocat or my-agent[bot], without @.",
        "17:64 nudges.untrusted: This must be true or false, but it is a list.",
        "18:21 permissions.run: This must be one of write, maintain, admin, but it is "read". | "run" changes something, so nobody below write may use it. A repository can only raise this.",
        "18:27 permissions.aborted: "aborted" is not a known key here. | Did you mean "abort"?",
        "18:51 permissions.status: This must be one of read, triage, write, maintain, admin, but it is "none".",
        "18:63 permissions.stop: This must be one of write, maintain, admin, but it is "triage". | "stop" changes something, so nobody below write may use it. A repository can only raise this.",
        "19:11 triggers: This must be a mapping, but it is a list.",
      ]
    `)
  })

  it.each([
    ['agent: { binary: /bin/sh }', 'never define a command'],
    ['command: rm -rf /', 'never define a command'],
    ['phases: [{ name: a, command: make }]', 'never define a command'],
    ['agents: [{ name: x }]', 'never define a command'],
    ['agent: /bin/sh', 'name of an agent'],
    ['agent: a b', 'name of an agent'],
  ])('lets nobody define a command with %j', (text, words) => {
    expect(faultsOf(text).join('\n')).toContain(words)
  })

  it.each([
    'run',
    'continue',
    'abort',
    'answer',
    'rescue',
    'sync',
    'stop',
    'populate',
    'retry',
    'restore',
    'claim',
  ])('refuses a role below write for %s', (verb) => {
    for (const role of ['none', 'read', 'triage']) {
      expect(faultsOf(`permissions: { ${verb}: ${role} }`)).toHaveLength(1)
    }
    expect(faultsOf(`permissions: { ${verb}: write }`)).toEqual([])
  })

  it.each(['__proto__', 'constructor', 'toString', '<<', '', '1', 'on'])(
    'calls %j an unknown key anywhere',
    (key) => {
      const name = JSON.stringify(key)
      expect(faultsOf(`${name}: 1`)).toHaveLength(1)
      expect(faultsOf(`permissions: { ${name}: write }`)).toHaveLength(1)
      expect(faultsOf(`phases: [{ name: a, ${name}: 1 }]`)).toHaveLength(1)
      expect(faultsOf(`check: neutral\n${name}: { a: 1 }`)[0]).toMatch(/^2:1 /)
    },
  )

  it('says what YAML itself refuses, with the line', () => {
    const texts = [
      'a: [1\nb: 2',
      'sync:\n\tcheck: x',
      'check: neutral\ncheck: neutral',
      '--- {}\n--- {}',
      'agent: !run x',
      'agent: *nobody',
      'agent: "open',
      'a: b: c',
      '- version',
      'just words',
    ]
    expect(texts.map((text) => faultsOf(text))).toMatchInlineSnapshot(`
      [
        [
          "2:1 : This is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ].",
        ],
        [
          "2:1 : This is not valid YAML: Tabs are not allowed as indentation.",
        ],
        [
          "2:1 : This key stands here for the second time.",
        ],
        [
          "2:1 : The file must hold one YAML document, and a second one starts here.",
        ],
        [
          "1:8 : This is not valid YAML: Unresolved tag: !run.",
        ],
        [
          "1:8 : No anchor of this name stands before this alias.",
        ],
        [
          "1:13 : This is not valid YAML: Missing closing "quote.",
        ],
        [
          "1:4 : This is not valid YAML: Nested mappings are not allowed in compact mappings.",
        ],
        [
          "1:1 : This must be a mapping, but it is a list.",
        ],
        [
          "1:1 : This must be a mapping, but it is "just words".",
        ],
      ]
    `)
  })

  it('checks the values of a file that only repeats a key', () => {
    expect(faultsOf('check: x\ncheck: neutral\nagent: 5')).toHaveLength(2)
  })

  it('quotes long and strange keys in short, on one line', () => {
    const [fault] = faultsOf(`"${'k'.repeat(5_000)}": 1`)
    expect(fault?.length).toBeLessThan(400)
    expect(faultsOf('"a\\n\\u202eb\\0": 1')[0]).toContain('"a b " is not a known key here.')
  })
})

describe('parseRepositoryConfig: laws', () => {
  const names =
    'version·agent·phases·name·sync·permissions·run·triggers·labels·_extends·__proto__·1·write·read·null·~'
  const marks =
    ': ·:\n·\n·\n  ·\n    ·- ·[·]·{·}·, ·"·\'·&a ·*a·!!str ·? ·|\n·#·\t·<<·---\n·...\n·%YAML 1.1\n·\r\n·\0'
  const word = fc.constantFrom(...`${names}·${marks}`.split('·'))
  const text = fc.oneof(
    fc.array(word, { maxLength: 25 }).map((words) => words.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.json().map((json) => `triggers: ${json}`),
  )

  it('never throws, and puts every fault, in order, inside the file', () => {
    fc.assert(
      fc.property(text, (file) => {
        const parsed = parseRepositoryConfig(file)
        if (parsed.kind === 'valid') return
        const lineCount = file.split(/\r\n|\r|\n/).length
        expect(parsed.faults.length).toBeGreaterThan(0)
        for (const fault of parsed.faults) {
          expect(fault.line).toBeGreaterThanOrEqual(1)
          expect(fault.line).toBeLessThanOrEqual(lineCount)
          expect(fault.message).toMatch(/^[^\n]+[.…]$/)
        }
        const order = parsed.faults.map((fault) => fault.line * 100_000 + fault.column)
        expect(order).toEqual(order.toSorted((one, other) => one - other))
      }),
      { numRuns: 3_000 },
    )
  })

  it('reads back every configuration that is written as YAML', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/)
    const file = fc.record(
      {
        agent: name,
        phases: fc.uniqueArray(
          fc.record({ name, prompt: fc.string({ minLength: 1 }).filter((p) => /\S/.test(p)) }),
          {
            minLength: 1,
            maxLength: 5,
            selector: (phase) => phase.name,
          },
        ),
        check: fc.constantFrom('action_required', 'neutral'),
        triggers: fc.record({ labels: fc.array(name, { maxLength: 5 }) }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(file, (value) => {
        const config = configOf(stringify(value))
        expect(config.agent).toBe(value.agent ?? null)
        expect(config.phases.map((phase) => phase.name)).toEqual(
          value.phases?.map((phase) => phase.name) ?? ['implement'],
        )
        if (value.phases)
          expect(config.phases.map((each) => each.prompt)).toEqual(value.phases.map((each) => each.prompt))
        expect(config.triggers.labels).toEqual(value.triggers?.labels ?? [])
      }),
    )
  })
})
