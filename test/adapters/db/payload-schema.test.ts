// The start refuses triggers that write payloads of another schema into the change log.

import { describe, expect, it } from 'vitest'

import { assertPayloadSchema, PAYLOAD_SCHEMA } from '../../../src/adapters/db/payload-schema.ts'
import { TRIGGERS } from '../../../src/adapters/db/triggers.ts'
import { openTempDatabase } from '../../support/temp-db.ts'

function writing(name: string, payload: string): string {
  return `CREATE TRIGGER ${name} AFTER UPDATE ON projects BEGIN
    INSERT INTO change_log (project_id, type, payload, created_at) VALUES (NEW.id, '${name}', ${payload}, 0);
  END`
}

describe('assertPayloadSchema', () => {
  it('takes every trigger of this version', async () => {
    const { database } = await openTempDatabase()
    expect(Object.keys(TRIGGERS).length).toBeGreaterThan(4)
    await assertPayloadSchema(database)
  })

  it.each([
    ['another schema', `json_object('v', ${PAYLOAD_SCHEMA + 1}, 'project', NEW.id)`],
    ['a schema that only begins alike', `json_object('v', ${PAYLOAD_SCHEMA}0, 'project', NEW.id)`],
    ['no schema', `json_object('project', NEW.id)`],
  ])('refuses one that writes %s', async (_, payload) => {
    const { database } = await openTempDatabase()
    await database.write([writing('left_behind', payload)])
    await expect(assertPayloadSchema(database)).rejects.toMatchObject({
      code: 'CHANGE_LOG_SCHEMA_UNKNOWN',
      details: { schema: PAYLOAD_SCHEMA, triggers: ['left_behind'] },
    })
  })

  it('leaves triggers alone that write elsewhere', async () => {
    const { database } = await openTempDatabase()
    await database.write([
      'CREATE TRIGGER elsewhere AFTER UPDATE ON projects BEGIN DELETE FROM guards; END',
      writing('as_it_should_be', `json_object('v', ${PAYLOAD_SCHEMA}, 'project', NEW.id)`),
    ])
    await assertPayloadSchema(database)
  })
})
