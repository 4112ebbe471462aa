// The demo itself, played for real, and what it prints: a contract, a recovery, a refusal, and a judge who sees a loss.
import { describe, expect, it } from 'vitest'
import { PLAIN } from '../../../scripts/demo/paint.ts'
import { playDemo } from '../../../scripts/demo/play.ts'

interface Played {
  readonly isGood: boolean
  readonly lines: readonly string[]
  readonly text: string
}

async function play(env: Readonly<Record<string, string>>): Promise<Played> {
  const lines: string[] = []
  const write = (line: string): void => void lines.push(line)
  const isGood = await playDemo({ paint: PLAIN, write, env, keepsFolders: false })
  return { isGood, lines, text: lines.join('\n') }
}

/** Returns the text of the scene whose title has these words, in the first story that has one. */
function scene({ text }: Played, words: string): string {
  const found = text.split(/^── /mu).find((each) => each.split('\n')[0]?.includes(words))
  if (found === undefined) throw new Error(`No scene is about "${words}":\n${text}`)
  return found
}

/** Returns the lines under a title, up to the next one. */
function under(part: string, title: string): readonly string[] {
  const after = part.split('\n').slice(part.split('\n').findIndex((line) => line.includes(title)) + 1)
  const end = after.findIndex((line) => /^ {2}\S/u.test(line))
  return after.slice(0, end === -1 ? undefined : end).map((line) => line.slice(4))
}

/** Returns the types of the lifecycle rows that a scene shows, in their order. */
function order(part: string): readonly string[] {
  return [...part.matchAll(/^ +\d+ {2}([a-z]+\.[a-z]+)/gmu)].map(([, type = '']) => type)
}

describe('npm run demo', () => {
  it(
    'tells of a contract, a recovery that the agent hears of, a refusal, and no loss',
    { timeout: 120_000 },
    async () => {
      const played = await play({})
      expect(played.isGood, played.text).toBe(true)

      expect(scene(played, 'its plan becomes the contract')).toContain('0 of 3 tasks done, 1 in progress')

      const recovery = scene(played, 'Belay pins everything')
      expect(recovery).toContain('divergence_recovered_via_reset')
      const [pinned = ''] = under(recovery, 'the pinned commits on GitHub')
      const [head = '', ref = ''] = pinned.split('  ')
      expect(ref).toMatch(/^refs\/belay\/backup\/rocket-1\/.*\/head$/u)

      const told = under(scene(played, 'is told what was set aside'), "from the agent's log").join('\n')
      expect(told.startsWith('# Read this first\n')).toBe(true)
      expect(told).toContain(`Commits: \`${ref}\``)
      expect(told).toContain(`${head} Commit what climber left in phase implement`)
      expect(told).toContain('create mode 100644 src/star-chart.txt')

      const refusal = scene(played, 'critic refuses it')
      expect(refusal).toMatch(/refuses +accepts +refused/u)
      expect(refusal).toContain('2 of 3 tasks done')
      expect(under(refusal, "from the agent's log").join('\n')).toContain(
        'does not say what happens under clouds',
      )

      const end = scene(played, 'The conversation')
      expect(end).toMatch(/2 .* accepts +accepts +accepted/u)
      expect(end).toContain('3 of 3 tasks done')
      const story = order(end).filter((type) => !/^(?:sync|phase\.started|phase\.completed)/u.test(type))
      expect(story).toEqual([
        'pipeline.started',
        'contract.populated',
        'phase.failed',
        'pipeline.failed',
        'decision.created',
        'decision.resolved',
        'consensus.proposed',
        'consensus.refused',
        'consensus.proposed',
        'consensus.accepted',
        'pipeline.completed',
      ])

      expect(played.text.split('Nothing was lost.')).toHaveLength(3)
      expect(played.lines.slice(-3, -1)).toEqual(['  /continue  nothing lost', '  /abort     nothing lost'])
      expect(played.text).not.toMatch(/undefined|\[object |NaN/u)
    },
  )

  it('fails and names the losses when pins lie', { timeout: 120_000 }, async () => {
    const played = await play({ BELAY_FAULT: 'skip_pin' })
    expect(played.isGood).toBe(false)
    expect(scene(played, 'The judge of losses')).toMatch(
      /^ +LOST commit [0-9a-f]{12}, seen in session repository/mu,
    )
    expect(scene(played, 'The judge of losses')).toMatch(/^ +LOST file notes\.md/mu)
    expect(played.lines.slice(-3, -1)).toEqual(['  /continue  work was lost', '  /abort     work was lost'])
  })
})
