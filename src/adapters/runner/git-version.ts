// Which git this machine has, and whether it is new enough.

import { simpleGit } from 'simple-git'
import { AppError } from '../../domain/errors/app-error.ts'
import { GIT_NEEDED } from './git-environment.ts'

/** Returns the version of the git on PATH. Throws `GIT_TOO_OLD` when it is missing or can not do what we need. */
export async function readGitVersion(): Promise<string> {
  const { PATH } = process.env
  try {
    const git = simpleGit({ timeout: { block: 10_000 } }).env(PATH === undefined ? {} : { PATH })
    return judgeGitVersion(await git.raw(['version']))
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('GIT_TOO_OLD', { found: 'none', needed: GIT_NEEDED }, { cause: error })
  }
}

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
