// The shape of `.github/belay.yml` with its limits, defaults and a line for editors on every key. One source for the
// check of a file and for the published JSON Schema. Knows no YAML and no positions.
//
// Every mapping is strict, permissions too: a record would let `__proto__` pass unseen.

import { z } from 'zod'

import { AGENT_NAME } from '../command/argument.ts'
import { commandSpec, LATER_VERBS, VERBS } from '../command/grammar.ts'
import type { LaterVerb, Verb } from '../command/grammar.ts'
import { roleAtLeast, ROLES } from '../permission.ts'
import { CONFIG_TEXT } from '../text/config-faults.ts'
import { DURATION, DURATION_OR_NEVER, LONGEST_WAIT_MS, MAX_DURATION_MS, parseDuration } from './duration.ts'

/** The prompt of a phase that has none of its own. */
export const DEFAULT_PHASE_PROMPT = [
  'Do the work that this pull request and its conversation ask for.',
  'Read the instructions the repository gives to contributors first.',
  'Keep the change as small as the task allows, run the tests that cover it, and commit.',
].join(' ')

/** The phases of a repository that names none. */
const DEFAULT_PHASES = [{ name: 'implement' }]

/** What is said of keys that a later version will act on: a file that names them is right, and nothing comes of it. */
const NOT_USED_YET = 'Validated, not used yet.'

/** A path inside the repository: no way up, no root, none of git's own files. */
const PLAN_PATH = /^(?!\/)(?!.*(?:^|\/)(?:\.{1,2}|\.git)(?:\/|$))[\w./-]{1,200}$/

/** Lowest role that a repository can demand: `none` would be no demand. */
const CONFIGURABLE_ROLES = ROLES.filter((role) => role !== 'none')

const agentName = z.string().regex(AGENT_NAME, CONFIG_TEXT.agentName)

const duration = z
  .string()
  .regex(DURATION, CONFIG_TEXT.duration)
  .refine((text) => {
    const ms = parseDuration(text)
    return ms === null || (ms > 0 && ms <= MAX_DURATION_MS)
  }, CONFIG_TEXT.durationRange)

const phase = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, CONFIG_TEXT.phaseName)
    .describe('Name of the phase, unique in the file.'),
  prompt: z
    .string()
    .regex(/\S/, CONFIG_TEXT.emptyText)
    .default(DEFAULT_PHASE_PROMPT)
    .describe('What the agent is asked to do in this phase.'),
  produces: z
    .enum(['contract'])
    .optional()
    .describe('`contract`: the plan that the phase leaves is parsed into tasks when it is over.'),
  plan: z
    .string()
    .regex(PLAN_PATH, CONFIG_TEXT.planPath)
    .default('.belay/plan.md')
    .describe('Where such a phase leaves its plan, from the root of the repository.'),
  reviewers: z
    .array(agentName)
    .max(10)
    .default([])
    .describe('Agents that must all acknowledge the result before it is pushed and the next phase starts.'),
  timeout: duration
    .default('2h')
    .describe('Longest time of one attempt, such as `45s`, `30m` or `2h`; at most 24h.'),
  silence: duration
    .default('30m')
    .describe(
      'Longest time in which an agent that streams its output shows no life: no output, no work of its processes, no change in its worktree.',
    ),
  restarts: z
    .int()
    .min(0)
    .max(10)
    .default(2)
    .describe('New attempts after a failed one, before a person is asked.'),
})

const sync = z.strictObject({
  on_conflict: z
    .enum(['reset', 'pause'])
    .default('reset')
    .describe(
      'When both sides changed the same lines: `reset` pins, resets and asks; `pause` pins, leaves and asks.',
    ),
  push_backups: z
    .enum(['head', 'all', 'none'])
    .default('head')
    .describe(
      'Which refs of a pin are pushed to the repository before a reset: `head` the commits, `all` index and files too (unless one of them looks like a secret, is 50 MB or more, or all together are 200 MB or more), `none` nothing.',
    ),
  push_backups_fallback: z
    .enum(['none', 'branch'])
    .default('none')
    .describe(
      'What to do where the host refuses the namespace of the pins: `none` leaves them on the runner, `branch` puts their commits on a branch `belay/rescue/…`.',
    ),
})

const login = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\[bot\])?$/, CONFIG_TEXT.login)

const nudges = z.strictObject({
  checks: z.boolean().default(true).describe('Tell the agent about failing checks.'),
  reviews: z.boolean().default(true).describe('Tell the agent about review threads.'),
  conflicts: z.boolean().default(true).describe('Tell the agent about conflicts with the base branch.'),
  rounds: z
    .int()
    .min(0)
    .max(20)
    .default(3)
    .describe('Rounds without a human act in between, before a person is asked.'),
  bots: z
    .array(login)
    .max(50)
    .default([])
    .describe('Bots whose reviews the agent is told, such as `my-reviewer[bot]`; all others are left out.'),
  untrusted: z
    .boolean()
    .default(false)
    .describe('Tell the agent also what people without write permission say in reviews.'),
})

