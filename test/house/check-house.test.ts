import { describe, expect, it } from 'vitest'
import { nameFaults, openingFaults, purityFaults } from '../../scripts/check-house.ts'

describe('nameFaults', () => {
  it.each(['src/utils/a.ts', 'src/domain/helpers.ts', 'src/session-manager.ts', 'test/misc.test.ts'])(
    'refuses %s',
    (file) => {
      expect(nameFaults(file)).toHaveLength(1)
    },
  )

  it.each(['src/domain/sync/plan.ts', 'src/edge/http-server.ts', 'test/support/library.ts'])(
    'takes %s',
    (file) => {
      expect(nameFaults(file)).toEqual([])
    },
  )
})

describe('openingFaults', () => {
  const body = 'export const one = 1\n'

  it('wants a file to say what it is for', () => {
    expect(openingFaults('a.ts', body)).toHaveLength(1)
  })

  it('takes one to four lines, after a shebang as well', () => {
    expect(openingFaults('a.ts', `// One.\n${body}`)).toEqual([])
    expect(openingFaults('a.ts', `#!/usr/bin/env node\n${'// Four.\n'.repeat(4)}${body}`)).toEqual([])
  })

  it('refuses an essay', () => {
    expect(openingFaults('a.ts', `${'// Five.\n'.repeat(5)}${body}`)).toHaveLength(1)
  })
})

describe('purityFaults', () => {
  it.each([
    'const now = new Date()',
    'const now = new Date',
    'const now = Date()',
    'const now = Date.now()',
    'const clock = Date.now',
    "const now = Date['now']()",
    'const { now } = Date',
    'const { random } = Math',
    'const dice = Math.random()',
  ])('reports %s', (text) => {
    expect(purityFaults('a.ts', `// A.\n${text}\n`)).toEqual([expect.stringMatching(/^a\.ts:2: /u)])
  })

  it.each([
    'const then = new Date(at)',
    'const day = Date.UTC(2026, 1, 1)',
    'const most = Math.max(1, 2)',
    "const text = 'Date.now()'",
    '// new Date()',
  ])('takes %s', (text) => {
    expect(purityFaults('a.ts', `${text}\n`)).toEqual([])
  })
})
