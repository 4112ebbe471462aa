// Replies to commands that were not run: how they were written, who wrote them, or where.

import { assertNever } from '../assert-never.ts'
import type { ArgumentName } from '../command/grammar.ts'
import { commandSpec } from '../command/grammar.ts'
import type { CommandProblem, ProblemLine } from '../command/parsed-command.ts'
import type { RunStatus } from '../records.ts'
import { blocks, clip, fence, inlineCode, link, listing } from './markdown.ts'
import { populateFailedWords } from './plan-words.ts'
import type { RefusalReply } from './reply.ts'

const QUOTED = 200

/** Returns the body of a refusal. */
export function renderRefusal(reply: RefusalReply): string {
  switch (reply.kind) {
    case 'problem':
      return problem(reply.line)
    case 'refused':
      return `${inlineCode(reply.verb)} needs the role ${inlineCode(reply.needs)} or higher in this repository; yours is ${inlineCode(reply.role)}. Nothing was done. Somebody with that role can repeat the command.`
    case 'no_session':
      return blocks(
        `There is no session on this pull request, so there is nothing to ${verbPhrase(reply.verb)}. To start one:`,
        copy('/belay run'),
      )
    case 'session_running':
      return blocks(
        `A session is running on this pull request already: ${sessionLink(reply)}, started by ${inlineCode(reply.startedBy)}. No second one was started. To end it, keeping everything:`,
        copy('/belay stop'),
      )
    case 'pr_not_open':
      return `This pull request is ${reply.state}, so no session can be started on it. ${reply.state === 'closed' ? 'Reopen it, or use' : 'Use'} another one.`
    case 'fork_refused':
      return 'The branch of this pull request lies in a fork. Belay does not run on forks: it could not push there, and code from outside must not run here. Somebody who trusts the code can push it to a branch of this repository and open a pull request from there.'
    case 'not_on_issues':
      return `${inlineCode(reply.verb)} works on pull requests only in this version of Belay. Open a pull request and write the command there.`
    case 'isolation_refused':
      return isolation(reply.reason)
    case 'unknown_agent':
      return unknownAgent(reply)
    case 'agent_not_found':
      return `The program ${code(reply.binary)} of the agent ${code(reply.agent)} is not on the runner. Nothing was started. The operator can install it there, or correct \`binary\` in the file that \`BELAY_AGENTS_FILE\` names.`
    case 'branch_refused':
      return `The branch name ${code(reply.branch)} is not one that Belay can work with. Nothing was started. Rename the branch and try again.`
    case 'repeated':
      return `${inlineCode(reply.verb)} was done already, as ${link('this comment', reply.firstUrl)} asked. Nothing was done a second time.`
    case 'attempt_running':
      return blocks(
        `${inlineCode(reply.verb)} was not done: an agent is at work on phase ${inlineCode(reply.phase)}, and the worktree is its own until then. Repeat the command when the attempt has ended, or end the session, keeping everything:`,
        copy('/belay stop'),
      )
    case 'merging':
      return `${inlineCode(reply.verb)} was not done: GitHub is about to merge this pull request, and a new commit would stop that. Nothing starts and nothing is pushed meanwhile. If the work should go on first, take the pull request out of the merge queue or switch auto-merge off, and repeat the command.`
    case 'not_restartable':
      return `${inlineCode(reply.verb)} was not done: ${NOT_RESTARTABLE[reply.status]}`
    case 'populate_failed':
      return populateFailedWords(reply)
    case 'broken':
      return `${inlineCode(reply.verb)} could not be done. ${reply.message} ${reply.hint}`
    default:
      return assertNever(reply)
  }
}

const NOT_RESTARTABLE: Readonly<Record<RunStatus, string>> = {
  pending: 'it has not run yet: phases start by themselves when their turn comes.',
  running: 'the pipeline is at work already. Stop the session first if it should not go on.',
  awaiting_human: 'the pipeline waits for an answer, and nothing runs until somebody gives it.',
  failed:
    'a newer pipeline of the session has taken its place. `/belay run` starts the phases from their beginning.',
  complete: 'the pipeline is complete. `/belay run` starts the phases from their beginning.',
  cancelled:
    'a newer pipeline of the session has taken its place. `/belay run` starts the phases from their beginning.',
}

