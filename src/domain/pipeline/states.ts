// What a person should know of every state of pipelines, phases and attempts; docs/pipelines.md shows it.

import type { AttemptStatus, RunStatus } from '../records.ts'

/** How a state is entered, what happens in it, how it is left. */
export interface StateSpec {
  readonly entered: string
  readonly meanwhile: string
  readonly left: string
}

/** What a person should know of each state of pipelines and phases. */
export const RUN_STATES: Readonly<Record<RunStatus, StateSpec>> = {
  pending: {
    entered: 'A pipeline or phase begins here.',
    meanwhile: 'Of a pipeline the workspace is being made; a phase waits for its turn.',
    left: 'When the workspace is there, or the turn has come.',
  },
  running: {
    entered: 'By its start, by an answer that goes on, or because a person wants a phase again.',
    meanwhile:
      'Sync, attempt, review, push and contract follow each other; every one of them is a job of the lane.',
    left: 'When all of that is done, when a question opens, or when the session ends.',
  },
  awaiting_human: {
    entered: 'By a question about something that was left as it is.',
    meanwhile: 'Nothing runs and nothing is pushed.',
    left: 'By an answer, by the end of the waiting time if one is set, or with the session.',
  },
  complete: {
    entered: 'When everything of it is done.',
    meanwhile: 'The session watches the pull request.',
    left: 'A pipeline never is; a phase when a person wants it or an earlier one again.',
  },
  failed: {
    entered: 'By a question that says so, or because something broke inside Belay again and again.',
    meanwhile: 'Nothing runs. With an open question it is not over: nothing frees its resources.',
    left: 'By an answer, or because a person wants the phase again.',
  },
  cancelled: {
    entered: 'By an answer that ends it, or with the session.',
    meanwhile: 'Nothing runs; worktree and pins are kept.',
    left: 'Because a person wants the phase again.',
  },
}

/** What a person should know of each state of an attempt. */
export const ATTEMPT_STATES: Readonly<Record<AttemptStatus, StateSpec>> = {
  starting: {
    entered: 'Its row is written, with its run epoch, before any process exists.',
    meanwhile: 'The runner starts the process.',
    left: 'When the process runs, or could not be started.',
  },
  running: {
    entered: 'The runner has started the process.',
    meanwhile: 'Heartbeats renew its lease and say when it last showed life.',
    left: 'By its end, however it comes, or when nobody watches it any more.',
  },
  succeeded: { entered: 'Exit 0.', meanwhile: 'The phase goes on.', left: 'Never.' },
  failed: {
    entered: 'Any other end of its own, the time limit or the silence limit.',
    meanwhile: 'The worktree is pinned; another attempt follows, or a question.',
    left: 'Never.',
  },
  stopped: {
    entered: 'Belay or its operator ended it.',
    meanwhile: 'The worktree is pinned.',
    left: 'Never.',
  },
  lost: {
    entered: 'Nobody saw its end.',
    meanwhile: 'What it left running was ended; another attempt follows, or a question.',
    left: 'Never.',
  },
}
