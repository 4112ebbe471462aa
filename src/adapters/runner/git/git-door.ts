// The only place that starts git. Every call is hardened, bounded in time, counted, and answered with its exit code.
// Knows no repository layout; whoever calls says which git directory is meant.

import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { simpleGit, type SimpleGitOptions } from 'simple-git'
import { AppError, isAppError } from '../../../domain/errors/app-error.ts'
import { redactSecrets } from '../../../domain/redact-secrets.ts'
import {
  credentialEnvironment,
  gitEnvironment,
  GIT_OPTIONS,
  OPTED_IN,
  slownessEnvironment,
  withoutCredential,
  type Environment,
} from './git-environment.ts'
import { judgeGitVersion } from './git-version.ts'
import { killMarked } from './marked-processes.ts'

/** Which repository a process works in; nothing is ever discovered from the working directory. */
export interface GitPlace {
  readonly gitDir: string
  /** Where the process stands; the git directory unless told. */
  readonly cwd?: string
  readonly workTree?: string
  readonly indexFile?: string
  /** Where new objects go. */
  readonly objectDirectory?: string
  readonly alternates?: readonly string[]
}

/** A one-hour token and the only origin it may be sent to. */
export interface RemoteAccess {
  readonly origin: string
  readonly token: string
}

export interface GitCall {
  readonly at: GitPlace
  readonly args: readonly string[]
  /** Must not be empty: simple-git never closes an empty standard input and git would wait for ever. */
  readonly input?: string | Buffer
  /** Exit codes that are answers; any other throws `GIT_FAILED`. `any` takes them all. */
  readonly expect?: readonly number[] | 'any'
  readonly access?: RemoteAccess | null
  /** `local`: reads another repository of ours on this disk. */
  readonly transport?: 'local' | 'remote'
  readonly env?: Environment
  /** Silence after which the process is ended, and slowness of a remote after which git itself gives up. */
  readonly silenceMs?: number
}

export interface GitAnswer {
  readonly exitCode: number
  readonly stdout: Buffer
  /** Without secrets. */
  readonly stderr: string
}

export interface GitDoorOptions {
  /** A folder of our own; holds the configuration file and the empty home. */
  readonly folder: string
  readonly host: Readonly<Record<string, string | undefined>>
  /** Allows remotes on this disk; tests only. */
  readonly remotes: 'http' | 'http_and_file'
  /** Hears of every git process, by its command's name. */
  readonly onProcess?: (command: string) => void
}

export interface GitDoor {
  /** Runs one git process; throws `GIT_FAILED` for a signal, a time-out or an exit code nobody expected. */
  run(call: GitCall): Promise<GitAnswer>
  /** Returns what git printed, without the line end. */
  text(call: GitCall): Promise<string>
  /** Returns how many git processes were started. */
  processCount(): number
  /** Throws `GIT_TOO_OLD` when this machine's git can not do what we need. */
  checkVersion(): Promise<void>
}

const SILENCE_MS = 120_000

/** Every process of a call has it in its environment. */
const MARK = 'BELAY_GIT_CALL'

/** How long the rest of the output is waited for when git has ended and a process of its own holds it open. */
const REST_OF_OUTPUT_MS = 2000

const CONFIG_TEXT = `# Written by Belay; the only configuration its git processes read.
[core]
\tlogAllRefUpdates = true
[http]
\tlowSpeedLimit = 1000
\tlowSpeedTime = 60
`

/** Makes the door. */
export function createGitDoor(options: GitDoorOptions): GitDoor {
  let count = 0
  const ready = once(() => writeConfig(options.folder))
  async function run(call: GitCall): Promise<GitAnswer> {
    await ready()
    count += 1
    options.onProcess?.(call.args[0] ?? '')
    const mark = randomUUID()
    const raw = await start(call, { ...environmentOf(call, options), [MARK]: mark })
    // What spoke with the remote for a git that was ended does not end with it.
    if (raw.exitCode === null) await killMarked(`${MARK}=${mark}`)
    return judge(call, raw)
  }
  return {
    run,
    text: async (call) => (await run(call)).stdout.toString('utf8').trimEnd(),
    processCount: () => count,
    checkVersion: once(() => checkVersion(run, options.folder)),
  }
}

