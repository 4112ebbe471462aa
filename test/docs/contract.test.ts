// docs/contract.md: its plans are plans, and its numbers are those of the program.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { PLAN_LIMITS } from '../../src/domain/contract/limits.ts'
import { parsePlan } from '../../src/domain/contract/parse-plan.ts'

const PAGE = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'contract.md'), 'utf8')

it('shows plans that read as the page says', () => {
  const plans = [...PAGE.matchAll(/^(`{3,})markdown plan\n(.*?)^\1$/gmsu)].map(([, , text = '']) =>
    parsePlan(text),
  )
  const ways = plans.map((plan) =>
    plan.kind === 'plan' ? plan.tasks.map(({ id, dependsOn }) => [id, dependsOn]) : plan,
  )
  const story = [
    ['storage', null],
    ['settings-page', 'storage'],
    ['handbook', 'settings-page'],
  ]
  expect(ways).toEqual([story, [...story, ['tell-the-users', null]]])
})

it('names the limits', () => {
  for (const limit of [
    PLAN_LIMITS.tasks,
    PLAN_LIMITS.id,
    PLAN_LIMITS.title,
    PLAN_LIMITS.criteria,
    PLAN_LIMITS.criterion,
  ])
    expect(PAGE).toMatch(new RegExp(`at most (?:1 MiB and )?${limit}\\b`, 'iu'))
  expect(PLAN_LIMITS.text).toBe(1024 ** 2)
})
