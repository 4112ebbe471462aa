// What the repository of a case is configured to do, and the file that says so.

/** What a phase is for in a case. */
export type PhaseKind = 'plan' | 'work' | 'reviewed'

export interface Setup {
  readonly phases: readonly PhaseKind[]
  readonly onConflict: 'reset' | 'pause'
  readonly restarts: 0 | 1
  /** Whether a question that nobody answers ends after four days. */
  readonly expires: boolean
}

export const PLAN_PATH = '.belay/plan.md'
const REVIEWERS = ['codex', 'gemini'] as const

/** Returns the text of `.github/belay.yml`. */
export function configText({ phases, onConflict, restarts, expires }: Setup): string {
  const lines = phases.flatMap((kind, position) => [
    `  - name: ${phaseName(kind, position)}`,
    `    restarts: ${restarts}`,
    ...(kind === 'plan' ? ['    produces: contract', `    plan: ${PLAN_PATH}`] : []),
    ...(kind === 'reviewed' ? [`    reviewers: [${REVIEWERS.join(', ')}]`] : []),
  ])
  return [
    'version: 1',
    'agent: worker',
    'phases:',
    ...lines,
    `sync: { on_conflict: ${onConflict} }`,
    'nudges: { rounds: 1 }',
    `decisions: { remind: 1d, expire: ${expires ? '4d' : 'never'} }`,
    '',
  ].join('\n')
}

/** Returns the name of a phase; the same kind may come twice. */
function phaseName(kind: PhaseKind, position: number): string {
  return `${kind}-${position}`
}
