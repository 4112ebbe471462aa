// docs/phases.md: its example is a valid file that shows the defaults, and its numbers are those of the program.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { BUILT_IN_AGENTS } from '../../src/adapters/runner/attempts/built-in-agents.ts'
import { DEFAULT_CONFIG, parseRepositoryConfig } from '../../src/domain/config/parse-repository-config.ts'
import { remindersDue } from '../../src/domain/decision/waiting.ts'
import { MOST_ROUNDS } from '../../src/domain/pipeline/consensus.ts'

const PAGE = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'phases.md'), 'utf8')

describe('docs/phases.md', () => {
  it('has an example that is valid and uses every part it explains', () => {
    const [, example = ''] = /^```yaml belay\n(.*?)^```$/msu.exec(PAGE) ?? []
    const parsed = parseRepositoryConfig(example)
    if (parsed.kind !== 'valid') throw new Error(JSON.stringify(parsed))
    const [plan, implement, ...others] = parsed.config.phases
    expect(others).toEqual([])
    expect(plan).toMatchObject({ name: 'plan', produces: 'contract' })
    expect(implement).toMatchObject({ name: 'implement', produces: null, reviewers: ['codex', 'amp'] })
    const known = BUILT_IN_AGENTS.map(({ name }) => name)
    expect(known).toEqual(expect.arrayContaining([parsed.config.agent, ...(implement?.reviewers ?? [])]))
    expect(parsed.config.permissions.continue).toBe('maintain')
    // What it says of limits is what holds without the file.
    const [usual, ...more] = DEFAULT_CONFIG.phases
    expect(more).toEqual([])
    const { timeoutMs, silenceMs, restarts, plan: path } = usual ?? {}
    expect(implement).toMatchObject({ timeoutMs, silenceMs, restarts })
    expect(plan).toMatchObject({ plan: path })
    expect(parsed.config.overseer).toEqual(DEFAULT_CONFIG.overseer)
    expect(parsed.config.decisions).toEqual(DEFAULT_CONFIG.decisions)
  })

  it('names the rounds of reviews and the number of reminders', () => {
    expect(PAGE).toContain(`After ${MOST_ROUNDS} rounds without agreement`)
    const all = remindersDue({ askedAt: 0 }, { remindMs: 1 }, Number.MAX_SAFE_INTEGER)
    expect(all).toBe(6)
    expect(PAGE).toContain('six times in all')
  })
})
