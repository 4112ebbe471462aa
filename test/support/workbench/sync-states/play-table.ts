// Makes one test of every row of a table, and one more that fails when a row was neither played nor left out by name.

import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SYNC_STATES, type SyncStateId } from '../../../../src/domain/sync/state.ts'
import { Workbench } from '../workbench.ts'
import { cannotPlay } from './can-play.ts'
import { playRow } from './expect-row.ts'
import type { Elsewhere } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'
import { setStage, type Stage } from './stage.ts'

/** Plays the rows of one table, each in a session of its own. */
export function playTable(title: string, table: Readonly<Partial<Record<SyncStateId, unknown>>>): void {
  const ids = Object.keys(table) as SyncStateId[]
  const played = new Set<SyncStateId>()
  const leftOut = new Map<SyncStateId, string>()
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
    it.for(rows)('%s: %s (%s)', async ([id], { skip }) => {
      const row = SCENARIOS[id]
      const reason = 'provenIn' in row ? await provenElsewhere(id, row) : await cannotPlay(id)
      if (reason !== null) leftOut.set(id, reason)
      skip(reason !== null, reason ?? '')
      if ('provenIn' in row) return
      const stage: Stage = await setStage(bench, id.replaceAll('_', '-'))
      clear = async () => row.clear?.(stage)
      await playRow(id, row, stage)
      played.add(id)
    })

    it('has played every row, or says why not', () => {
      for (const [id, reason] of leftOut) console.log(`${id} was not played here: ${reason}`)
      expect([...played, ...leftOut.keys()].toSorted()).toEqual(ids.toSorted())
      expect(played.size).toBeGreaterThan(0)
    })
  })
}

/** Returns where the row is played; throws when that file plays it no more. */
async function provenElsewhere(id: SyncStateId, { provenIn }: Elsewhere): Promise<string> {
  expect(await readFile(provenIn, 'utf8')).toContain(`playRow('${id}'`)
  return `${provenIn} plays it`
}
