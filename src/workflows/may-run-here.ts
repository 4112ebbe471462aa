// Who may do what, asked at the moment it matters: the role comes from GitHub now, the needs from grammar and the
// repository's configuration as it is now. A permission that was raised counts from the next command on.

import { commandSpec, type Verb } from '../domain/command/grammar.ts'
import { mayRun, type MayRun } from '../domain/command/may-run.ts'
import type { Role } from '../domain/permission.ts'
import type { Project } from '../domain/records.ts'
import type { Deps } from './deps.ts'
import { loadConfig, type LoadedConfig } from './load-config.ts'
import { repositoryOf } from './queries.ts'

export interface Asker {
  readonly project: Project
  readonly login: string
}

export interface Permission {
  readonly verdict: MayRun
  /** What the verdict rests on. */
  readonly role: Role
  /** The configuration as it was read for it; null for verbs that change nothing and for people who may do nothing. */
  readonly loaded: LoadedConfig | null
}

/** Returns the verdict on a verb. */
export async function mayRunHere(
  deps: Deps,
  ask: Asker & { readonly verb: Verb; readonly option: string | null },
): Promise<Permission> {
  const { project, login, verb, option } = ask
  const role = await deps.github.readRole(repositoryOf(project), login)
  const facts = { verb, role, isPrivateRepository: project.isPrivate, option }
  const known = mayRun({ ...facts, configured: project.config?.permissions ?? {} })
  // A repository can only raise what a verb needs: who lacks the built-in role never gets it from the file.
  const floor = mayRun({ ...facts, configured: {} })
  if (!commandSpec(verb).changes || floor.kind !== 'allowed') {
    return { role, verdict: floor.kind === 'allowed' ? known : floor, loaded: null }
  }
  const loaded = await loadConfig(deps, project)
  return { role, verdict: mayRun({ ...facts, configured: loaded.config.permissions }), loaded }
}

/** Tells whether a person may press the button of an option: what the command for it needs. */
export async function mayPress(deps: Deps, press: Asker & { readonly optionId: string }): Promise<boolean> {
  const { verdict } = await mayRunHere(deps, { ...press, verb: 'answer', option: press.optionId })
  return verdict.kind === 'allowed'
}
