// The OpenAPI document against the server it speaks of: valid, whole, and of one mind with it about every request.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ROOT } from '../../../scripts/repository-files.ts'
import { AppError } from '../../../src/domain/errors/app-error.ts'
import { ERRORS, type ErrorCode } from '../../../src/domain/errors/catalogue.ts'
import { isBranchName } from '../../../src/domain/ids.ts'
import { API_ROUTES } from '../../../src/edge/api/api-routes.ts'
import { defineRoute } from '../../../src/edge/api/define-route.ts'
import { groundwork } from '../../adapters/db/rows.ts'
import { openApiWorld, type ApiWorld } from './api-world.ts'
import { allowsBody, DOCUMENT, faultsOf, faultsOfReply, placeOf, schemaAt } from './document-check.ts'

const OPERATIONS = Object.entries(DOCUMENT.paths).flatMap(([pattern, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ pattern, method, operation })),
)

let world: ApiWorld
let handedIn: number

beforeAll(async () => {
  world = await openApiWorld({
    parts: {
      submitAnswer: () => {
        handedIn += 1
        return Promise.resolve({ kind: 'accepted', option: 'abort', isOpen: false })
      },
      submitRescue: () => {
        handedIn += 1
        return Promise.resolve({ kind: 'queued' })
      },
    },
  })
  await world.store.commit(groundwork(), null)
})
afterAll(() => world.close())
beforeEach(() => {
  handedIn = 0
})

