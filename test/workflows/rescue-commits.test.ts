// `rescue`: the pinned commits go to a branch of their own, and the question stays open.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  botTexts,
  playUntilReset,
  questionTexts,
  reactionsOf,
  repliesTo,
  statusOf,
  textOf,
  type QuestionScene,
} from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench
let scene: QuestionScene
let branch: string
let compareUrl: string

beforeAll(async () => {
  bench = await Workbench.start()
  scene = await playUntilReset(bench, 'rescued')
  branch = `belay/rescue/${scene.session.id}-1`
  compareUrl = `${bench.github.url}/acme/rope/compare/rescued...${encodeURIComponent(branch)}`
})

afterAll(() => bench?.close())

async function rescueBranches(): Promise<readonly string[]> {
  const refs = await bench.repo.git.refs()
  return [...refs]
    .filter(([ref]) => ref.startsWith('refs/heads/belay/rescue/'))
    .map(([ref, sha]) => `${ref} ${sha}`)
}

describe('rescueCommits', () => {
  it('puts the discarded commits on a branch, links the comparison, and leaves the question open', async () => {
    const { pr, question } = scene
    const [pin] = question.details.pins
    const comment = await bench.say(pr, 'alice', '/belay rescue')
    expect(reactionsOf(comment)).toEqual(['eyes', 'rocket'])
    const head = pin?.head ?? question.headSha
    expect(await rescueBranches()).toEqual([`refs/heads/${branch} ${head}`])
    expect(question.details.discarded.map(({ sha }) => sha)).toEqual([head])
    const rescued = { kind: 'rescued', branch, head, compareUrl, openQuestion: question } as const
    expect(repliesTo(comment)).toEqual([textOf(rescued)])
    expect(await bench.question(pr)).toEqual(question)
    expect(questionTexts(pr)).toHaveLength(1)
    expect(questionTexts(pr)[0]).toContain(compareUrl)
    expect(statusOf(pr)).toContain(branch)
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'failed', runEpoch: question.runEpoch })
  })

  it('names the same branch when it is asked again, through whatever door', async () => {
    const { pr, question } = scene
    const refs = await rescueBranches()
    const again = await bench.say(pr, 'carol', `/belay rescue ${question.id}`)
    expect(repliesTo(again)[0]).toContain(`\`${branch}\``)
    const byPin = question.details.pins[0]?.prefix.split('/').at(-1)
    const pinned = await bench.say(pr, 'carol', `/belay rescue ${byPin}`)
    expect(repliesTo(pinned)[0]).toContain(`\`${branch}\``)
    const { pipelineId, id: decisionId } = question
    expect(await bench.answer({ pipelineId, decisionId, answer: 'rescue', via: 'rest' })).toEqual({
      kind: 'accepted',
      option: 'rescue',
      isOpen: true,
    })
    await bench.settle()
    const run = pr.checkRuns().findLast(({ externalId }) => externalId === decisionId)
    await pr.pressButton('alice', run?.id ?? 0, 'rescue')
    await bench.settle()
    expect(await rescueBranches()).toEqual(refs)
    expect(await bench.question(pr)).toEqual(question)
    // Doors without a comment of their own share one reply.
    const shared = botTexts(pr).filter((text) => text.startsWith('The pinned commits are on the branch'))
    expect(shared).toHaveLength(4)
  })

  it('finishes when it was killed between the push and the row', async () => {
    const other = await playUntilReset(bench, 'killed-rescue')
    const wanted = `belay/rescue/${other.session.id}-1`
    bench.watch.hook = (moment, { order }) => {
      if (moment === 'after' && order === 'push_rescue') throw bench.kill()
    }
    const comment = await bench.say(other.pr, 'alice', '/belay rescue')
    expect(await bench.repo.git.resolve(`refs/heads/${wanted}`)).toBe(other.question.details.pins[0]?.head)
    await bench.reboot()
    await bench.settle()
    expect(reactionsOf(comment)).toEqual(['eyes', 'rocket'])
    expect(repliesTo(comment)[0]).toContain(`\`${wanted}\``)
    expect(await bench.question(other.pr)).toEqual(other.question)
  })

  it('tells the next agent where the commits are, after continue', async () => {
    const { pr } = scene
    await bench.say(pr, 'alice', '/continue')
    await bench.finishAttempts()
    const prompt = await bench.story.prompt({ pr: pr.number, attempt: 2 })
    expect(prompt).toMatch(/^# Read this first/)
    expect(prompt).toContain(branch)
    expect(prompt).toContain('Tie the knot')
    expect(prompt).toContain('knot.txt')
  })
})
