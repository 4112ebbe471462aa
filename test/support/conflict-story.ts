// The main job as a script for demo and tests: an agent works, alice pushes a change to the same lines meanwhile.
// Holds texts and the order of things; knows nothing of how the program works.
import type { Act } from './agents/story.ts'
import type { FakePullRequest } from './fake-github/index.ts'
import type { TestWorld } from './test-world.ts'

/** The repository before anything happens. */
export const ROCKET_FILES = {
  'README.md': '# Rocket\n\nIt flies.\n',
  '.gitignore': 'build/\n',
  'src/guidance.txt': 'course: straight up\nspeed: slow\nabort: never\n',
} as const

/** Every text names the branch, so that no file of one pull request can stand in for another's. */
function guidance(branch: string, course: string): string {
  return `course: ${course}\nspeed: slow\nabort: never\nbranch: ${branch}\n`
}

/** What the first attempt does: commits, a note nobody tracks, an edit it did not commit, a file it must not commit. */
function firstAttempt(branch: string): readonly Act[] {
  return [
    { do: 'say', text: 'Reading the stars.' },
    { do: 'write', path: 'src/guidance.txt', text: guidance(branch, 'by the stars') },
    { do: 'commit', paths: ['src/guidance.txt'], message: 'Steer by the stars' },
    { do: 'write', path: 'src/star-chart.txt', text: `Polaris 37.95 N\nVega 38.78 N\nfor ${branch}\n` },
    { do: 'commit', paths: ['src/star-chart.txt'], message: 'Add a star chart' },
    { do: 'write', path: 'notes.md', text: `Clouds hide the stars on ${branch}. Ask about a fallback.\n` },
    { do: 'append', path: 'README.md', text: `\nIt knows where it is, says ${branch}.\n` },
    { do: 'write', path: '.env.local', text: `TELESCOPE_KEY=only-here-${branch}\n` },
    { do: 'write', path: 'build/chart.bin', text: `compiled chart of ${branch}\n` },
    { do: 'meet', name: 'worked' },
  ]
}

/** What the attempt after `/continue` does. */
function secondAttempt(branch: string): readonly Act[] {
  return [
    { do: 'write', path: 'src/guidance.txt', text: guidance(branch, 'by radio beacon, then by the stars') },
    { do: 'commit', paths: ['src/guidance.txt'], message: 'Steer by beacon, then by the stars' },
    { do: 'meet', name: 'worked' },
  ]
}

/** Opens a pull request whose agent will run into a conflict. */
export async function openRocketPullRequest(world: TestWorld, branch: string): Promise<FakePullRequest> {
  const pr = await world.openPullRequest({
    branch,
    files: { 'src/guidance.txt': guidance(branch, 'by compass') },
    title: 'Guide the rocket',
  })
  await world.story.script(pr.number, [firstAttempt(branch), secondAttempt(branch)])
  return pr
}

/** Pushes, in alice's name, a change to the lines the agent changed. */
async function pushConflict(world: TestWorld, pr: FakePullRequest): Promise<void> {
  await world.repo.push({
    by: 'alice',
    branch: pr.headBranch,
    files: { 'src/guidance.txt': guidance(pr.headBranch, 'by radio beacon') },
    message: 'Steer by radio beacon',
  })
}

/** Plays from `/belay run` until the agent worked, alice pushed, and everything was noted; the agent still waits. */
export async function playUntilConflict(world: TestWorld, branch: string) {
  const pr = await openRocketPullRequest(world, branch)
  const command = await pr.comment('alice', '/belay run')
  const session = await world.sessionOf(pr)
  const first = { pr: pr.number, attempt: 1 }
  await world.story.arrived(first, 'worked')
  await pushConflict(world, pr)
  await world.github.settled()
  await world.record(`the agent of #${pr.number} worked and alice pushed`, session)
  return { pr, command, session, first }
}

/** Plays on until the question is open on the pull request. */
export async function playUntilQuestion(world: TestWorld, branch: string) {
  const scene = await playUntilConflict(world, branch)
  await world.story.letGo(scene.first, 'worked')
  const { decision, comment } = await world.openQuestion(scene.pr)
  return { ...scene, decision, question: comment }
}
