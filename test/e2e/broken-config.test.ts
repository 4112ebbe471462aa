// A repository whose .github/belay.yml is broken: it works all the same and is told where the faults are.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld

beforeAll(async () => {
  const config = ['version: 1', 'sync:', '  on_conflict: explode', 'colour: red', ''].join('\n')
  world = await TestWorld.start({ files: { 'README.md': '# Rocket\n', '.github/belay.yml': config } })
})

afterAll(() => world?.close())

describe('a broken configuration', () => {
  it('is answered in the sticky comment with line numbers, and the run goes on with the defaults', async () => {
    const pr = await world.openPullRequest({ branch: 'work', files: { 'a.txt': 'x\n' } })
    await world.story.script(pr.number, [
      [
        { do: 'write', path: 'b.txt', text: 'y\n' },
        { do: 'commit', paths: ['b.txt'], message: 'Add b' },
      ],
    ])
    const command = await pr.comment('alice', '/belay run')
    await world.reacted(command, 'rocket')
    await world.belay.eventually(
      async () => (await world.belay.database.table('pipelines')).at(-1)?.status === 'complete',
      { what: 'the pipeline completes' },
    )
    const sticky = await world.belay.eventually(
      () => world.botComments(pr).find(({ body }) => body.includes('belay.yml')),
      { what: 'the sticky comment names the file' },
    )
    expect(sticky.body).toMatch(/line 3\b/i)
    expect(sticky.body).toMatch(/line 4\b/i)
    expect(await world.repo.git.readFile('refs/heads/work', 'b.txt')).toEqual(Buffer.from('y\n'))
  })
})