interface RawAnswer {
  /** Null when a signal or the time limit ended the process, negative when it did not start. */
  readonly exitCode: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

/**
 * Starts one process through its own simple-git instance.
 *
 * simple-git takes a non-zero exit without words, and a kill, for success, and decodes bytes as text; its `errors`
 * option sees exit code and bytes of every process, so the answer is taken from there.
 */
async function start(call: GitCall, env: Environment): Promise<RawAnswer> {
  let seen: RawAnswer | null = null
  const options: Partial<SimpleGitOptions> = {
    baseDir: call.at.cwd ?? call.at.gitDir,
    unsafe: OPTED_IN,
    allowEnvironment: Object.keys(env),
    timeout: { block: call.silenceMs ?? SILENCE_MS },
    completion: { onClose: true, onExit: REST_OF_OUTPUT_MS },
    errors: (_error, result) => {
      seen = {
        exitCode: result.exitCode,
        stdout: Buffer.concat(result.stdOut),
        stderr: redactSecrets(withoutCredential(Buffer.concat(result.stdErr).toString('utf8'), call.access)),
      }
      return undefined
    },
  }
  if (call.input !== undefined) options.input = () => call.input
  try {
    const git = simpleGit(options).env({ ...env })
    git.outputHandler((_command, stdout) => speakAtEnd(stdout))
    await git.raw([...GIT_OPTIONS, ...call.args])
  } catch (error) {
    throw gitFailed(call, { exitCode: null, detail: messageOf(error), cause: error })
  }
  if (seen === null) throw gitFailed(call, { exitCode: null, detail: 'no answer' })
  return seen
}

/** simple-git waits 50 ms more for a process that printed nothing; an empty piece at the end of its output spares that. */
function speakAtEnd(stdout: NodeJS.ReadableStream): void {
  stdout.once('end', () => stdout.emit('data', Buffer.alloc(0)))
}

function judge(call: GitCall, raw: RawAnswer): GitAnswer {
  const { exitCode, stdout, stderr } = raw
  if (exitCode === null || exitCode < 0) {
    throw gitFailed(call, { exitCode: null, detail: `${stderr}\nit was ended` })
  }
  const expected = call.expect ?? [0]
  if (expected !== 'any' && !expected.includes(exitCode)) throw gitFailed(call, { exitCode, detail: stderr })
  return { exitCode, stdout, stderr }
}

interface GitFault {
  readonly exitCode: number | null
  readonly detail: string
  readonly cause?: unknown
}

function gitFailed(call: GitCall, fault: GitFault): AppError<'GIT_FAILED'> {
  const detail = redactSecrets(fault.detail).trim().slice(0, 2000)
  const details = { command: call.args[0] ?? '', exitCode: fault.exitCode, detail }
  return new AppError('GIT_FAILED', details, { cause: fault.cause })
}

function environmentOf(call: GitCall, options: GitDoorOptions): Environment {
  const { at } = call
  const shared = gitEnvironment({
    host: options.host,
    emptyHome: join(options.folder, 'home'),
    configFile: join(options.folder, 'config'),
    protocols: protocolsOf(call.transport ?? 'remote', options.remotes),
  })
  return {
    ...shared,
    GIT_DIR: at.gitDir,
    ...(at.workTree === undefined ? {} : { GIT_WORK_TREE: at.workTree }),
    ...(at.indexFile === undefined ? {} : { GIT_INDEX_FILE: at.indexFile }),
    ...(at.objectDirectory === undefined ? {} : { GIT_OBJECT_DIRECTORY: at.objectDirectory }),
    ...(at.alternates === undefined ? {} : { GIT_ALTERNATE_OBJECT_DIRECTORIES: at.alternates.join(':') }),
    ...(call.silenceMs === undefined ? {} : slownessEnvironment(call.silenceMs)),
    ...(call.access === undefined || call.access === null ? {} : credentialEnvironment(call.access)),
    ...call.env,
  }
}

function protocolsOf(transport: 'local' | 'remote', remotes: GitDoorOptions['remotes']): string {
  if (transport === 'local') return 'file'
  return remotes === 'http' ? 'http:https' : 'http:https:file'
}

async function writeConfig(folder: string): Promise<void> {
  await mkdir(join(folder, 'home'), { recursive: true })
  await writeFile(join(folder, 'config'), CONFIG_TEXT)
}

async function checkVersion(run: GitDoor['run'], folder: string): Promise<void> {
  let printed = ''
  try {
    printed = (await run({ at: { gitDir: folder }, args: ['version'] })).stdout.toString('utf8')
  } catch (error) {
    if (!isAppError(error, 'GIT_FAILED')) throw error
  }
  judgeGitVersion(printed)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Remembers a success; a failure is tried again by the next caller. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null
  return () => {
    done ??= work().catch((error: unknown) => {
      done = null
      throw error
    })
    return done
  }
}
