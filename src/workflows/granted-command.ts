// A command after the question of who may was answered.

import type { CommandSource } from '../domain/changes.ts'
import type { ValidCommand } from '../domain/command/parsed-command.ts'
import type { Role } from '../domain/permission.ts'
import type { Project, Session } from '../domain/records.ts'
import type { CommandPlace } from './command-life.ts'
import type { LoadedConfig } from './load-config.ts'

/** A command that its sender may give, with what its verb needs to act. */
export interface GrantedCommand {
  readonly project: Project
  readonly place: CommandPlace
  readonly source: CommandSource
  readonly command: ValidCommand
  readonly role: Role
  /** The session that is spawning or live on the pull request. */
  readonly session: Session | null
  /** The repository's configuration as it was read to grant the command; null for verbs that change nothing. */
  readonly loaded: LoadedConfig | null
  readonly laneKey: string
}
