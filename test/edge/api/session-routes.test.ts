import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insert } from '../../../src/domain/changes.ts'
import { decision, groundwork, project, pullRequest, session } from '../../adapters/db/rows.ts'
import { openApiWorld, type ApiWorld } from './api-world.ts'

const PER_PAGE = 3
const NUMBERS = [2, 3, 4, 5, 6, 7, 8]

let world: ApiWorld

beforeAll(async () => {
  world = await openApiWorld()
  const stored = await world.store.commit(
    [
      ...groundwork(),
      insert('decisions', decision()),
      insert('projects', project({ id: 'pier', repositoryId: 8, name: 'pier' })),
      insert('pullRequests', pullRequest({ projectId: 'pier' })),
      insert('sessions', session({ id: 'pier-1', projectId: 'pier' })),
      ...NUMBERS.map((no) => insert('sessions', session({ id: `harbour-${no}`, no, state: 'stopped' }))),
    ],
    null,
  )
  expect(stored).toEqual({ kind: 'committed' })
})
afterAll(() => world.close())

interface Listed {
  readonly ids: readonly string[]
  readonly next: string | null
}

async function list(what: 'sessions' | 'projects', query = ''): Promise<Listed> {
  const { status, body } = await world.call({ path: `/api/v1/${what}${query}` })
  expect(status).toBe(200)
  const rows = body[what] as readonly { readonly id: string }[]
  return { ids: rows.map(({ id }) => id), next: body['next'] as string | null }
}

describe('GET sessions', () => {
  it('lists all of them, newest first, page by page and each once', async () => {
    const all = await list('sessions')
    expect(all.next).toBeNull()
    expect(all.ids).toEqual([...NUMBERS.toReversed().map((no) => `harbour-${no}`), 'pier-1', 'harbour-1'])
    const seen: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const page = await list('sessions', `?limit=${PER_PAGE}${next === '' ? '' : `&after=${next}`}`)
      expect(page.ids.length).toBe(Math.min(PER_PAGE, all.ids.length - seen.length))
      seen.push(...page.ids)
      next = page.next
    }
    expect(seen).toEqual(all.ids)
  })

  it('keeps a page where it was when a newer session appears', async () => {
    const first = await list('sessions', '?limit=2&state=stopped')
    await world.store.commit(
      [insert('sessions', session({ id: 'harbour-9', no: 9, state: 'stopped' }))],
      null,
    )
    const second = await list('sessions', `?limit=2&state=stopped&after=${first.next}`)
    expect([...first.ids, ...second.ids]).toEqual(['harbour-8', 'harbour-7', 'harbour-6', 'harbour-5'])
  })

  it('leaves out what was not asked for', async () => {
    expect((await list('sessions', '?project=pier')).ids).toEqual(['pier-1'])
    expect((await list('sessions', '?state=live')).ids).toEqual(['pier-1', 'harbour-1'])
    expect((await list('sessions', '?state=live&project=nowhere')).ids).toEqual([])
  })

  it.each([
    ['limit=0', 'query.limit'],
    ['limit=201', 'query.limit'],
    ['limit=1e1', 'query.limit'],
    ['limit=', 'query.limit'],
    ['limit=1&limit=2', 'query.limit'],
    ['after=', 'query.after'],
    ['after=nobody-1', 'query.after'],
    ['project=pier&after=harbour-1', 'query.after'],
    ['state=asleep', 'query.state'],
    ['page=2', 'query'],
  ])('refuses ?%s and names the field', async (query, field) => {
    expect(await world.call({ path: `/api/v1/sessions?${query}` })).toMatchObject({
      status: 400,
      body: { code: 'REQUEST_INVALID', details: { issues: [{ field, problem: expect.any(String) }] } },
    })
  })
})

describe('GET sessions/{id}', () => {
  it('shows a session with its pipelines and the open question', async () => {
    const { status, body } = await world.call({ path: '/api/v1/sessions/harbour-1' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      session: { id: 'harbour-1', project: 'harbour', pr: 5, state: 'live', ending: null },
      pipelines: [{ id: 'harbour-1.1', phase: 'implement', status: 'running' }],
      decision: { id: 'abc234', status: 'pending' },
    })
    expect((await world.call({ path: '/api/v1/sessions/pier-1' })).body).toMatchObject({
      pipelines: [],
      decision: null,
    })
  })

  it('says when there is none', async () => {
    expect(await world.call({ path: '/api/v1/sessions/none-1' })).toMatchObject({
      status: 404,
      body: { code: 'SESSION_NOT_FOUND', details: { session: 'none-1' } },
    })
  })
})

describe('GET projects', () => {
  it('lists them, oldest first, page by page', async () => {
    expect(await list('projects')).toEqual({ ids: ['harbour', 'pier'], next: null })
    expect(await list('projects', '?limit=1')).toEqual({ ids: ['harbour'], next: 'harbour' })
    expect(await list('projects', '?limit=1&after=harbour')).toEqual({ ids: ['pier'], next: null })
    expect(await list('projects', '?after=pier')).toEqual({ ids: [], next: null })
  })

  it('shows one, and says when there is none', async () => {
    expect(await world.call({ path: '/api/v1/projects/pier' })).toMatchObject({
      status: 200,
      body: { project: { id: 'pier', repository: 'quay/pier', config: null, configFaults: [] } },
    })
    expect(await world.call({ path: '/api/v1/projects/none' })).toMatchObject({
      status: 404,
      body: { code: 'PROJECT_NOT_FOUND' },
    })
  })

  it('asks for a token on every address', async () => {
    for (const path of ['projects', 'projects/pier', 'projects/none', 'sessions', 'sessions/pier-1']) {
      expect(await world.call({ path: `/api/v1/${path}`, token: null })).toMatchObject({
        status: 401,
        body: { code: 'UNAUTHORIZED' },
      })
    }
  })

  it('answers HEAD without a body and OPTIONS with what an address takes', async () => {
    const at = `http://127.0.0.1:${world.server.address.port}/api/v1/projects`
    const headers = { authorization: 'Bearer token-of-alice' }
    const head = await fetch(at, { method: 'HEAD', headers })
    expect([head.status, await head.text()]).toEqual([200, ''])
    const options = await fetch(at, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS'])
  })
})
