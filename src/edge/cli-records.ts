// `belay decisions …`, `belay sessions …`. Prints and passes on.

import type { Command } from 'commander'
import { assertNever } from '../domain/assert-never.ts'
import { CLI_HELP, renderDecisions, renderSession, renderSessions } from '../domain/text/cli.ts'
import { CLI_RESULTS } from '../domain/text/cli-results.ts'
import type { CliActions } from './cli-actions.ts'
import type { PostedReply } from './post-answer.ts'
import { fail, printFound, toJson, type Terminal } from './terminal.ts'

interface ListOptions {
  readonly json?: true
  readonly all?: true
}

/** Adds `decisions list` and `decisions answer`. */
export function addDecisionCommands(program: Command, actions: CliActions, terminal: Terminal): void {
  const decisions = program.command('decisions').description(CLI_HELP.decisions)
  decisions
    .command('list')
    .description(CLI_HELP.decisionsList)
    .option('--all', CLI_HELP.all)
    .option('--json', CLI_HELP.json)
    .action(async ({ json, all }: ListOptions) => {
      const list = await actions.listDecisions(all === true ? 'all' : 'open')
      terminal.out(json === true ? toJson(list) : renderDecisions(list))
    })
  decisions
    .command('answer')
    .description(CLI_HELP.decisionsAnswer)
    .argument('<decision>', CLI_HELP.decision)
    .argument('<option>', CLI_HELP.option)
    .option('--pipeline <id>', CLI_HELP.pipeline)
    .action(async (decisionId: string, answer: string, options: { readonly pipeline?: string }) => {
      const pipelineId = options.pipeline ?? null
      printReply(terminal, decisionId, await actions.answerDecision({ decisionId, answer, pipelineId }))
    })
}

function printReply(terminal: Terminal, decisionId: string, reply: PostedReply): void {
  switch (reply.kind) {
    case 'accepted': {
      const say = reply.isOpen ? CLI_RESULTS.stillOpen : CLI_RESULTS.answered
      return terminal.out(say(decisionId, reply.option))
    }
    case 'queued':
      return terminal.out(CLI_RESULTS.queued(decisionId))
    case 'refused':
      return fail(terminal, CLI_RESULTS.refused(reply.message, reply.hint))
    default:
      return assertNever(reply)
  }
}

/** Adds `sessions list` and `sessions show`. */
export function addSessionCommands(program: Command, actions: CliActions, terminal: Terminal): void {
  const sessions = program.command('sessions').description(CLI_HELP.sessions)
  sessions
    .command('list')
    .description(CLI_HELP.sessionsList)
    .option('--all', CLI_HELP.all)
    .option('--json', CLI_HELP.json)
    .action(async ({ json, all }: ListOptions) => {
      const list = await actions.listSessions(all === true ? 'all' : 'open')
      terminal.out(json === true ? toJson(list) : renderSessions(list))
    })
  sessions
    .command('show')
    .description(CLI_HELP.sessionsShow)
    .argument('<session>', CLI_HELP.sessionId)
    .option('--json', CLI_HELP.json)
    .action(async (id: string, { json }: ListOptions) => {
      printFound(terminal, await actions.findSession(id), {
        show: json === true ? toJson : renderSession,
        none: CLI_RESULTS.noSession(id),
      })
    })
}
