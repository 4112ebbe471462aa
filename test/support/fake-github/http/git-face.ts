// Git over smart HTTP: token check, then git's own server program, then the webhooks of what moved.
import type { IncomingMessage } from 'node:http'
import { toActor, authenticate } from './authenticate.ts'
import type { Caller } from './authenticate.ts'
import { coversRepository, permissionsOf } from '../installations.ts'
import { hasPermission } from '../permissions.ts'
import { announceMoves, diffRefs } from '../pushes.ts'
import type { FakeRepository } from '../repository.ts'
import { ApiRefusal } from './answer.ts'
import type { Exchange } from './api-face.ts'
import { runGitBackend } from './git-backend.ts'
import type { GitBackendCall } from './git-backend.ts'

const gitPath = /^\/([^/]+)\/([^/]+?)\.git(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/

/** Returns whether a path belongs to git and not to the API. */
export function isGitPath(path: string): boolean {
  return gitPath.test(path)
}

/** Answers one request of a git client. */
export async function serveGit(exchange: Exchange): Promise<void> {
  const { world, log, request, response, url } = exchange
  const [, owner = '', name = '', action = ''] = gitPath.exec(url.pathname) ?? []
  const method = request.method ?? 'GET'
  const route = `${method} /{owner}/{repo}.git${action}`
  const cut = world.faults.takeCut(route)
  const call = { method, path: url.pathname, route }
  // One connection per request: on a reused one curl silently tries again, and a cut would go unnoticed.
  response.shouldKeepAlive = false
  if (cut === 'before_response') {
    log.record({ ...call, status: 0, actor: 'none' })
    request.socket.destroy()
    return
  }
  let caller: Caller = { kind: 'none' }
  try {
    caller = authenticate(world, request.headers.authorization)
    const isPush = action === '/git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack'
    const repository = admit({ exchange, caller, owner, name, isPush })
    const backend = { exchange, repository, action, isCut: cut !== undefined }
    const status = action === '/git-receive-pack' ? await receivePack(backend) : await runGitBackend(backend)
    log.record({ ...call, status, actor: toActor(caller) })
  } catch (error) {
    const refusal = error instanceof ApiRefusal ? error : new ApiRefusal(500, String(error))
    log.record({ ...call, status: refusal.status, actor: toActor(caller) })
    if (response.headersSent) {
      response.destroy()
      return
    }
    response.writeHead(refusal.status, {
      'content-type': 'text/plain',
      connection: 'close',
      ...refusal.headers,
    })
    response.end(`${refusal.message}\n`)
    discard(request)
  }
}

// Public repositories ask for a token, too: the App must never depend on anonymous access.
function admit(visit: {
  exchange: Exchange
  caller: Caller
  owner: string
  name: string
  isPush: boolean
}): FakeRepository {
  const { exchange, caller, owner, name, isPush } = visit
  if (caller.kind !== 'installation') {
    const headers = { 'www-authenticate': 'Basic realm="GitHub"' }
    throw new ApiRefusal(401, 'Authentication failed for this repository.', { headers })
  }
  const repository = exchange.world.repositories.find(owner, name)
  if (repository === undefined || !coversRepository(caller.token, repository.id)) {
    throw new ApiRefusal(404, 'Repository not found.')
  }
  if (isPush && repository.isArchived)
    throw new ApiRefusal(403, 'This repository was archived so it is read-only.')
  if (!hasPermission(permissionsOf(caller.token), isPush ? 'contents:write' : 'contents:read')) {
    throw new ApiRefusal(
      403,
      `Permission to ${repository.fullName} denied to ${exchange.world.app.bot.login}.`,
    )
  }
  return repository
}

// The answer is held back until the webhooks are queued, so that `settled()` after a push means what it says.
function receivePack(backend: GitBackendCall): Promise<number> {
  const { repository, exchange } = backend
  const { git } = repository
  return git.exclusively(async () => {
    const before = await git.refs()
    return runGitBackend(backend, async () => {
      const moves = diffRefs(before, await git.refs())
      await announceMoves({ repository, moves, pusher: exchange.world.app.bot })
    })
  })
}

function discard(request: IncomingMessage): void {
  request.resume()
}
