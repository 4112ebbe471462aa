// Whether a git is new enough for us. Starts nothing.

import { AppError } from '../../../domain/errors/app-error.ts'
import { GIT_NEEDED } from './git-environment.ts'

/** Returns the version in what `git version` printed; throws `GIT_TOO_OLD`. */
export function judgeGitVersion(printed: string): string {
  const found = /(\d+)\.(\d+)(\.\d+)*/.exec(printed)
  const [major, minor] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)]
  const [neededMajor = 0, neededMinor = 0] = GIT_NEEDED.split('.').map(Number)
  const isNewEnough = major > neededMajor || (major === neededMajor && minor >= neededMinor)
  if (!isNewEnough || found === null) {
    throw new AppError('GIT_TOO_OLD', { found: found?.[0] ?? 'none', needed: GIT_NEEDED })
  }
  return found[0]
}
