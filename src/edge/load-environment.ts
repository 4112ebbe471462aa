// Gives the pure reader of the environment its surroundings: `.env`, files, the key check, the machine's name.

import { createPrivateKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { loadEnvFile } from 'node:process'
import { parseEnvironment, parseRecordsPlace } from '../domain/config/environment.ts'
import type { EnvironmentFault, EnvironmentNotice } from '../domain/config/environment-fault.ts'
import type { OperatorConfig, RecordsPlace } from '../domain/config/operator-config.ts'
import { AppError } from '../domain/errors/app-error.ts'
import { renderEnvironmentFault } from '../domain/text/start-up.ts'

export interface LoadedEnvironment {
  readonly config: OperatorConfig
  readonly notices: readonly EnvironmentNotice[]
}

/**
 * Reads `.env` of the folder when there is one, then the environment; what the environment says wins.
 *
 * Throws `CONFIG_INVALID` with every fault.
 */
export function loadEnvironment(folder: string): LoadedEnvironment {
  readEnvFile(folder)
  const outcome = parseEnvironment(process.env, { readFile, isPrivateKey, hostName: hostname() })
  if (outcome.kind === 'valid') return outcome
  throw invalid(outcome.faults)
}

/**
 * Reads from the same places as `loadEnvironment` where the records of this machine are, and asks for nothing else.
 *
 * Throws `CONFIG_INVALID` when DATABASE_URL is no address of a database.
 */
export function loadRecordsPlace(folder: string): RecordsPlace {
  readEnvFile(folder)
  const outcome = parseRecordsPlace(process.env)
  if (outcome.kind === 'valid') return outcome.place
  throw invalid(outcome.faults)
}

function invalid(faults: readonly EnvironmentFault[]): AppError<'CONFIG_INVALID'> {
  return new AppError('CONFIG_INVALID', { faults: faults.map(renderEnvironmentFault) })
}

function readEnvFile(folder: string): void {
  const file = join(folder, '.env')
  if (!existsSync(file)) return
  try {
    // Node's own loader keeps variables that are already set.
    loadEnvFile(file)
  } catch (error) {
    const fault = `The file ${file} exists but can not be read; correct its permissions.`
    throw new AppError('CONFIG_INVALID', { faults: [fault] }, { cause: error })
  }
}

function readFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // The reader turns this into a fault that names the path.
    return null
  }
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa'
  } catch {
    // Whatever the parser dislikes, the operator is told the same.
    return false
  }
}