function sessionLink(reply: Extract<RefusalReply, { kind: 'session_running' }>): string {
  return reply.statusUrl === null ? inlineCode(reply.sessionId) : link(reply.sessionId, reply.statusUrl)
}

function problem(line: ProblemLine): string {
  return blocks(
    `${code(line.source)} was not run: ${problemWords(line.problem)}`,
    line.suggestion === null
      ? null
      : `${line.problem.kind === 'unknown_verb' ? 'Did you mean' : 'For example'}:`,
    line.suggestion === null ? 'This lists the commands:' : null,
    copy(line.suggestion ?? '/belay help'),
  )
}

function problemWords(found: CommandProblem): string {
  switch (found.kind) {
    case 'unknown_verb':
      return `${code(found.word)} is not a command of Belay.`
    case 'not_available_yet':
      return `${inlineCode(found.verb)} is not available yet in this version of Belay.`
    case 'missing_argument':
      return `${inlineCode(found.verb)} needs ${ARGUMENTS[found.argument]}.`
    case 'unexpected_argument':
      return `${inlineCode(found.verb)} takes ${taken(found.verb)}, and ${code(found.word)} is too much.${found.verb === 'run' ? ' A prompt stands after `--`.' : ''}`
    case 'bad_decision_id':
      return `${code(found.word)} can not be the id of a question. An id is six characters long and stands in the question’s first line.`
    case 'bad_argument':
      return `${code(found.word)} can not be ${ARGUMENTS[found.argument]}.`
    default:
      return assertNever(found)
  }
}

const ARGUMENTS: Readonly<Record<ArgumentName, string>> = {
  agent: 'the name of an agent',
  prompt: 'a prompt after `--`',
  decision: 'the id of a question',
  option: 'the option to answer with',
  backup: 'the name of a pin',
}

function taken(verb: Parameters<typeof commandSpec>[0]): string {
  const { args, flags = [] } = commandSpec(verb)
  const names = [...args.map(({ name }) => ARGUMENTS[name]), ...flags.map((flag) => code(`--${flag}`))]
  return names.length === 0 ? 'nothing after it' : `only ${listing(names)}`
}

function verbPhrase(verb: string): string {
  const phrases: Readonly<Record<string, string>> = {
    rescue: 'rescue',
    sync: 'sync',
    stop: 'stop',
    status: 'show the status of',
    retry: 'run again',
    populate: 'fill the contract of',
  }
  return phrases[verb] ?? 'answer'
}

function isolation(reason: 'unset' | 'not_available_yet'): string {
  if (reason === 'not_available_yet') {
    return 'No agent was started: this version of Belay does not have the isolation `bubblewrap` yet. The operator can set `BELAY_ISOLATION=wrapper` with a sandbox of their own in `BELAY_AGENT_WRAPPER`.'
  }
  return blocks(
    'No agent was started: the operator has not said yet how agents are kept apart from the machine they run on. An agent runs code from the pull request, so there is no default. One of these lines in the configuration of Belay decides it:',
    fence(
      'BELAY_ISOLATION=wrapper\nBELAY_AGENT_WRAPPER=<a sandbox and its arguments, put before every agent>',
      'text',
    ),
    'or, when everybody who may start a session may also run any program as the user of Belay:',
    fence('BELAY_ISOLATION=none', 'text'),
  )
}

function unknownAgent(reply: Extract<RefusalReply, { kind: 'unknown_agent' }>): string {
  const known =
    reply.known.length === 0
      ? 'The operator has set up none.'
      : `Known here: ${listing(reply.known.map(code))}.`
  return blocks(
    `There is no agent with the name ${code(reply.agent)}. Nothing was started. ${known}`,
    reply.didYouMean === null ? null : 'Did you mean:',
    reply.didYouMean === null ? null : copy(`/belay run ${reply.didYouMean}`),
  )
}

function code(text: string): string {
  return inlineCode(clip(text, QUOTED))
}

function copy(line: string): string {
  return fence(line, 'text')
}
