// The command line: words in, action, text out, exit code. Knows no database and no GitHub.

import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { isAppError } from '../domain/errors/app-error.ts'
import { appLink } from '../domain/app-link.ts'
import { CLI_RESULTS, renderFailure } from '../domain/text/cli-results.ts'
import { CLI_HELP, renderFindings } from '../domain/text/cli.ts'
import { openApiDocument } from './api/api-routes.ts'
import type { CliActions } from './cli-actions.ts'
import { addBackupCommands } from './cli-backups.ts'
import { addDecisionCommands, addSessionCommands } from './cli-records.ts'
import { addInboxCommands } from './cli-inbox.ts'
import { toJson, type Terminal } from './terminal.ts'

/** 0 done, 1 failed, 2 wrong usage or configuration. */
export type ExitCode = 0 | 1 | 2

export interface CliParts {
  readonly version: string
  readonly actions: CliActions
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** Runs one command line (without `node` and the program's name) and returns the exit code; never rejects. */
export async function runCli(words: readonly string[], parts: CliParts): Promise<ExitCode> {
  const terminal: Terminal = { out: parts.out, err: parts.err, exitCode: 0 }
  try {
    await makeProgram(parts, terminal).parseAsync([...words], { from: 'user' })
    return terminal.exitCode
  } catch (error) {
    // Asked-for help is a success for commander too; help instead of a missing subcommand is wrong usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    parts.err(renderFailure(error))
    return isAppError(error, 'CONFIG_INVALID') ? 2 : 1
  }
}

function makeProgram({ actions, version, out, err }: CliParts, terminal: Terminal): Command {
  const program = new Command('belay')
    .description(CLI_HELP.program)
    .version(version)
    .exitOverride()
    .showHelpAfterError()
    .allowExcessArguments(false)
    .configureOutput({ writeOut: out, writeErr: err })
    .addHelpText('after', CLI_HELP.examples)
  program
    .command('start')
    .description(CLI_HELP.start)
    .action(() => actions.start())
  program
    .command('migrate')
    .description(CLI_HELP.migrate)
    .action(async () => terminal.out(CLI_RESULTS.migrated(await actions.migrate())))
  program
    .command('doctor')
    .description(CLI_HELP.doctor)
    .option('--json', CLI_HELP.json)
    .action(async (options: { readonly json?: true }) => {
      const findings = await actions.doctor()
      terminal.out(options.json === true ? toJson(findings) : renderFindings(findings))
      if (findings.some(({ verdict }) => verdict === 'bad')) terminal.exitCode = 1
    })
  program
    .command('openapi')
    .description(CLI_HELP.openApi)
    .action(() => terminal.out(toJson(openApiDocument())))
  addAppLink(program, terminal)
  addInboxCommands(program, actions, terminal)
  addDecisionCommands(program, actions, terminal)
  addSessionCommands(program, actions, terminal)
  addBackupCommands(program, actions, terminal)
  return program
}

interface AppLinkOptions {
  readonly owner?: string
  readonly name: string
  readonly github: URL
}

function addAppLink(program: Command, terminal: Terminal): void {
  program
    .command('app-link')
    .description(CLI_HELP.appLink)
    .argument('<address>', CLI_HELP.address, toWebAddress)
    .option('--owner <organisation>', CLI_HELP.owner)
    .option('--name <name>', CLI_HELP.appName, 'Belay')
    .option('--github <address>', CLI_HELP.github, toWebAddress, new URL('https://github.com'))
    .action((address: URL, { owner, name, github }: AppLinkOptions) => {
      terminal.out(`${appLink({ address, owner: owner ?? null, name, webUrl: github.origin })}\n`)
    })
}

function toWebAddress(text: string): URL {
  const address = URL.canParse(text) ? new URL(text) : null
  if (address === null || !['http:', 'https:'].includes(address.protocol)) {
    throw new InvalidArgumentError(CLI_HELP.notAnAddress)
  }
  return address
}
