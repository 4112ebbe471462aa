// `belay inbox …`. Prints and passes on; what a replay means is the inbox's.

import { InvalidArgumentError, Option, type Command } from 'commander'
import { assertNever } from '../domain/assert-never.ts'
import { CLI_HELP, renderDeliveries, renderDelivery } from '../domain/text/cli.ts'
import { CLI_RESULTS } from '../domain/text/cli-results.ts'
import type { DeliveryStatus } from '../ports/inbox.ts'
import type { CliActions } from './cli-actions.ts'
import { fail, printFound, toJson, type Terminal } from './terminal.ts'

const STATUSES: readonly DeliveryStatus[] = ['pending', 'done', 'ignored', 'dead', 'dropped']

interface ListOptions {
  readonly json?: true
  readonly limit: number
  readonly status?: readonly DeliveryStatus[]
}

/** Adds list, show, replay and drop. */
export function addInboxCommands(program: Command, actions: CliActions, terminal: Terminal): void {
  const inbox = program.command('inbox').description(CLI_HELP.inbox)
  inbox
    .command('list')
    .description(CLI_HELP.inboxList)
    .option('--limit <n>', CLI_HELP.limit, toCount, 50)
    .addOption(new Option('--status <status...>', CLI_HELP.status).choices(STATUSES))
    .option('--json', CLI_HELP.json)
    .action(async ({ json, limit, status }: ListOptions) => {
      const deliveries = await actions.listDeliveries({ statuses: status ?? null, limit })
      terminal.out(json === true ? toJson(deliveries) : renderDeliveries(deliveries))
    })
  inbox
    .command('show')
    .description(CLI_HELP.inboxShow)
    .argument('<delivery>', CLI_HELP.delivery)
    .option('--json', CLI_HELP.json)
    .action(async (id: string, { json }: { readonly json?: true }) => {
      printFound(terminal, await actions.findDelivery(id), {
        show: (entry) =>
          json === true ? toJson(entry) : `${renderDelivery(entry)}\n${pretty(entry.body)}\n`,
        none: CLI_RESULTS.noDelivery(id),
      })
    })
  addRepairs(inbox, actions, terminal)
}

function addRepairs(inbox: Command, actions: CliActions, terminal: Terminal): void {
  inbox
    .command('replay')
    .description(CLI_HELP.inboxReplay)
    .argument('<delivery>', CLI_HELP.delivery)
    .action(async (id: string) => {
      const reply = await actions.replayDelivery(id)
      switch (reply.kind) {
        case 'replayed':
          return terminal.out(CLI_RESULTS.replayed(id))
        case 'already_pending':
          return terminal.out(CLI_RESULTS.alreadyPending(id))
        case 'not_found':
          return fail(terminal, CLI_RESULTS.noDelivery(id))
        case 'refused':
          return fail(terminal, CLI_RESULTS.refused(reply.message, reply.hint))
        default:
          return assertNever(reply)
      }
    })
  inbox
    .command('drop')
    .description(CLI_HELP.inboxDrop)
    .argument('<delivery>', CLI_HELP.delivery)
    .action(async (id: string) => {
      const reply = await actions.dropDelivery(id)
      switch (reply.kind) {
        case 'dropped':
          return terminal.out(CLI_RESULTS.dropped(id))
        case 'already_finished':
          return fail(terminal, CLI_RESULTS.alreadyFinished(id))
        case 'not_found':
          return fail(terminal, CLI_RESULTS.noDelivery(id))
        case 'refused':
          return fail(terminal, CLI_RESULTS.refused(reply.message, reply.hint))
        default:
          return assertNever(reply)
      }
    })
}

function toCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.')
  return Number(text)
}

/** The payload for reading; JSON escapes whatever could move the cursor. */
function pretty(body: string): string {
  return JSON.stringify(JSON.parse(body), null, 2).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    '\ufffd',
  )
}
