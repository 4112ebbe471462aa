// The laws of the difference between stored and observed checks: only the head has any.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { diffChecks, type ChecksDiff } from '../../../src/domain/mirror/diff-checks.ts'
import type { Listed, ObservedCheck } from '../../../src/domain/mirror/observation.ts'
import type { Check } from '../../../src/domain/mirror/records.ts'
import { at, check, COMPLETE, HEADS, ids, listed, randomChecks, written } from './samples.ts'

const NOTHING = { added: [], changed: [], removed: [], upserts: [], deletes: [] }
const [OLD, NEW] = HEADS

const of = (headSha: Check['headSha'], readAt: number) => ({ ...at(readAt), headSha })

function storedFrom(observed: Listed<ObservedCheck>, readAt = 1): readonly Check[] {
  return written([], diffChecks([], observed, of(OLD, readAt)))
}

function named({ added, changed, removed, upserts, deletes }: ChecksDiff) {
  return { added: ids(added), changed: ids(changed), removed: ids(removed), upserts: ids(upserts), deletes }
}

const stored = randomChecks(COMPLETE).map((observed) => storedFrom(observed))
const head = fc.constantFrom(...HEADS)

describe('diffChecks, in general', () => {
  it('finds nothing once its difference was written, in any order and with items that come twice', () => {
    fc.assert(
      fc.property(stored, randomChecks(), head, (before, observed, headSha) => {
        const diff = diffChecks(before, observed, of(headSha, 2))
        const again = { ...observed, items: [...observed.items.toReversed(), ...observed.items] }
        expect(diffChecks(written(before, diff), again, of(headSha, 3))).toEqual(NOTHING)
        expect(ids(diffChecks(before, again, of(headSha, 2)).upserts)).toEqual(ids(diff.upserts))
      }),
    )
  })

  it('leaves only checks of the head, and all that were observed', () => {
    fc.assert(
      fc.property(stored, randomChecks(), head, (before, observed, headSha) => {
        const now = written(before, diffChecks(before, observed, of(headSha, 2)))
        for (const row of now) expect(row.headSha).toBe(headSha)
        expect(ids(now)).toEqual(expect.arrayContaining([...ids(observed.items)]))
        if (observed.completeness === 'complete') expect(ids(now)).toEqual(ids(observed.items))
      }),
    )
  })

  it('takes nothing of the head away unless everything was read', () => {
    fc.assert(
      fc.property(stored, randomChecks(), (before, observed) => {
        const { removed } = diffChecks(before, observed, of(OLD, 2))
        if (observed.completeness !== 'complete') expect(removed).toEqual([])
      }),
    )
  })

  it('names every real difference, and no other', () => {
    fc.assert(
      fc.property(stored, randomChecks(), head, (before, observed, headSha) => {
        const diff = diffChecks(before, observed, of(headSha, 2))
        const now = written(before, diff)
        const was = new Map(before.map((row) => [row.id, row]))
        const result = (row: Check | undefined) => `${row?.headSha} ${row?.status} ${row?.conclusion}`
        expect(named(diff)).toMatchObject({
          added: ids(now.filter(({ id }) => !was.has(id))),
          removed: ids(before.filter(({ id }) => !now.some((row) => row.id === id))),
          changed: ids(now.filter((row) => was.has(row.id) && result(row) !== result(was.get(row.id)))),
        })
      }),
    )
  })

  it('changes and removes nothing that a later read wrote', () => {
    fc.assert(
      fc.property(randomChecks(COMPLETE), randomChecks(), head, (later, observed, headSha) => {
        const { upserts, added, deletes } = diffChecks(storedFrom(later, 9), observed, of(headSha, 8))
        expect(deletes).toEqual([])
        expect(upserts).toEqual(added)
        if (headSha === NEW && later.items.length > 0) expect(added).toEqual([])
      }),
    )
  })
})

describe('diffChecks', () => {
  const before = storedFrom(listed([check(), check({ id: 'status:lint', source: 'status' })]))

  it('clears the old head when the checks of the new one could not be read', () => {
    const diff = diffChecks(before, listed<ObservedCheck>([], 'failed'), of(NEW, 2))
    expect(named(diff)).toEqual({
      ...NOTHING,
      removed: ['K1', 'status:lint'],
      deletes: ['K1', 'status:lint'],
    })
  })

  it('takes a status of the same name on the new head as another result, not as a new check', () => {
    const same = listed([check({ id: 'status:lint', source: 'status' })])
    expect(named(diffChecks(before, same, of(NEW, 2)))).toEqual({
      ...NOTHING,
      changed: ['status:lint'],
      upserts: ['status:lint'],
      removed: ['K1'],
      deletes: ['K1'],
    })
  })

  it('writes another summary without a change that anybody is told of', () => {
    const observed = listed([check({ summary: '3 of 9' })], 'partial')
    expect(named(diffChecks(before, observed, of(OLD, 2)))).toEqual({ ...NOTHING, upserts: ['K1'] })
  })
})
