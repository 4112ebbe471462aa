// Gives the pure reader of the environment its surroundings: `.env`, files, the key check, the machine's name.

import { createPrivateKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { loadEnvFile } from 'node:process'
import { parseEnvironment } from '../domain/config/environment.ts'
import type { EnvironmentNotice } from '../domain/config/environment-fault.ts'
import type { OperatorConfig } from '../domain/config/operator-config.ts'
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
  const file = join(folder, '.env')
  // Node's own loader keeps variables that are already set.
  if (existsSync(file)) readEnvFile(file)
  const outcome = parseEnvironment(process.env, { readFile, isPrivateKey, hostName: hostname() })
  if (outcome.kind === 'valid') return outcome
  throw new AppError('CONFIG_INVALID', { faults: outcome.faults.map(renderEnvironmentFault) })
}

function readEnvFile(file: string): void {
  try {
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
