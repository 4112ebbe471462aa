import { describe, expect, it } from 'vitest'
import { mostDoorRequests, usableVerbs, type DoorScope } from '../../../src/domain/session/door.ts'

const THREAD = { handle: 't1', id: 'PRRT_one', path: 'src/a.ts', line: 3 }
const TASK = { id: 'tie', title: 'Tie it' }
const EMPTY: DoorScope = { role: 'producer', threads: [], tasks: [] }

describe('usableVerbs', () => {
  it('leaves out what there is nothing for, and what is not the role’s', () => {
    const threads = [THREAD]
    const tasks = [TASK]
    expect(usableVerbs(EMPTY)).toEqual(['ask', 'alert', 'help'])
    expect(usableVerbs({ ...EMPTY, threads })).toEqual(['reply', 'resolve', 'ask', 'alert', 'help'])
    expect(usableVerbs({ ...EMPTY, tasks })).toEqual(['task', 'ask', 'alert', 'help'])
    expect(usableVerbs({ role: 'reviewer', threads, tasks })).toEqual(['alert', 'help'])
  })
})

describe('mostDoorRequests', () => {
  it('grows with what was delivered up to a ceiling', () => {
    const most = (threads: number, tasks: number): number =>
      mostDoorRequests({
        threads: Array.from({ length: threads }, () => THREAD),
        tasks: Array.from({ length: tasks }, () => TASK),
      })
    expect([most(0, 0), most(1, 0), most(0, 1), most(4, 6), most(500, 0)]).toEqual([20, 24, 24, 60, 500])
  })
})
