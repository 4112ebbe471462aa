// Who may do what, asked at the moment it matters: the role comes from GitHub now, the needs from grammar and
// repository configuration.

import type { Verb } from '../domain/command/grammar.ts'
import { mayRun, type MayRun } from '../domain/command/may-run.ts'
import type { Role } from '../domain/permission.ts'
import type { Project } from '../domain/records.ts'
import type { Deps } from './deps.ts'
import { repositoryOf } from './queries.ts'

export interface Asker {
  readonly project: Project
  readonly login: string
}

/** Returns the verdict on a verb together with the role it rests on. */
export async function mayRunHere(
  deps: Deps,
  ask: Asker & { readonly verb: Verb; readonly option: string | null },
): Promise<{ readonly verdict: MayRun; readonly role: Role }> {
  const { project, login, verb, option } = ask
  const role = await deps.github.readRole(repositoryOf(project), login)
  const configured = project.config?.permissions ?? {}
  return { role, verdict: mayRun({ verb, role, isPrivateRepository: project.isPrivate, configured, option }) }
}

/** Tells whether a person may press the button of an option: what the command for it needs. */
export async function mayPress(deps: Deps, press: Asker & { readonly optionId: string }): Promise<boolean> {
  const { verdict } = await mayRunHere(deps, { ...press, verb: 'answer', option: press.optionId })
  return verdict.kind === 'allowed'
}
