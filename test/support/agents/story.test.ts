// The scripted agent and its director, without anything between them.
import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../eventually.ts'
import { AgentStory } from './story.ts'

let root: string
let tree: string
let story: AgentStory

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'story-'))
  tree = join(root, 'tree')
  await promisify(execFile)('git', ['init', '--quiet', tree])
  for (const [key, value] of [
    ['user.name', 'T'],
    ['user.email', 't@example.invalid'],
  ] as const) {
    await promisify(execFile)('git', ['-C', tree, 'config', key, value])
  }
  await writeFile(join(root, 'prompt.md'), 'Climb.')
  await mkdir(join(root, 'story'))
  story = await AgentStory.create(join(root, 'story'))
})

afterEach(async () => {
  await story.killLeftAgents()
  await rm(root, { recursive: true, force: true })
})

/** Starts the first agent of the file as a producer, or a named one as a reviewer. */
async function startAgent(reviewer?: string) {
  const { agents } = parse(await readFile(story.agentsFile, 'utf8'))
  const { binary, args } = agents.find(({ name }: { name: string }) => name === (reviewer ?? 'climber'))
  const child = spawn(binary, args, {
    cwd: tree,
    detached: true,
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      BELAY_PR: '7',
      BELAY_ROLE: reviewer === undefined ? 'producer' : 'reviewer',
      BELAY_PROMPT_FILE: join(root, 'prompt.md'),
      BELAY_VERDICT_FILE: join(root, `verdict-${reviewer}`),
    },
  })
  return new Promise<{ readonly code: number | null; readonly signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
}

describe('AgentStory', () => {
  it('plays each attempt in its turn, meets, and shows prompt and exit code', async () => {
    await story.script(7, [
      [
        { do: 'write', path: 'a/b.txt', text: 'one\n' },
        { do: 'commit', paths: ['a'], message: 'Add b' },
        { do: 'meet', name: 'middle' },
        { do: 'append', path: 'a/b.txt', text: 'two\n' },
      ],
      [{ do: 'exit', code: 3 }],
    ])
    const first = startAgent()
    await story.arrived({ pr: 7, attempt: 1 }, 'middle')
    expect(await readFile(join(tree, 'a/b.txt'), 'utf8')).toBe('one\n')
    await story.letGo({ pr: 7, attempt: 1 }, 'middle')
    expect(await first).toEqual({ code: 0, signal: null })
    expect(await readFile(join(tree, 'a/b.txt'), 'utf8')).toBe('one\ntwo\n')
    expect(await story.prompt({ pr: 7, attempt: 1 })).toBe('Climb.')
    expect(await startAgent()).toEqual({ code: 3, signal: null })
    expect(await startAgent()).toEqual({ code: 0, signal: null })
    expect(await story.attemptCount(7)).toBe(3)
  })

  it('counts every reviewer for itself, and writes its verdict', async () => {
    const reasons = ['The knot slips.']
    await story.script(7, [[{ do: 'say', text: 'no verdict of mine' }]])
    await story.scriptReviewer({ pr: 7, reviewer: 'critic' }, [
      [{ do: 'verdict', verdict: 'nack', reasons }],
      [{ do: 'verdict', verdict: 'ack', reasons: [] }],
    ])
    await story.scriptReviewer({ pr: 7, reviewer: 'second' }, [
      [
        { do: 'meet', name: 'thought' },
        { do: 'verdict_raw', text: 'fine' },
      ],
    ])
    const read = (name: string) => readFile(join(root, `verdict-${name}`), 'utf8')
    const second = startAgent('second')
    expect(await startAgent('critic')).toEqual({ code: 0, signal: null })
    expect(JSON.parse(await read('critic'))).toEqual({ verdict: 'nack', reasons })
    expect(await startAgent('critic')).toEqual({ code: 0, signal: null })
    expect(JSON.parse(await read('critic'))).toEqual({ verdict: 'ack', reasons: [] })
    await story.arrived({ pr: 7, reviewer: 'second', attempt: 1 }, 'thought')
    await story.letGo({ pr: 7, reviewer: 'second', attempt: 1 }, 'thought')
    await second
    expect(await read('second')).toBe('fine')
    expect(await startAgent()).toEqual({ code: 0, signal: null })
    const counts = [story.attemptCount(7), story.attemptCount(7, 'critic'), story.attemptCount(7, 'second')]
    expect(await Promise.all(counts)).toEqual([1, 2, 1])
    expect(await story.prompt({ pr: 7, reviewer: 'critic', attempt: 2 })).toBe('Climb.')
  })

  it('kills an agent that was left asleep, and only that', async () => {
    await story.script(7, [[{ do: 'meet', name: 'bed' }, { do: 'sleep' }]])
    await story.letGo({ pr: 7, attempt: 1 }, 'bed')
    const asleep = startAgent()
    await story.arrived({ pr: 7, attempt: 1 }, 'bed')
    expect(await story.runningAgents()).toHaveLength(1)
    await story.killLeftAgents()
    expect(await asleep).toEqual({ code: null, signal: 'SIGKILL' })
    await eventually(async () => (await story.runningAgents()).length === 0, { what: 'no agent is left' })
  })
})

describe('eventually', () => {
  it('returns what the condition answered, and fails with words, cause and explanation', async () => {
    let asked = 0
    expect(await eventually(() => (++asked === 3 ? 'yes' : null), { what: 'the third time' })).toBe('yes')
    const broken = new Error('not yet')
    const failure = eventually(() => Promise.reject(broken), {
      what: 'never',
      deadlineMs: 60,
      explain: () => 'log tail',
    })
    await expect(failure).rejects.toMatchObject({
      message: 'Waited 60 ms in vain: never.\nlog tail',
      cause: broken,
    })
  })
})
