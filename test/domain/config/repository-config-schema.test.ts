// The JSON Schema for editors, and the key lists made from the same source.

import { describe, expect, it } from 'vitest'

import { LATER_VERBS, VERBS } from '../../../src/domain/command/grammar.ts'
import { knownKeys } from '../../../src/domain/config/known-keys.ts'
import { repositoryConfigJsonSchema } from '../../../src/domain/config/repository-config-schema.ts'

function at(schema: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, step) => (typeof found === 'object' && found !== null ? Reflect.get(found, step) : undefined),
    schema,
  )
}

describe('repositoryConfigJsonSchema', () => {
  const schema = repositoryConfigJsonSchema()

  it('describes every key, at every level', () => {
    const places = [[], ['sync'], ['nudges'], ['permissions'], ['triggers'], ['overseer'], ['decisions']].map(
      (path) => path.reduce<unknown>((found, key) => at(found, 'properties', key), schema),
    )
    const mappings = [...places, at(schema, 'properties', 'phases', 'items')]
    let count = 0
    for (const mapping of mappings) {
      expect(at(mapping, 'additionalProperties')).toBe(false)
      for (const [key, value] of Object.entries(at(mapping, 'properties') ?? {})) {
        count += 1
        expect([key, at(value, 'description')]).toEqual([key, expect.stringMatching(/^.{10,}\.$/)])
      }
    }
    expect(count).toBe(48)
  })

  it('shows the defaults and demands nothing but the names of phases', () => {
    expect(at(schema, 'required')).toBeUndefined()
    expect(at(schema, 'properties', 'phases', 'items', 'required')).toEqual(['name'])
    expect(at(schema, 'properties', 'nudges', 'properties', 'rounds', 'default')).toBe(3)
    expect(at(schema, 'properties', 'phases', 'items', 'properties', 'timeout')).toMatchObject({
      type: 'string',
      default: '2h',
      pattern: expect.stringContaining('h'),
    })
  })

  it('offers for a verb that changes anything only roles from write up', () => {
    const permissions = at(schema, 'properties', 'permissions', 'properties')
    expect(at(permissions, 'run', 'enum')).toEqual(['write', 'maintain', 'admin'])
    expect(at(permissions, 'status', 'enum')).toEqual(['read', 'triage', 'write', 'maintain', 'admin'])
  })

  it('is JSON', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
  })
})

describe('knownKeys', () => {
  it('lists what the schema knows at a place', () => {
    expect(knownKeys(['phases', 3])).toEqual([
      'name',
      'prompt',
      'produces',
      'plan',
      'reviewers',
      'timeout',
      'silence',
      'restarts',
    ])
    expect(knownKeys(['permissions']).toSorted()).toEqual([...VERBS, ...LATER_VERBS].toSorted())
    expect(knownKeys(['agent'])).toEqual([])
    expect(knownKeys(['constructor', 'x'])).toEqual([])
  })
})
