// Writes docs/pipelines.md: the states of pipelines, phases and attempts, and what follows from every event.

import type {
  AttemptEvent,
  Outcome,
  PhaseEvent,
  PipelineEvent,
} from '../../src/domain/pipeline/transitions.ts'
import type { StateSpec } from '../../src/domain/pipeline/states.ts'
import { code, generatedNotice, markdownTable } from './markdown-table.ts'

/** One state machine: its states, and what follows in each from every event. */
export interface Machine {
  readonly title: string
  readonly says: string
  /** Null when another machine has the same states. */
  readonly states: Readonly<Record<string, StateSpec>> | null
  readonly transitions: Readonly<Record<string, Readonly<Record<string, Outcome<string>>>>>
  /** What each event is, in words. */
  readonly events: Readonly<Record<string, string>>
}

const EVERY_RUN = {
  gave_up: 'The workspace could not be made, or something broke inside Belay again and again.',
  asked_failed: 'A question was opened, and its row in the table of decisions says `failed`.',
  asked_paused: 'A question was opened, and its row says `awaiting_human`.',
  resumed: 'An answer lets it go on, under a new run epoch.',
  aborted: 'An answer, the operator or the end of the waiting time cancels it.',
  session_ended: 'The session ended.',
} as const

/** What each event of a pipeline is. */
export const PIPELINE_EVENTS: Readonly<Record<PipelineEvent, string>> = {
  prepared: 'Repositories and worktree are there.',
  ...EVERY_RUN,
  completed: 'Its last phase is complete.',
  restarted: 'A person wants one of its phases again.',
}

/** What each event of a phase is. */
export const PHASE_EVENTS: Readonly<Record<PhaseEvent, string>> = {
  started: 'An attempt of its producer was opened.',
  ...EVERY_RUN,
  completed: 'Its work is synced, reviewed and pushed, and its plan is read where it makes one.',
  restarted: 'A person wants this phase again.',
  rewound: 'A person wants an earlier phase again.',
}

/** What each event of an attempt is. */
export const ATTEMPT_EVENTS: Readonly<Record<AttemptEvent, string>> = {
  spawned: 'The runner has started the process.',
  succeeded: 'The process ended with exit code 0.',
  failed:
    'It ended otherwise: another exit code, a signal, the time limit, the silence limit, no readable verdict.',
  stopped: 'Belay or its operator ended it.',
  lost: 'Nobody saw its end.',
}

/** Returns the document for the state machines; throws for a state without a description or an event without a row. */
export function pipelinesDocument(machines: readonly Machine[]): string {
  return [
    generatedNotice('src/domain/pipeline/transitions.ts'),
    '# Pipelines, phases and attempts',
    'A session works in pipelines: one for each `/belay run`, and one for each batch of news. A pipeline goes through the phases that the repository configures, and every phase has one attempt of an agent or several. These tables say what each of them can be, and what follows from everything that can happen to it. What a question does to them is in [decisions](decisions.md).',
    'In the tables of events a dash means: it comes late or twice, and changes nothing. *refused* means: whoever wants it is told why not.',
    ...machines.map(machineSection),
  ].join('\n\n')
}

function machineSection({ title, says, states, transitions, events }: Machine): string {
  const names = Object.keys(transitions)
  return [
    `## ${title}`,
    says,
    ...(states === null ? [] : [stateTable(names, states)]),
    eventTable(transitions, events),
  ].join('\n\n')
}

function stateTable(names: readonly string[], states: Readonly<Record<string, StateSpec>>): string {
  const rows = names.map((name) => {
    const spec = states[name]
    if (spec === undefined) throw new Error(`the state ${name} is not described`)
    return [code(name), spec.entered, spec.meanwhile, spec.left]
  })
  return markdownTable(['State', 'How it is entered', 'Meanwhile', 'How it is left'], rows)
}

/** One row an event, one column a state. */
function eventTable(transitions: Machine['transitions'], events: Machine['events']): string {
  const names = Object.keys(transitions)
  const rows = Object.entries(events).map(([event, meaning]) => [
    code(event),
    meaning,
    ...names.map((name) => outcomeCell(transitions[name]?.[event], `${name}, ${event}`)),
  ])
  return markdownTable(['Event', 'What it is', ...names.map((name) => `in ${code(name)}`)], rows)
}

function outcomeCell(outcome: string | undefined, place: string): string {
  if (outcome === undefined) throw new Error(`nothing is said of ${place}`)
  if (outcome === 'ignored') return '–'
  return outcome === 'refused' ? '*refused*' : code(outcome)
}
