import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '../../src/domain/errors/app-error.ts'
import type { Route } from '../../src/edge/http-exchange.ts'
import { startHttpServer, type HttpLimits, type HttpServer } from '../../src/edge/http-server.ts'
import { keepLog, makeGate, openSocket } from './edge-world.ts'

const servers: HttpServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const log = keepLog()
const ENVELOPE = { error: expect.any(String), message: expect.any(String), hint: expect.any(String) }

const echo: Route = {
  method: 'POST',
  pattern: '/echo/{name}',
  async handle(request) {
    const body = await request.readBody(1_000)
    return {
      status: 200,
      body: { name: request.params['name'], length: body.length, requestId: request.requestId },
    }
  },
}

const broken: Route = {
  method: 'GET',
  pattern: '/broken',
  handle: () => Promise.reject(new Error('password=hunter2 at /secret/place')),
}

async function serve(routes: readonly Route[], limits: Partial<HttpLimits> = {}): Promise<HttpServer> {
  const server = await startHttpServer({ host: '127.0.0.1', port: 0, routes, log, limits })
  servers.push(server)
  return server
}

function urlOf(server: HttpServer, path: string): string {
  return `http://127.0.0.1:${server.address.port}${path}`
}

describe('startHttpServer', () => {
  it('hands decoded parameters and the raw body to the route, and tells the request id twice', async () => {
    const server = await serve([echo])
    const response = await fetch(urlOf(server, '/echo/a%2Fb?ignored=1'), { method: 'POST', body: 'äöü' })
    expect(response.status).toBe(200)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    const requestId = response.headers.get('x-request-id')
    expect(await response.json()).toEqual({ name: 'a/b', length: 6, requestId })
  })

  it.each([
    ['GET', '/nothing/here', 404, 'ROUTE_NOT_FOUND'],
    ['POST', '/echo', 404, 'ROUTE_NOT_FOUND'],
    ['POST', '/echo/', 404, 'ROUTE_NOT_FOUND'],
    ['GET', '/echo/x', 405, 'METHOD_NOT_ALLOWED'],
    ['POST', '/echo/%zz', 400, 'REQUEST_INVALID'],
    ['GET', '/broken', 500, 'INTERNAL_ERROR'],
  ])('answers %s %s with %i in the envelope', async (method, path, status, code) => {
    const server = await serve([echo, broken])
    const response = await fetch(urlOf(server, path), { method })
    const body: unknown = await response.json()
    expect(response.status).toBe(status)
    const requestId = response.headers.get('x-request-id')
    expect(body).toEqual({ ...ENVELOPE, code, requestId, details: expect.any(Object) })
  })

  it('names the allowed methods', async () => {
    const server = await serve([echo])
    const response = await fetch(urlOf(server, '/echo/x'), { method: 'DELETE' })
    expect(response.headers.get('allow')).toBe('POST')
    await response.body?.cancel()
  })

  it('answers OPTIONS with what an address takes, without a body, and only where there is one', async () => {
    const read = { method: 'GET' as const, pattern: '/echo/{name}', handle: echo.handle }
    const server = await serve([read, echo])
    const response = await fetch(urlOf(server, '/echo/x'), { method: 'OPTIONS' })
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS'])
    expect([response.headers.get('content-length'), await response.text()]).toEqual([null, ''])
    expect((await fetch(urlOf(server, '/nothing'), { method: 'OPTIONS' })).status).toBe(404)
  })

  it('keeps a foreign error inside, but in the log', async () => {
    const server = await serve([broken])
    const text = await (await fetch(urlOf(server, '/broken'))).text()
    expect(text).not.toMatch(/hunter2|secret|at /)
    expect(log.lines.at(-1)).toMatchObject({
      level: 'error',
      fields: { err: { message: expect.stringContaining('hunter2') } },
    })
  })

  it('answers HEAD like GET, without a body', async () => {
    const server = await serve([
      { method: 'GET', pattern: '/x', handle: async () => ({ status: 200, body: { a: 1 } }) },
    ])
    const response = await fetch(urlOf(server, '/x'), { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })

  it('refuses a declared length over the limit before a byte of it was sent', async () => {
    const server = await serve([echo])
    const { socket, answer } = await openSocket(server.address.port)
    socket.write('POST /echo/x HTTP/1.1\r\nhost: x\r\ncontent-length: 1001\r\n\r\n')
    const text = await answer
    expect(text).toMatch(/^HTTP\/1\.1 413 /)
    expect(text).toContain('BODY_TOO_LARGE')
    expect(text.toLowerCase()).toContain('connection: close')
  })

  it('refuses a chunked body as soon as it grows over the limit', async () => {
    const server = await serve([echo])
    const { socket, answer } = await openSocket(server.address.port)
    socket.write('POST /echo/x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n')
    socket.write(`3e9\r\n${'x'.repeat(1001)}\r\n`)
    expect(await answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*BODY_TOO_LARGE/)
  })

  it('takes a body of exactly the limit', async () => {
    const server = await serve([echo])
    const response = await fetch(urlOf(server, '/echo/x'), { method: 'POST', body: 'x'.repeat(1000) })
    expect(await response.json()).toMatchObject({ length: 1000 })
  })

  it('takes no more bodies than the budget allows, and gives the budget back', async () => {
    const server = await serve([echo], { bodyBudgetBytes: 1_500 })
    const first = await openSocket(server.address.port)
    first.socket.write(`POST /echo/x HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n${'x'.repeat(999)}`)
    const second = async (): Promise<number> =>
      (await fetch(urlOf(server, '/echo/y'), { method: 'POST', body: 'x'.repeat(900) })).status
    await expect.poll(second).toBe(503)
    first.socket.end('x')
    expect(await first.answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(await second()).toBe(200)
  })

  it('lets go of somebody who sends the headers one byte at a time', async () => {
    const server = await serve([echo], { headersTimeoutMs: 200, requestTimeoutMs: 300 })
    const { socket, answer } = await openSocket(server.address.port)
    socket.write('POST /echo/x HTTP/1.1\r\nhost: ')
    const text = await answer
    expect(text).toMatch(/^HTTP\/1\.1 408 [\s\S]*"REQUEST_TIMEOUT"/)
  })

  it('lets go of somebody who never finishes the body', async () => {
    const server = await serve([echo], { headersTimeoutMs: 200, requestTimeoutMs: 300 })
    const { socket, answer } = await openSocket(server.address.port)
    socket.write('POST /echo/x HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc')
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('answers what is not HTTP in the envelope', async () => {
    const server = await serve([echo])
    const { socket, answer } = await openSocket(server.address.port)
    socket.write('EHLO there\r\n\r\n')
    expect(await answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*"REQUEST_INVALID"/)
  })

  it('survives senders who go away in the middle', async () => {
    const server = await serve([echo])
    for (const text of [
      'POST /echo/x HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc',
      'GET /bro',
      'POST',
    ]) {
      const { socket, answer } = await openSocket(server.address.port)
      socket.write(text, () => socket.destroy())
      await answer
    }
    expect((await fetch(urlOf(server, '/echo/x'), { method: 'POST', body: 'a' })).status).toBe(200)
  })

  it('lets running requests end when it closes, and takes no new ones', async () => {
    const gate = makeGate()
    const entered = makeGate()
    const slow: Route = {
      method: 'GET',
      pattern: '/slow',
      async handle() {
        entered.open()
        await gate.promise
        return { status: 200, body: { done: true } }
      },
    }
    const server = await serve([slow])
    const answer = fetch(urlOf(server, '/slow'))
    await entered.promise
    const closed = server.close()
    await expect(fetch(urlOf(server, '/slow'))).rejects.toThrow()
    gate.open()
    const response = await answer
    expect(response.headers.get('connection')).toBe('close')
    expect(await response.json()).toEqual({ done: true })
    await closed
  })

  it('cuts what does not end in the drain time', async () => {
    const entered = makeGate()
    const never: Route = {
      method: 'GET',
      pattern: '/never',
      handle() {
        entered.open()
        return new Promise(() => undefined)
      },
    }
    const server = await serve([never], { drainMs: 50 })
    const answer = fetch(urlOf(server, '/never')).catch((error: unknown) => error)
    await entered.promise
    await server.close()
    expect(await answer).toBeInstanceOf(Error)
  })

  it('says why it can not take an address', async () => {
    const server = await serve([])
    await expect(startHttpServer({ ...server.address, routes: [], log })).rejects.toThrow(/EADDRINUSE/)
  })

  it('keeps a connection for the next request', async () => {
    const server = await serve([echo])
    const { socket, answer } = await openSocket(server.address.port)
    const post = 'POST /echo/x HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\na'
    socket.write(post + post.replace('host: x', 'host: x\r\nconnection: close'))
    expect((await answer).match(/HTTP\/1\.1 200/g)).toHaveLength(2)
  })

  it('gives errors of ours their own status', async () => {
    const server = await serve([
      {
        method: 'GET',
        pattern: '/x',
        handle: () => Promise.reject(new AppError('DECISION_NOT_FOUND', { decision: 'abc234' })),
      },
    ])
    const response = await new Promise<number | undefined>((resolve) => {
      httpRequest(urlOf(server, '/x'), (answer) => resolve(answer.resume().statusCode)).end()
    })
    expect(response).toBe(404)
  })
})
