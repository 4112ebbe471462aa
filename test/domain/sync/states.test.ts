import { describe, expect, it } from 'vitest'
import { caseSpec, SYNC_CASES, type SyncCase } from '../../../src/domain/sync/case.ts'
import { SYNC_STATES } from '../../../src/domain/sync/state.ts'

/** Cases that no row names, with the reason. */
const NO_STATE: Partial<Record<SyncCase, string>> = {
  move_refused: 'never the end: it starts over with a closer look',
  sync_failed: 'what Belay has no name for has no state either',
}

describe('SYNC_STATES', () => {
  it('names every case, but those that are written down here with their reason', () => {
    const named = new Set<string>(Object.values(SYNC_STATES).map((row) => row.case))
    const unnamed = Object.keys(SYNC_CASES).filter((name) => !named.has(name))
    expect(unnamed.toSorted()).toEqual(Object.keys(NO_STATE).toSorted())
  })

  it('says of each state how it is seen, what is done and what is kept, in whole words', () => {
    for (const row of Object.values(SYNC_STATES)) {
      for (const text of [row.state, row.seen, row.does]) expect(text).toMatch(/^\S.*\S$/u)
      expect(row.state).not.toMatch(/[—!]/u)
    }
  })

  it('describes no state twice', () => {
    const states = Object.values(SYNC_STATES).map((row) => row.state)
    expect(new Set(states).size).toBe(states.length)
  })
})

describe('SYNC_CASES', () => {
  it('lets readers go on exactly when nothing is asked', () => {
    for (const name of Object.keys(SYNC_CASES) as SyncCase[]) {
      const { mayGoOn, opens } = caseSpec(name)
      expect({ name, mayGoOn }).toEqual({ name, mayGoOn: opens === null })
    }
  })
})