/** Everything that changes something has the floor `write`; a file that asks for less is wrong, not ignored. */
function roleFor(verb: Verb | LaterVerb) {
  const later = LATER_VERBS.some((each) => each === verb)
  const changes = later || VERBS.some((each) => each === verb && commandSpec(each).changes)
  const allowed = changes
    ? CONFIGURABLE_ROLES.filter((role) => roleAtLeast(role, 'write'))
    : CONFIGURABLE_ROLES
  return z.enum(allowed).exactOptional().describe(`Lowest role that may use \`/belay ${verb}\`.`)
}

const permissions = z.strictObject({
  run: roleFor('run'),
  continue: roleFor('continue'),
  abort: roleFor('abort'),
  answer: roleFor('answer'),
  rescue: roleFor('rescue'),
  status: roleFor('status'),
  sync: roleFor('sync'),
  stop: roleFor('stop'),
  help: roleFor('help'),
  populate: roleFor('populate'),
  retry: roleFor('retry'),
  restore: roleFor('restore'),
  claim: roleFor('claim'),
} satisfies Record<Verb | LaterVerb, z.ZodType>)

const overseer = z.strictObject({
  stall: duration.default('10m').describe('An agent that shows no life for so long raises an alert.'),
  loop: z
    .int()
    .min(2)
    .max(50)
    .default(3)
    .describe('The same failure so often in one pipeline raises an alert.'),
  budget: duration
    .default('12h')
    .describe('The time of all attempts of one pipeline together that raises an alert.'),
})

const days = z
  .string()
  .regex(DURATION_OR_NEVER, CONFIG_TEXT.durationOrNever)
  .refine((text) => {
    const ms = parseDuration(text)
    return text === 'never' || ms === null || (ms > 0 && ms <= LONGEST_WAIT_MS)
  }, CONFIG_TEXT.waitRange)

const decisions = z.strictObject({
  remind: days
    .default('1d')
    .describe('When the person is reminded of an open question, and then in doubled intervals; or `never`.'),
  expire: days
    .default('never')
    .describe(
      'When an open question counts as answered with its way out, which cancels the pipeline and keeps everything; or `never`.',
    ),
})

const triggers = z.strictObject({
  labels: z
    .array(z.string().regex(/\S/, CONFIG_TEXT.emptyText).max(100))
    .max(50)
    .default([])
    .describe('Labels that start a session when somebody who may run it adds them.'),
  authors: z
    .array(login)
    .max(50)
    .default([])
    .describe('Logins whose pull requests start a session by themselves, such as `my-agent[bot]`.'),
})

/** Checks the decoded file and fills in every default. */
export const REPOSITORY_CONFIG_SCHEMA = z.strictObject({
  version: z.literal(1).default(1).describe('Version of this format.'),
  _extends: z
    .string()
    .regex(/^(?:[\w.-]+\/)?[\w.-]+(?::[\w./-]+)?$/, CONFIG_TEXT.extendsFrom)
    .optional()
    .describe(
      `Repository whose file fills what this one leaves out, such as \`.github\` or \`owner/name:path\`. ${NOT_USED_YET}`,
    ),
  agent: agentName.optional().describe('Name of an agent in the operator’s catalogue.'),
  phases: z.array(phase).min(1).max(20).prefault(DEFAULT_PHASES).describe('What a run does, phase by phase.'),
  sync: sync.prefault({}).describe('How the worktree and the branch are kept in step.'),
  check: z
    .enum(['action_required', 'neutral'])
    .default('action_required')
    .describe('Conclusion of the check run while a question is open.'),
  nudges: nudges.prefault({}).describe('News of the pull request that the agent is told.'),
  overseer: overseer.prefault({}).describe('When Belay raises an alert about the agents of a pipeline.'),
  decisions: decisions.prefault({}).describe('Questions that nobody answers.'),
  permissions: permissions
    .prefault({})
    .describe('Lowest role for a command. It can be raised, never lowered.'),
  triggers: triggers.prefault({}).describe(`What starts a session without a command. ${NOT_USED_YET}`),
})

/** Is the decoded file with its defaults, in the file's own names. */
export type RepositoryConfigFile = z.output<typeof REPOSITORY_CONFIG_SCHEMA>

/** Returns the JSON Schema of `.github/belay.yml`: what may be typed, with every default and a line on every key. */
export function repositoryConfigJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(REPOSITORY_CONFIG_SCHEMA, { io: 'input', target: 'draft-7' })
  return { ...schema, title: 'Belay repository configuration', description: CONFIG_TEXT.schemaDescription }
}
