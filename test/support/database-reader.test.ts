// Reading another program's database: names, JSON, order, and a client that survives a missing table.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DatabaseReader } from './database-reader.ts'

let root: string
let url: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'reader-'))
  url = `file:${join(root, 'a.db')}`
})

afterEach(() => rm(root, { recursive: true, force: true }))

describe('DatabaseReader', () => {
  it('names columns as records do, parses JSON, and works again after a failure', async () => {
    const reader = new DatabaseReader(url)
    await expect(reader.table('syncSteps')).rejects.toThrow(/sync_steps/)
    const writer = createClient({ url })
    await writer.execute('CREATE TABLE sync_steps (operation_id TEXT, position INTEGER, outcome TEXT)')
    await writer.execute({
      sql: 'INSERT INTO sync_steps VALUES (?, ?, ?)',
      args: ['op_1', 0, '{"kind":"done"}'],
    })
    await writer.execute({ sql: 'INSERT INTO sync_steps VALUES (?, ?, ?)', args: ['op_1', 1, '[not json'] })
    writer.close()
    expect(await reader.table('syncSteps')).toEqual([
      { operationId: 'op_1', position: 0, outcome: { kind: 'done' } },
      { operationId: 'op_1', position: 1, outcome: '[not json' },
    ])
    reader.close()
  })
})
