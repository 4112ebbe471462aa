// The listening server on the loopback interface: hands each request to git or to the API.
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { CallLog } from '../call-log.ts'
import type { World } from '../world.ts'
import { serveApi } from './api-face.ts'
import { isGitPath, serveGit } from './git-face.ts'

/** A server that has a port but may not know its world yet. */
export interface Face {
  readonly port: number
  /** Starts answering. */
  serve(world: World, log: CallLog): void
  /** Ends every connection and frees the port. */
  close(): Promise<void>
}

/** Listens on a free port of 127.0.0.1. */
export async function openFace(): Promise<Face> {
  const server = createServer()
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The fake GitHub got no port.')
  return {
    port: address.port,
    serve: (world, log) => answerAll(server, world, log),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answerAll(server: Server, world: World, log: CallLog): void {
  server.on('request', (request, response) => {
    const url = new URL(`${world.links.html}${request.url ?? '/'}`)
    const exchange = { world, log, request, response, url }
    const served = isGitPath(url.pathname) ? serveGit(exchange) : serveApi(exchange)
    // Only a broken socket gets here; there is nobody left to tell.
    served.catch(() => response.destroy())
  })
}
