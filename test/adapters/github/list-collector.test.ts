import { describe, expect, it } from 'vitest'
import { createListCollector, toListed } from '../../../src/adapters/github/list-collector.ts'

const collect = () => createListCollector<{ readonly id: string; readonly n?: number }>(({ id }) => id)
const page = (ids: string, next: string | null, isDamaged = false) => ({
  items: Array.from(ids, (id) => ({ id })),
  next,
  isDamaged,
})

describe('createListCollector', () => {
  it('is complete at the end of the last page, and not before', () => {
    const list = collect()
    expect(list.isOpen()).toBe(true)
    expect(toListed(list)).toEqual({ completeness: 'failed', items: [] })
    list.take(page('ab', 'cursor'))
    expect([list.isOpen(), list.cursor(), list.completeness()]).toEqual([true, 'cursor', 'partial'])
    list.take(page('c', null))
    expect(list.isOpen()).toBe(false)
    expect(toListed(list)).toEqual({
      completeness: 'complete',
      items: [{ id: 'a' }, { id: 'b' }, { id: 'c' }],
    })
  })

  it('stays partial when any page was damaged, or it was broken off', () => {
    const damaged = collect()
    damaged.take(page('a', 'next', true))
    damaged.take(page('b', null))
    expect(damaged.completeness()).toBe('partial')
    const broken = collect()
    broken.take(page('a', 'next'))
    broken.breakOff()
    expect([broken.isOpen(), broken.completeness()]).toEqual([false, 'partial'])
  })

  it('is failed when nothing of it was read', () => {
    const list = collect()
    list.breakOff()
    expect([list.isOpen(), list.completeness()]).toEqual([false, 'failed'])
  })

  it('lists what came twice once, as it came last', () => {
    const list = collect()
    list.take({ items: [{ id: 'a', n: 1 }], next: 'next', isDamaged: false })
    list.take({ items: [{ id: 'a', n: 2 }], next: null, isDamaged: false })
    expect(list.items()).toEqual([{ id: 'a', n: 2 }])
  })

  it('asks for no page for ever', () => {
    const list = collect()
    list.take(page('a', 'same'))
    list.take(page('b', 'same'))
    expect([list.isOpen(), list.completeness()]).toEqual([false, 'partial'])
  })
})
