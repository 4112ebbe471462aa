// Makes one test of every row of a table, and one more that fails when a row of it did not run.

import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SYNC_STATES, type SyncStateId } from '../../../../src/domain/sync/state.ts'
import { Workbench } from '../workbench.ts'
import { cannotPlay } from './can-play.ts'
import { playRow } from './expect-row.ts'
import { SCENARIOS } from './scenarios.ts'
import { setStage, type Stage } from './stage.ts'

/** Plays the rows of one table, each in a session of its own. */
export function playTable(title: string, table: Readonly<Partial<Record<SyncStateId, unknown>>>): void {
  const ids = Object.keys(table) as SyncStateId[]
  const done = new Set<SyncStateId>()
  let bench: Workbench
  let clear: () => Promise<void> = async () => undefined

  beforeAll(async () => {
    bench = await Workbench.start()
  })

  afterEach(async () => {
    await clear()
    clear = async () => undefined
    bench.watch.hook = () => undefined
  })

  afterAll(() => bench?.close())

  describe(title, () => {
    const rows = ids.map((id) => [id, SYNC_STATES[id].state, SYNC_STATES[id].case] as const)
    it.each(rows)('%s: %s (%s)', async (id) => {
      const row = SCENARIOS[id]
      done.add(id)
      if ('provenIn' in row) return expect(await readFile(row.provenIn, 'utf8')).toContain(id)
      const reason = await cannotPlay(id)
      if (reason !== null) return console.log(`${id} was not played: ${reason}`)
      const stage: Stage = await setStage(bench, id.replaceAll('_', '-'))
      clear = async () => row.clear?.(stage)
      await playRow(id, row, stage)
    })

    it('has played every row', () => {
      expect([...done].toSorted()).toEqual(ids.toSorted())
    })
  })
}