describe('openApiDocument', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator()
    expect(await validator.validate(JSON.parse(JSON.stringify(DOCUMENT)))).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
    expect(OPERATIONS.length).toBeGreaterThan(14)
  })

  it('gives every operation a name of its own', () => {
    const names = OPERATIONS.map(({ operation }) => operation.operationId)
    expect(new Set(names).size).toBe(names.length)
  })

  it('holds every route of the server, and no other', async () => {
    const documented = OPERATIONS.map(({ pattern, method }) => `${method.toUpperCase()} ${pattern}`)
    const served = API_ROUTES.map(({ description }) => `${description.method} ${description.pattern}`)
    expect(documented.toSorted()).toEqual(served.toSorted())
    for (const { pattern, method } of OPERATIONS) {
      const path = `/api/v1${pattern.replaceAll(/\{\w+\}/gu, 'x')}`
      const reply = await world.call({ path, method: method.toUpperCase(), token: null })
      expect({ path, status: reply.status }).toEqual({ path, status: 401 })
    }
  })

  it('leaves out no route that is written down somewhere', async () => {
    const folder = join(ROOT, 'src/edge/api')
    const files = (await readdir(folder)).filter((name) => name.endsWith('.ts'))
    const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
    const written = texts.flatMap((text) => [...text.matchAll(/ = defineRoute\(\{/gu)])
    expect(written).toHaveLength(API_ROUTES.length)
    const elsewhere = (await readdir(join(ROOT, 'src/edge'))).filter((name) => name.endsWith('.ts'))
    for (const name of elsewhere)
      expect(await readFile(join(ROOT, 'src/edge', name), 'utf8')).not.toMatch(/pattern: [`']\/api\//u)
  })

  it('holds every code a route can refuse with, under its status', () => {
    for (const { description } of API_ROUTES) {
      const operation = DOCUMENT.paths[description.pattern]?.[description.method.toLowerCase()]
      for (const code of [...description.errors, 'UNAUTHORIZED', 'INTERNAL_ERROR'] as readonly ErrorCode[]) {
        const shown = JSON.stringify(operation?.responses[String(ERRORS[code].status)])
        expect(shown).toContain(`"${code}"`)
      }
    }
  })

  it('is served with a token, and to nobody else', async () => {
    const served = await world.call({ path: '/api/v1/openapi.json' })
    expect([served.status, served.body]).toEqual([200, DOCUMENT])
    expect(await world.call({ path: '/api/v1/openapi.json', token: null })).toMatchObject({ status: 401 })
  })
})

describe('the check of replies', () => {
  const place = placeOf('GET', '/api/v1/projects')
  const at = (status: number, body: unknown) => ({ status, contentType: 'application/json', body })

  it.each([
    ['a field too many', at(200, { projects: [], next: null, secret: 1 })],
    ['a field too few', at(200, { projects: [] })],
    ['a status that is not in the document', at(418, {})],
    ['a code the route does not have', at(404, { code: 'SESSION_NOT_FOUND' })],
    ['no JSON', { status: 200, contentType: 'text/plain', body: '' }],
  ])('finds %s', (_what, reply) => {
    expect(faultsOfReply(place, reply)).not.toEqual([])
    expect(faultsOfReply(place, at(200, { projects: [], next: null }))).toEqual([])
  })
})

describe('a route', () => {
  it('can not refuse with what it does not describe, says the compiler', () => {
    const description = {
      method: 'GET',
      pattern: '/nowhere',
      name: 'nowhere',
      summary: 'Go nowhere',
      tag: 'nowhere',
      replies: { 200: { description: 'There.', schema: z.object({ there: z.boolean() }) } },
      errors: ['SESSION_NOT_FOUND'],
    } as const
    const refused = new AppError('PROJECT_NOT_FOUND', { project: 'x' })
    const wrong = { status: 200, body: { there: 1 } } as const
    // @ts-expect-error the code is not among its errors
    defineRoute({ ...description, handle: () => Promise.resolve(refused) })
    // @ts-expect-error the reply is not as its schema says
    defineRoute({ ...description, handle: () => Promise.resolve(wrong) })
    expect(defineRoute({ ...description, handle: () => Promise.reject(refused) }).description.name).toBe(
      'nowhere',
    )
  })
})

/** Values that are nearly right more often than chance would have it. */
const nearly = (names: readonly string[], values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.dictionary(fc.constantFrom(...names), values, { maxKeys: 3 }) },
    { weight: 1, arbitrary: fc.jsonValue() },
  )

const branchLike = fc.oneof(
  fc.constantFrom(
    'rescue/monday',
    'a..b',
    '@',
    '-x',
    'x.lock',
    'x.lock/y',
    '.x',
    'a//b',
    'x/',
    'x.',
    'a b',
    '',
  ),
  fc.string({
    unit: fc.constantFrom('a', '/', '.', '@', '{', '-', '~', '\n', 'lock', '.lock'),
    maxLength: 6,
  }),
)

async function isTaken(path: string, body: unknown): Promise<boolean> {
  const before = handedIn
  const reply = await world.call({ path, body: JSON.stringify(body), method: 'POST' })
  const isRefused = reply.status === 400 && reply.body['code'] === 'REQUEST_INVALID'
  expect({ body, handedIn: handedIn - before }).toEqual({ body, handedIn: isRefused ? 0 : 1 })
  return !isRefused
}

describe('a request', () => {
  it.each([
    [
      '/api/v1/pipelines/harbour-1.1/decisions/abc234/resolve',
      nearly(['answer', 'resolution', 'x', '__proto__'], fc.jsonValue({ maxDepth: 1 })),
    ],
    [
      '/api/v1/backups/1-ab2c/rescue',
      nearly(
        ['dirty', 'branch', 'force'],
        fc.oneof(fc.boolean(), fc.constant(null), branchLike, fc.integer()),
      ),
    ],
  ])('to %s is taken exactly when the document allows its body', async (path, bodies) => {
    const place = placeOf('POST', path)
    if (place === null) throw new Error('The document does not have the address.')
    const seen = { true: 0, false: 0 }
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        // What a client sends is what JSON makes of it.
        const sent: unknown = JSON.parse(JSON.stringify(body))
        const isAllowed = allowsBody(place, sent)
        seen[`${isAllowed}`] += 1
        expect({ sent, isTaken: await isTaken(path, sent) }).toEqual({ sent, isTaken: isAllowed })
      }),
      { numRuns: 120 },
    )
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(5)
  })

  it('for a page is taken exactly when the document allows its query', async () => {
    const place = placeOf('GET', '/api/v1/sessions')
    const operation = DOCUMENT.paths['/sessions']?.['get']
    if (place === null || operation?.parameters === undefined) throw new Error('There are no parameters.')
    const at = operation.parameters.findIndex(({ name }) => name === 'limit')
    const limits = fc.oneof(
      fc.integer({ min: -3, max: 300 }).map(String),
      fc.constantFrom('', 'x', '1e1', '0x1', '1.5', ' 5'),
    )
    await fc.assert(
      fc.asyncProperty(limits, async (limit) => {
        const value = /^-?\d+$/u.test(limit) ? Number(limit) : limit
        const isAllowed = faultsOf(schemaAt(place, 'parameters', String(at), 'schema'), value).length === 0
        const reply = await world.call({ path: `/api/v1/sessions?limit=${encodeURIComponent(limit)}` })
        expect({ limit, isTaken: reply.status === 200 }).toEqual({ limit, isTaken: isAllowed })
      }),
      { numRuns: 80 },
    )
  })

  it('names a branch by the same rule in the document and in the program', () => {
    const place = placeOf('POST', '/api/v1/backups/x/rescue')
    if (place === null) throw new Error('The document does not have the address.')
    fc.assert(
      fc.property(fc.oneof(branchLike, fc.string({ unit: 'binary-ascii' })), (branch) => {
        expect({ branch, isAllowed: allowsBody(place, { branch }) }).toEqual({
          branch,
          isAllowed: isBranchName(branch),
        })
      }),
      { numRuns: 1_000 },
    )
  })
})
