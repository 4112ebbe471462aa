import { afterEach, describe, expect, it } from 'vitest'
import { healthRoutes, type ReadyCheck } from '../../src/edge/health-routes.ts'
import { startHttpServer, type HttpServer } from '../../src/edge/http-server.ts'
import { keepLog } from './edge-world.ts'

let server: HttpServer | null = null
afterEach(() => server?.close())

/** Serves the routes with a clock that is set by hand; every check counts its runs. */
async function serve(checks: Readonly<Record<string, ReadyCheck>>) {
  const state = { now: 0, isDraining: false, hasFault: false }
  const routes = healthRoutes({
    checks,
    warnings: { github_access: () => state.hasFault },
    isDraining: () => state.isDraining,
    now: () => state.now,
  })
  server = await startHttpServer({ host: '127.0.0.1', port: 0, routes, log: keepLog() })
  const base = `http://127.0.0.1:${server.address.port}`
  const get = async (path: string) => {
    const response = await fetch(base + path)
    return { status: response.status, body: Object(await response.json()) as unknown }
  }
  return { state, get }
}

describe('healthRoutes', () => {
  it('lives, whatever the checks say', async () => {
    const { get } = await serve({ database: async () => false })
    expect(await get('/healthz')).toEqual({ status: 200, body: { alive: true } })
  })

  it('is ready when every check passes', async () => {
    const { get } = await serve({ database: async () => true, migrations: async () => true })
    expect(await get('/readyz')).toEqual({
      status: 200,
      body: { ready: true, checks: { database: true, migrations: true, not_draining: true }, warnings: [] },
    })
  })

  it('stays ready with a warning: webhooks can still be taken in while GitHub can not be read', async () => {
    const { state, get } = await serve({ database: async () => true })
    state.hasFault = true
    expect(await get('/readyz')).toMatchObject({
      status: 200,
      body: { ready: true, warnings: ['github_access'] },
    })
    state.hasFault = false
    expect(await get('/readyz')).toMatchObject({ body: { warnings: [] } })
  })

  it('names what fails, also when it throws, and not why', async () => {
    const { get } = await serve({
      database: () => Promise.reject(new Error('password')),
      migrations: async () => true,
      disk: async () => false,
    })
    const { status, body } = await get('/readyz')
    expect(status).toBe(503)
    expect(body).toMatchObject({
      ready: false,
      checks: { database: false, migrations: true, disk: false },
      code: 'NOT_READY',
      details: { failing: ['database', 'disk'] },
    })
    expect(JSON.stringify(body)).not.toContain('password')
  })

  it('counts a check that hangs as failed', async () => {
    const { get } = await serve({ database: () => new Promise(() => undefined) })
    expect((await get('/readyz')).status).toBe(503)
  })

  it('asks the checks at most once in five seconds, and sooner after bad news', async () => {
    let runs = 0
    let isGood = true
    const { state, get } = await serve({
      database: async () => {
        runs += 1
        return isGood
      },
    })
    await Promise.all([get('/readyz'), get('/readyz'), get('/readyz')])
    state.now = 4_999
    await get('/readyz')
    expect(runs).toBe(1)
    isGood = false
    state.now = 5_000
    expect((await get('/readyz')).status).toBe(503)
    isGood = true
    expect((await get('/readyz')).status).toBe(503)
    expect(runs).toBe(2)
    state.now = 5_250
    expect((await get('/readyz')).status).toBe(200)
    expect(runs).toBe(3)
  })

  it('says at once that it is draining', async () => {
    const { state, get } = await serve({ database: async () => true })
    expect((await get('/readyz')).status).toBe(200)
    state.isDraining = true
    expect(await get('/readyz')).toMatchObject({ status: 503, body: { checks: { not_draining: false } } })
  })
})
