// The operator's command line, beside the running program: look at the question, answer it; and start with nothing set.
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playUntilQuestion, ROCKET_FILES } from '../support/conflict-story.ts'
import { programArguments } from '../support/program-arguments.ts'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld

beforeAll(async () => {
  world = await TestWorld.start({ files: ROCKET_FILES })
})

afterAll(() => world?.close())

describe('belay decisions', () => {
  it('lists the open question and answers it through the running process', async () => {
    const { pr, decision } = await playUntilQuestion(world, 'guidance')
    const list = await world.belay.command(['decisions', 'list'])
    expect(list).toMatchObject({ code: 0 })
    expect(list.out).toContain(decision.id)

    const wrong = await world.belay.command(['decisions', 'answer', decision.id, 'banana'])
    expect(wrong.code).toBe(1)
    expect(await world.decisions(pr)).toMatchObject([{ status: 'pending' }])

    const right = await world.belay.command(['decisions', 'answer', decision.id, 'continue'])
    expect(right).toMatchObject({ code: 0 })
    await world.story.arrived({ pr: pr.number, attempt: 2 }, 'worked')
    expect(await world.decisions(pr)).toMatchObject([
      { status: 'resolved', answer: 'continue', answeredBy: 'demo', answeredVia: 'cli' },
    ])
  })
})

describe('belay start', () => {
  it('says everything that is missing at once and ends with 2', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'belay-empty-'))
    const program = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
    const argv = [...programArguments(program), 'start']
    const end = await new Promise<{ readonly code: unknown; readonly text: string }>((resolve) => {
      execFile(
        process.execPath,
        argv,
        { cwd: folder, env: { PATH: process.env['PATH'] } },
        (error, out, err) => {
          resolve({ code: error?.code ?? 0, text: out + err })
        },
      )
    })
    await rm(folder, { recursive: true, force: true })
    expect(end.code).toBe(2)
    for (const name of ['APP_ID', 'PRIVATE_KEY', 'WEBHOOK_SECRET']) expect(end.text).toContain(name)
  })
})
