// Plain git for the judge of losses: one process a call, nobody's configuration. Shares nothing with the program.
import { execFile } from 'node:child_process'

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024

/** Returns git's standard output, byte for byte; throws with git's own words when it fails. */
export function plainGit(gitDir: string, args: readonly string[]): Promise<Buffer> {
  const argv = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-C', gitDir, ...args]
  return new Promise((resolve, reject) => {
    execFile(
      'git',
      argv,
      { env: plainEnvironment(), encoding: 'buffer', maxBuffer: MAX_OUTPUT_BYTES },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        else
          reject(new Error(`git ${args[0] ?? ''} in ${gitDir}: ${stderr.toString().trim() || error.message}`))
      },
    )
  })
}

/** Returns git's standard output as lines without the empty ones. */
export async function plainGitLines(gitDir: string, args: readonly string[]): Promise<readonly string[]> {
  const text = (await plainGit(gitDir, args)).toString('utf8')
  return text.split('\n').filter((line) => line !== '')
}

function plainEnvironment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
  }
}
