// What everybody in the demo does: the repository, its configuration, and the acts of agents and of alice. Holds texts
// and their order; knows nothing of how Belay works.
import type { Act } from '../../test/support/agents/story.ts'
import type { FileChanges } from '../../test/support/fake-github/index.ts'

/** `.github/belay.yml` of the repository. */
export const CONFIGURATION = `version: 1
agent: climber
phases:
  - name: plan
    prompt: Write a plan of small tasks for what this pull request asks for.
    produces: contract
  - name: implement
    prompt: Do the tasks of the contract.
    reviewers: [critic, second]
`

/** The repository before anything happens. */
export const REPOSITORY_FILES: FileChanges = {
  'README.md': '# Rocket\n\nIt flies.\n',
  '.gitignore': 'build/\n',
  '.github/belay.yml': CONFIGURATION,
  'src/guidance.txt': guidance('straight up'),
}

function guidance(course: string, underClouds?: string): string {
  const clouds = underClouds === undefined ? '' : `under clouds: ${underClouds}\n`
  return `course: ${course}\nspeed: slow\nabort: never\n${clouds}`
}

/** The pull request of the first story, and what alice pushes while the agent works. */
export const GUIDANCE = {
  branch: 'guidance',
  title: 'Guide the rocket by the stars',
  files: { 'src/guidance.txt': guidance('by compass') },
  conflict: {
    happening: 'alice pushes a change to the same line, while the agent works',
    files: { 'src/guidance.txt': guidance('by radio beacon') },
    message: 'Steer by radio beacon',
  },
} as const

/** The plan that becomes the contract. */
export const PLAN = `# Guide the rocket by the stars

- [ ] **steer**: Steer by the stars
  - src/guidance.txt says so
- [ ] **chart**: Add a star chart
  - src/star-chart.txt names at least two stars
- [ ] **clouds**: Say what happens under clouds
  - src/guidance.txt says it
`

const STAR_CHART = 'Polaris 37.95 N\nVega 38.78 N\n'

/** The subject of the commit that the agent takes over from the pin. */
export const CHART_SUBJECT = 'Add a star chart'

/** The attempt of phase plan. */
export function planAttempt(plan: string): readonly Act[] {
  return [{ do: 'write', path: '.belay/plan.md', text: plan }, commit('Plan the work', '.belay/plan.md')]
}

/** The first attempt of phase implement: commits, a note nobody tracks, an edit, a secret, a file that git ignores. */
export const FIRST_ATTEMPT: readonly Act[] = [
  { do: 'door', args: ['task', 'steer', 'doing'] },
  { do: 'write', path: 'src/guidance.txt', text: guidance('by the stars') },
  commit('Steer by the stars', 'src/guidance.txt'),
  { do: 'write', path: 'src/star-chart.txt', text: STAR_CHART },
  commit(CHART_SUBJECT, 'src/star-chart.txt'),
  { do: 'write', path: 'notes.md', text: 'Clouds hide the stars.\n' },
  { do: 'append', path: 'README.md', text: '\nIt knows where it is.\n' },
  { do: 'write', path: '.env.local', text: 'TELESCOPE_KEY=only-here\n' },
  { do: 'write', path: 'build/chart.bin', text: 'compiled chart\n' },
  { do: 'meet', name: 'worked' },
]

/** What the agent says before it looks at the pinned commits, and before it takes one over. */
export const LOOK_WORDS = 'I look at what was pinned, without the contents:'
export const CHART_WORDS = 'The star chart is still right. I take its commit over:'

/** What the agent finds in its prompt, and uses. */
export interface SetAside {
  /** The last commit that both sides had. */
  readonly base: string
  /** The pinned head. */
  readonly head: string
  /** The pinned commit that adds the star chart. */
  readonly chart: string
}

/** The attempt after `/continue`: it reads what it is told, looks at the pin, and takes over what is still right. */
export function secondAttempt({ base, head, chart }: SetAside): readonly Act[] {
  return [
    { do: 'recite' },
    { do: 'say', text: LOOK_WORDS },
    { do: 'git', args: ['log', '--oneline', '--stat', `${base}..${head}`] },
    { do: 'write', path: 'src/guidance.txt', text: guidance('by radio beacon, then by the stars') },
    commit('Steer by beacon, then by the stars', 'src/guidance.txt'),
    { do: 'door', args: ['task', 'steer', 'done'] },
    { do: 'say', text: CHART_WORDS },
    { do: 'git', args: ['cherry-pick', chart] },
    { do: 'door', args: ['task', 'chart', 'done'] },
    { do: 'meet', name: 'worked' },
  ]
}

/** What the critic says about it. */
export const OBJECTION =
  'The task clouds is not done: src/guidance.txt does not say what happens under clouds.'

/** The attempt after the refusal. */
export const THIRD_ATTEMPT: readonly Act[] = [
  { do: 'recite' },
  { do: 'meet', name: 'heard' },
  {
    do: 'write',
    path: 'src/guidance.txt',
    text: guidance('by radio beacon, then by the stars', 'by radio beacon alone'),
  },
  commit('Steer by beacon alone under clouds', 'src/guidance.txt'),
  { do: 'door', args: ['task', 'clouds', 'done', '-m', 'the beacon needs no stars'] },
  { do: 'meet', name: 'worked' },
]

/** What the two reviewers do, round by round. */
export const CRITIC: readonly (readonly Act[])[] = [
  [{ do: 'verdict', verdict: 'nack', reasons: [OBJECTION] }],
  [{ do: 'verdict', verdict: 'ack', reasons: [] }],
]
export const SECOND: readonly (readonly Act[])[] = [
  [{ do: 'verdict', verdict: 'ack', reasons: [] }],
  [{ do: 'verdict', verdict: 'ack', reasons: [] }],
]

/** The pull request of the second story: alice writes the plan herself while the agent plans. */
export const LANDING = {
  branch: 'landing',
  title: 'Land the rocket',
  files: { 'src/landing.txt': 'parachute: none\n' },
  conflict: {
    happening: 'alice pushes a plan of her own, while the agent writes one',
    files: { '.belay/plan.md': '# Land the rocket\n\n- [ ] **legs**: Give it legs\n' },
    message: 'Plan the landing myself',
  },
} as const

/** The only attempt of the second story: a plan, and a sketch that it did not commit. */
export const LANDING_ATTEMPT: readonly Act[] = [
  ...planAttempt('# Land the rocket\n\n- [ ] **parachute**: Give it a parachute\n'),
  { do: 'write', path: 'sketch.txt', text: 'A parachute, seen from below: O\n' },
  { do: 'meet', name: 'worked' },
]

function commit(message: string, path: string): Act {
  return { do: 'commit', paths: [path], message }
}
