// What is wrong with a thing that is asked for by its id: a question, a pin, a delivery, a pipeline, a session.
// A part of the catalogue; no logic, no secrets.

import { define } from './error-spec.ts'

/** A part of the catalogue, sorted by code. */
export const RECORD_ERRORS = {
  BACKUP_DAMAGED: define<{ readonly backup: string; readonly detail: string }>({
    status: 409,
    title: 'Pin can not be read back',
    message: (d) => `The pin \`${d.backup}\` could not be read back whole: ${d.detail}.`,
    hint: () => 'Nothing was pushed or deleted. Read docs/recovery.md before anybody touches the mirror.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  BACKUP_EMPTY: define<{ readonly backup: string; readonly leftOut: readonly string[] }>({
    status: 422,
    title: 'Pin holds nothing that may be pushed',
    message: (d) =>
      d.leftOut.length === 0
        ? `The pin \`${d.backup}\` holds no uncommitted files.`
        : `None of the uncommitted files of the pin \`${d.backup}\` may leave the machine: ${d.leftOut.join(', ')}.`,
    hint: () =>
      'Rescue the commits alone, or take the files out of the pin by hand as docs/recovery.md says.',
    audience: 'user',
    retry: 'never',
  }),
  BACKUP_NOT_FOUND: define<{ readonly backup: string }>({
    status: 404,
    title: 'No such pin',
    message: (d) => `There is no pin with the id \`${d.backup}\`.`,
    hint: () => 'List them with `belay backups list`.',
    audience: 'user',
    retry: 'never',
  }),
  DECISION_ALREADY_RESOLVED: define<{
    readonly decision: string
    readonly answer: string
    readonly by: string
  }>({
    status: 409,
    title: 'Decision is already answered',
    message: (d) => `The question \`${d.decision}\` was already answered with \`${d.answer}\` by ${d.by}.`,
    hint: () => 'Nothing to do; the first valid answer counts.',
    audience: 'user',
    retry: 'never',
  }),
  DECISION_AMBIGUOUS: define<{ readonly decision: string }>({
    status: 409,
    title: 'Several decisions have this id',
    message: (d) => `More than one repository has a question with the id \`${d.decision}\`.`,
    hint: () => 'Name its pipeline with `--pipeline`; `belay decisions list` shows it.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  DECISION_NOT_FOUND: define<{ readonly decision: string }>({
    status: 404,
    title: 'No such decision',
    message: (d) => `There is no question with the id \`${d.decision}\`.`,
    hint: () => 'Take the id from the question on the pull request, or run `belay decisions list`.',
    audience: 'user',
    retry: 'never',
  }),
  DECISION_OPTION_INVALID: define<{
    readonly decision: string
    readonly answer: string
    readonly options: readonly string[]
  }>({
    status: 422,
    title: 'Not an option of this decision',
    message: (d) => `\`${d.answer}\` is not an option of the question \`${d.decision}\`; it stays open.`,
    hint: (d) => `Answer with one of: ${d.options.join(', ')}.`,
    audience: 'user',
    retry: 'after_fix',
  }),
  DECISION_SUPERSEDED: define<{
    readonly decision: string
    /** Why, as it is stored: `superseded`, `wrong_phase`, `expired` and so on. */
    readonly reason: string
    /** The same in words. */
    readonly why: string
    readonly successor: string | null
  }>({
    status: 409,
    title: 'Decision was withdrawn',
    message: (d) => `The question \`${d.decision}\` was withdrawn. ${d.why}`,
    hint: (d) =>
      d.successor === null ? 'Nothing is left to answer.' : `Answer the question \`${d.successor}\` instead.`,
    audience: 'user',
    retry: 'after_fix',
  }),
  DELIVERY_ALREADY_FINISHED: define<{ readonly delivery: string }>({
    status: 409,
    title: 'Delivery is finished',
    message: (d) => `The delivery \`${d.delivery}\` is finished; there is nothing to drop.`,
    hint: () => 'Nothing to do; only pending and dead deliveries can be dropped.',
    audience: 'operator',
    retry: 'never',
  }),
  DELIVERY_NOT_FOUND: define<{ readonly delivery: string }>({
    status: 404,
    title: 'No such delivery',
    message: (d) => `There is no delivery with the id \`${d.delivery}\`.`,
    hint: () => 'List them with `belay inbox list`.',
    audience: 'operator',
    retry: 'never',
  }),
  PIPELINE_NOT_FOUND: define<{ readonly pipeline: string }>({
    status: 404,
    title: 'No such pipeline',
    message: (d) => `There is no pipeline with the id \`${d.pipeline}\`.`,
    hint: () => 'Take the id from `belay sessions show`.',
    audience: 'user',
    retry: 'never',
  }),
  RESCUE_REFUSED: define<{ readonly branch: string; readonly refusal: string; readonly detail: string }>({
    status: 409,
    title: 'Rescue was refused',
    message: (d) => `The branch \`${d.branch}\` could not be pushed (${d.refusal}). The pin is untouched.`,
    hint: () =>
      'Read what the host said in the details, name another branch if this one exists, and try again.',
    audience: 'user',
    retry: 'after_fix',
  }),
  RESCUE_WITHDRAWN: define<{ readonly backup: string; readonly reason: string }>({
    status: 503,
    title: 'Rescue was not finished',
    message: (d) =>
      `The rescue of the pin \`${d.backup}\` was not finished: ${d.reason}. The pin is untouched, and Belay does not try it again by itself.`,
    hint: () => 'Give the order again when the cause is gone; an order given twice makes one branch.',
    audience: 'user',
    retry: 'later',
  }),
  SESSION_NOT_FOUND: define<{ readonly session: string }>({
    status: 404,
    title: 'No such session',
    message: (d) => `There is no session with the id \`${d.session}\`.`,
    hint: () => 'List them with `belay sessions list`.',
    audience: 'user',
    retry: 'never',
  }),
} as const
