import { describe, expect, it } from 'vitest'
import { parseAgentsFile } from '../../../../src/adapters/runner/attempts/parse-agents-file.ts'

describe('parseAgentsFile', () => {
  it('fills in what is left out', () => {
    expect(parseAgentsFile('agents:\n  - name: mine\n    binary: /opt/mine\n    prompt: stdin\n')).toEqual({
      kind: 'parsed',
      agents: [
        {
          name: 'mine',
          binary: '/opt/mine',
          args: [],
          resume: null,
          prompt: 'stdin',
          env: [],
          home: [],
          places: [],
          streams: false,
          verified: false,
        },
      ],
    })
  })

  it.each([
    ['no list', 'agent: x\n', [/^line 1: /, /^line 1: /]],
    [
      'an unknown way of prompting',
      'agents:\n  - name: a\n    binary: b\n    prompt: shout\n',
      [/^line 4: agents\.0\.prompt: /],
    ],
    ['a missing key', 'agents:\n  - name: a\n    prompt: stdin\n', [/^line 2: agents\.0\.binary: /]],
    [
      'an unknown key',
      'agents:\n  - name: a\n    binary: b\n    prompt: stdin\n    shell: yes\n',
      [/^line 5: agents\.0: .*shell/],
    ],
    [
      'a name that is none',
      'agents:\n  - name: A B\n    binary: b\n    prompt: stdin\n',
      [/^line 2: agents\.0\.name: /],
    ],
    [
      'a variable that is none',
      'agents:\n  - name: a\n    binary: b\n    prompt: stdin\n    env:\n      - A=B\n',
      [/^line 6: agents\.0\.env\.0: /],
    ],
    [
      'a file above the home',
      'agents:\n  - name: a\n    binary: b\n    prompt: stdin\n    home: [../x]\n',
      [/^line 5: agents\.0\.home\.0: /],
    ],
    [
      'two of one name',
      'agents:\n  - {name: a, binary: b, prompt: stdin}\n  - {name: a, binary: c, prompt: stdin}\n',
      [/a is there twice/],
    ],
    ['broken YAML', 'agents:\n  - name: "a\n', [/^line \d+: /]],
  ])('says where the fault is: %s', (_name, text, patterns) => {
    const parsed = parseAgentsFile(text)
    if (parsed.kind !== 'faulty') throw new Error('It was taken')
    expect(parsed.faults).toHaveLength(patterns.length)
    for (const [no, pattern] of patterns.entries()) expect(parsed.faults[no]).toMatch(pattern)
  })
})
