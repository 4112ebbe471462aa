// `belay backups …`. Prints and passes on; what a rescue does is the workflow's.

import { InvalidArgumentError, type Command } from 'commander'
import { assertNever } from '../domain/assert-never.ts'
import { isBranchName } from '../domain/ids.ts'
import {
  renderBackup,
  renderBackups,
  type BackupFacts,
  type ShownBackup,
} from '../domain/text/cli-backups.ts'
import {
  renderDamaged,
  renderNothingDirty,
  renderRescued,
  renderRescueRefused,
} from '../domain/text/cli-rescue.ts'
import { CLI_HELP } from '../domain/text/cli.ts'
import { CLI_RESULTS } from '../domain/text/cli-results.ts'
import type { CliActions } from './cli-actions.ts'
import type { PostedRescue } from './post-rescue.ts'
import { fail, printFound, toJson, type Terminal } from './terminal.ts'

/** Adds `backups list`, `backups show` and `backups rescue`. */
export function addBackupCommands(program: Command, actions: CliActions, terminal: Terminal): void {
  const backups = program.command('backups').description(CLI_HELP.backups)
  backups
    .command('list')
    .description(CLI_HELP.backupsList)
    .option('--session <id>', CLI_HELP.session)
    .option('--json', CLI_HELP.json)
    .action(async ({ json, session }: { readonly json?: true; readonly session?: string }) => {
      printFound(terminal, await actions.listBackups(session ?? null), {
        show: (list) => (json === true ? toJson(list.map(flat)) : renderBackups(list)),
        none: CLI_RESULTS.noSession(session ?? ''),
      })
    })
  backups
    .command('show')
    .description(CLI_HELP.backupsShow)
    .argument('<backup>', CLI_HELP.backup)
    .option('--json', CLI_HELP.json)
    .action(async (id: string, { json }: { readonly json?: true }) => {
      printFound(terminal, await actions.findBackup(id), {
        show: (shown) => (json === true ? toJson(flat(shown)) : renderBackup(shown)),
        none: CLI_RESULTS.noBackup(id),
      })
    })
  addRescue(backups, actions, terminal)
}

interface RescueOptions {
  readonly dirty?: true
  readonly branch?: string
}

function addRescue(backups: Command, actions: CliActions, terminal: Terminal): void {
  backups
    .command('rescue')
    .description(CLI_HELP.backupsRescue)
    .argument('<backup>', CLI_HELP.backup)
    .option('--dirty', CLI_HELP.dirty)
    .option('--branch <name>', CLI_HELP.branch, toBranch)
    .action(async (backupId: string, { dirty, branch }: RescueOptions) => {
      const content = dirty === true ? 'dirty' : 'commits'
      const order = { backupId, content, branch: branch ?? null } as const
      printRescue(terminal, backupId, await actions.rescueBackup(order))
    })
}

function printRescue(terminal: Terminal, backupId: string, reply: PostedRescue): void {
  switch (reply.kind) {
    case 'rescued':
      return terminal.out(renderRescued({ ...reply, backupId }))
    case 'queued':
      return terminal.out(CLI_RESULTS.rescueQueued(backupId))
    case 'backup_not_found':
      return fail(terminal, CLI_RESULTS.noBackup(backupId))
    case 'nothing_dirty':
      return fail(terminal, renderNothingDirty(backupId, reply.leftOut))
    case 'pin_damaged':
      return fail(terminal, renderDamaged(backupId, reply.detail))
    case 'push_refused':
      return fail(terminal, renderRescueRefused(reply))
    case 'refused':
      return fail(terminal, CLI_RESULTS.refused(reply.message, reply.hint))
    default:
      return assertNever(reply)
  }
}

function toBranch(text: string): string {
  if (!isBranchName(text)) throw new InvalidArgumentError(CLI_HELP.notABranch)
  return text
}

/** One flat object for scripts: the row's fields, then what belongs to it. */
function flat({ backup, ...facts }: BackupFacts | ShownBackup): object {
  return { ...backup, ...facts }
}
