import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  EVENTS_NEEDED,
  EVENTS_WITHOUT_SUBSCRIPTION,
  PERMISSIONS_NEEDED,
} from '../../src/domain/permissions-needed.ts'
import { HANDLED_EVENTS } from '../../src/edge/to-event.ts'

const text = readFileSync(new URL('../../app.yml', import.meta.url), 'utf8')
const manifest = parse(text) as {
  readonly default_permissions: Readonly<Record<string, string>>
  readonly default_events: readonly string[]
}

/** The design's list, and `merge_queues`, without which GitHub refuses the subscription to `merge_group`. */
const DESIGN = {
  metadata: 'read',
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  checks: 'write',
  statuses: 'read',
  actions: 'read',
  workflows: 'write',
  merge_queues: 'read',
}

describe('app.yml', () => {
  it('asks for the permissions the design names', () => {
    expect(manifest.default_permissions).toEqual(DESIGN)
  })

  it('asks for exactly what the program knows it needs', () => {
    const access = Object.entries(PERMISSIONS_NEEDED).map(([name, { access: level }]) => [name, level])
    expect(manifest.default_permissions).toEqual(Object.fromEntries(access))
    expect(manifest.default_events.toSorted()).toEqual(Object.keys(EVENTS_NEEDED).toSorted())
  })

  it('subscribes to every event that is handled', () => {
    const subscribed = [...manifest.default_events, ...EVENTS_WITHOUT_SUBSCRIPTION]
    expect(HANDLED_EVENTS.length).toBeGreaterThan(5)
    expect(HANDLED_EVENTS.filter((event) => !subscribed.includes(event))).toEqual([])
  })

  it('subscribes to no event whose permission it does not ask for', () => {
    const granted = Object.keys(manifest.default_permissions)
    expect(Object.values(EVENTS_NEEDED).filter((permission) => !granted.includes(permission))).toEqual([])
  })

  it('gives a reason above every permission and event', () => {
    const lines = text.split('\n')
    const entries = lines.flatMap((line, index) =>
      /^ {2}(?:- \w+|\w+: (?:read|write))$/.test(line) ? [index] : [],
    )
    expect(entries).toHaveLength(Object.keys(DESIGN).length + manifest.default_events.length)
    expect(entries.filter((index) => !/^ {2}# .{10,}/.test(lines[index - 1] ?? ''))).toEqual([])
  })
})
