// Runs `git http-backend` as a CGI program for one request. Knows nothing of tokens or webhooks.
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import type { IncomingMessage } from 'node:http'
import { basename, dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { FakeRepository } from '../repository.ts'
import { gitEnvironment, runGit } from '../run-git.ts'
import type { Exchange } from './api-face.ts'
import { asksForCapabilities, keptCapabilities } from './kept-capabilities.ts'

/** One request for git. */
export interface GitBackendCall {
  readonly exchange: Exchange
  readonly repository: FakeRepository
  readonly action: string
  /** Whether the connection is destroyed instead of answered. */
  readonly isCut: boolean
}

/** The head of a CGI answer and what followed it in the same chunk. */
interface CgiHead {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly rest: Buffer
}

// Started directly: through `git http-backend` every request would cost one process more.
let execPath: Promise<string> | undefined

async function findExecPath(): Promise<string> {
  const { stdout } = await runGit({ cwd: '/', args: ['--exec-path'] })
  return stdout.toString().trim()
}

/**
 * Answers the request and returns the HTTP status, 0 when the connection was cut on either side.
 *
 * With `beforeEnd` the whole answer is held back until that has run.
 */
export async function runGitBackend(call: GitBackendCall, beforeEnd?: () => Promise<void>): Promise<number> {
  const { request, response, url } = call.exchange
  if (!call.isCut && beforeEnd === undefined && asksForCapabilities(request, url))
    return answerCapabilities(call)
  const child = await startBackend(call)
  feed(request, child)
  response.once('close', () => {
    if (beforeEnd === undefined) killGroup(child)
  })
  const isHeld = beforeEnd !== undefined || call.isCut
  const status = isHeld ? await holdAnswer(call, child, beforeEnd) : await streamAnswer(call, child)
  return call.isCut || !request.complete ? 0 : status
}

async function answerCapabilities(call: GitBackendCall): Promise<number> {
  const bytes = await keptCapabilities(call.repository.git.path, async () => {
    const child = await startBackend(call)
    child.stdin.end()
    return buffer(child.stdout)
  })
  const { status, headers, rest } = parseHead(bytes) ?? brokenHead
  call.exchange.response.writeHead(status, headers).end(rest)
  return status
}

async function startBackend(call: GitBackendCall): Promise<ChildProcessWithoutNullStreams> {
  const program = join(await (execPath ??= findExecPath()), 'git-http-backend')
  const child = spawn(program, { env: cgiEnvironment(call), stdio: 'pipe', detached: true })
  child.stderr.resume()
  child.stdin.on('error', () => {
    // The program may stop reading early; its answer says why.
  })
  return child
}

// Not `pipeline`: that would end the connection, and the answer with it, when the program stops reading early.
function feed(request: IncomingMessage, child: ChildProcessWithoutNullStreams): void {
  // A client that died in the middle of a push: git's program waits for the rest for ever, at full speed.
  const giveUp = (): void => {
    if (!request.complete) killGroup(child)
  }
  request.once('error', giveUp)
  request.once('close', giveUp)
  if (request.destroyed) giveUp()
  else request.pipe(child.stdin)
}

// The whole group, because `git http-backend` starts programs of its own.
function killGroup({ pid, exitCode, signalCode }: ChildProcessWithoutNullStreams): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself in this moment.
  }
}

async function holdAnswer(
  { exchange, isCut }: GitBackendCall,
  child: ChildProcessWithoutNullStreams,
  beforeEnd: (() => Promise<void>) | undefined,
): Promise<number> {
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  await beforeEnd?.()
  if (isCut) {
    exchange.request.socket.destroy()
    return 0
  }
  const { status, headers, rest } = parseHead(Buffer.concat(chunks)) ?? brokenHead
  exchange.response.writeHead(status, headers).end(rest)
  return status
}

async function streamAnswer(
  { exchange }: GitBackendCall,
  child: ChildProcessWithoutNullStreams,
): Promise<number> {
  const { response } = exchange
  let seen = Buffer.alloc(0)
  let status: number | undefined
  for await (const chunk of child.stdout) {
    if (!Buffer.isBuffer(chunk)) continue
    if (status !== undefined) {
      await write(exchange, chunk)
      continue
    }
    seen = Buffer.concat([seen, chunk])
    const head = parseHead(seen)
    if (head === undefined) continue
    status = head.status
    response.writeHead(status, head.headers)
    await write(exchange, head.rest)
  }
  if (status === undefined) response.writeHead(500)
  response.end()
  return status ?? 500
}

function write({ response }: Exchange, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed || chunk.length === 0) resolve()
    else response.write(chunk, () => resolve())
  })
}

const brokenHead: CgiHead = {
  status: 500,
  headers: {},
  rest: Buffer.from('git http-backend gave no answer\n'),
}

function parseHead(bytes: Buffer): CgiHead | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const lines = bytes.subarray(0, end).toString().split('\r\n')
  const fields = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  const status = Number.parseInt(fields.find(([name]) => name === 'status')?.[1] ?? '200', 10)
  const headers = Object.fromEntries(fields.filter(([name]) => name !== 'status'))
  return { status, headers, rest: bytes.subarray(end + 4) }
}

function cgiEnvironment({ exchange, repository, action }: GitBackendCall): Record<string, string> {
  const { request, url, world } = exchange
  return {
    ...gitEnvironment(),
    // Its folder and not its name: a renamed repository stays where it was.
    GIT_PROJECT_ROOT: dirname(repository.git.path),
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${basename(repository.git.path)}${action}`,
    REQUEST_METHOD: request.method ?? 'GET',
    QUERY_STRING: url.search.slice(1),
    REMOTE_ADDR: '127.0.0.1',
    REMOTE_USER: world.app.bot.login,
    ...fromHeader(request, 'content-type', 'CONTENT_TYPE'),
    // Absent for a chunked body: the program then reads to the end.
    ...fromHeader(request, 'content-length', 'CONTENT_LENGTH'),
    ...fromHeader(request, 'content-encoding', 'HTTP_CONTENT_ENCODING'),
    ...fromHeader(request, 'git-protocol', 'GIT_PROTOCOL'),
  }
}

function fromHeader(request: IncomingMessage, header: string, variable: string): Record<string, string> {
  const value = request.headers[header]
  return typeof value === 'string' ? { [variable]: value } : {}
}
