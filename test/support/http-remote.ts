// A remote over smart HTTP on the loopback: git's own server program behind a door that can refuse as a host does, and that
// notes what every request brought along. Knows no GitHub.

import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'

/** What a request is answered instead of by git. */
export interface HttpRefusal {
  readonly status: number
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface SeenRequest {
  readonly path: string
  readonly authorization: string | null
}

/** Answers a request itself, or null to let git do so. */
export type HttpDoor = (request: IncomingMessage) => HttpRefusal | null

export interface HttpRemote {
  readonly url: string
  readonly seen: SeenRequest[]
  door: HttpDoor
  /** Breaks the connection instead of answering a push that git has taken. */
  losesPushAnswers: boolean
  close(): Promise<void>
}

/** Serves the bare repositories below a folder. */
export async function startHttpRemote(folder: string): Promise<HttpRemote> {
  const seen: SeenRequest[] = []
  const server = createServer((request, response) => {
    const { authorization = null } = request.headers
    seen.push({ path: request.url ?? '', authorization })
    const refusal = remote.door(request)
    if (refusal === null) {
      void serveGit({ folder, request, response, remote })
      return
    }
    request.resume()
    const headers = { 'content-type': 'text/plain', connection: 'close', ...refusal.headers }
    response.writeHead(refusal.status, headers).end(refusal.text)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const remote: HttpRemote = {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    door: () => null,
    losesPushAnswers: false,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return remote
}

interface Exchange {
  readonly folder: string
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly remote: HttpRemote
}

/** Runs `git http-backend` for one request and passes on what it answers. */
async function serveGit({ folder, request, response, remote }: Exchange): Promise<void> {
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_PROJECT_ROOT: folder,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: path,
    QUERY_STRING: query,
    REQUEST_METHOD: request.method ?? 'GET',
    REMOTE_ADDR: '127.0.0.1',
    REMOTE_USER: 'belay[bot]',
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
  }
  const child = spawn('git', ['http-backend'], { env, stdio: 'pipe' })
  child.stderr.resume()
  child.stdin.on('error', () => undefined)
  request.pipe(child.stdin)
  const pieces: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
  await once(child, 'close')
  if (path.endsWith('/git-receive-pack') && remote.losesPushAnswers) {
    response.destroy()
    return
  }
  const answer = Buffer.concat(pieces)
  const end = answer.indexOf('\r\n\r\n')
  const head = answer.toString('latin1', 0, end).split('\r\n')
  const fields = head.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  const status = Number.parseInt(fields.find(([name]) => name === 'status')?.[1] ?? '200', 10)
  response.writeHead(status, Object.fromEntries(fields.filter(([name]) => name !== 'status')))
  response.end(answer.subarray(end + 4))
}
