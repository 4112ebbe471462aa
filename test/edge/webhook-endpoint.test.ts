import { createHash, randomUUID } from 'node:crypto'
import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startHttpServer, type HttpServer } from '../../src/edge/http-server.ts'
import { WEBHOOK_LIMIT_BYTES, webhookEndpoint } from '../../src/edge/webhook-endpoint.ts'
import {
  keepLog,
  openSocket,
  openTempInbox,
  SECRET,
  sign,
  webhookHeaders,
  type TempInbox,
} from './edge-world.ts'

const log = keepLog()
let store: TempInbox
let server: HttpServer
let isBroken = false
let wakes = 0

beforeAll(async () => {
  store = await openTempInbox()
  const inbox: Pick<TempInbox['inbox'], 'insert'> = {
    insert: (delivery) =>
      isBroken ? Promise.reject(new Error('disk of SECRET is full')) : store.inbox.insert(delivery),
  }
  const onStored = (): void => {
    wakes += 1
  }
  const hook = webhookEndpoint({
    path: '/hook',
    secret: SECRET,
    inbox,
    now: () => 1_700_000_000_000,
    log,
    onStored,
  })
  server = await startHttpServer({ host: '127.0.0.1', port: 0, routes: [hook], log })
})

afterAll(async () => {
  await server.close()
  await store.close()
})

beforeEach(() => {
  isBroken = false
  wakes = 0
})

interface Answer {
  readonly status: number
  readonly code: unknown
  readonly text: string
}

async function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string | undefined>,
): Promise<Answer> {
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const response = await fetch(`http://127.0.0.1:${server.address.port}/hook`, {
    method: 'POST',
    body,
    headers: given,
  })
  const text = await response.text()
  const parsed: unknown = JSON.parse(text)
  return { status: response.status, code: Object(parsed).code, text }
}

async function countStored(): Promise<number> {
  return (await store.inbox.list({ statuses: null, limit: 100_000 })).length
}

/** A body nobody sent before: equal bodies are duplicates. */
function freshBody(extra: object = {}): string {
  return JSON.stringify({
    action: 'created',
    installation: { id: 7 },
    repository: { id: 8 },
    nonce: randomUUID(),
    ...extra,
  })
}

describe('webhookEndpoint', () => {
  it('stores exactly the bytes that were signed, then answers 202', async () => {
    const body = freshBody({ text: 'grün 🌲 \u2028', spaces: '   ' })
    const headers = webhookHeaders(body, 'issue_comment')
    const answer = await post(body, headers)
    expect(answer).toMatchObject({ status: 202, text: '{}' })
    expect(wakes).toBe(1)
    const entry = await store.inbox.find(headers['x-github-delivery'] ?? '')
    expect(entry).toMatchObject({
      event: 'issue_comment',
      action: 'created',
      installationId: 7,
      repositoryId: 8,
      body,
      bodySha256: createHash('sha256').update(body).digest('hex'),
      receivedAt: 1_700_000_000_000,
      status: 'pending',
    })
  })

  it('answers 202 to a replay, under the same id or another, and stores nothing more', async () => {
    const body = freshBody()
    const headers = webhookHeaders(body, 'issue_comment')
    await post(body, headers)
    const before = await countStored()
    expect((await post(body, headers)).status).toBe(202)
    expect((await post(body, { ...headers, 'x-github-delivery': randomUUID() })).status).toBe(202)
    expect(await countStored()).toBe(before)
    expect(wakes).toBe(1)
  })

  it('takes fifty deliveries at once', async () => {
    const before = await countStored()
    const bodies = Array.from({ length: 50 }, () => freshBody())
    const answers = await Promise.all(bodies.map((body) => post(body, webhookHeaders(body))))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
    expect(await countStored()).toBe(before + 50)
  })

  const body = freshBody()
  const good = webhookHeaders(body)
  const signature = good['x-hub-signature-256'] ?? ''
  it.each<[string, Record<string, string | undefined>, number, string]>([
    ['no signature', { 'x-hub-signature-256': undefined }, 400, 'WEBHOOK_HEADERS_MISSING'],
    ['no event', { 'x-github-event': undefined }, 400, 'WEBHOOK_HEADERS_MISSING'],
    ['no delivery id', { 'x-github-delivery': undefined }, 400, 'WEBHOOK_HEADERS_MISSING'],
    ['an event that is none', { 'x-github-event': '__proto__$' }, 400, 'WEBHOOK_HEADERS_MISSING'],
    ['a delivery id with a quote', { 'x-github-delivery': `x'--` }, 400, 'WEBHOOK_HEADERS_MISSING'],
    [
      'two signatures',
      { 'x-hub-signature-256': `${signature}, ${signature}` },
      401,
      'WEBHOOK_SIGNATURE_INVALID',
    ],
    [
      'a signature of another secret',
      { 'x-hub-signature-256': sign(body, 'other') },
      401,
      'WEBHOOK_SIGNATURE_INVALID',
    ],
    [
      'a signature without its prefix',
      { 'x-hub-signature-256': signature.slice(7) },
      401,
      'WEBHOOK_SIGNATURE_INVALID',
    ],
    [
      'a signature of SHA-1',
      { 'x-hub-signature-256': 'sha1=' + 'a'.repeat(40) },
      401,
      'WEBHOOK_SIGNATURE_INVALID',
    ],
    [
      'a signature too short',
      { 'x-hub-signature-256': signature.slice(0, -2) },
      401,
      'WEBHOOK_SIGNATURE_INVALID',
    ],
    ['a signature too long', { 'x-hub-signature-256': `${signature}00` }, 401, 'WEBHOOK_SIGNATURE_INVALID'],
    [
      'a signature in capitals',
      { 'x-hub-signature-256': signature.toUpperCase() },
      401,
      'WEBHOOK_SIGNATURE_INVALID',
    ],
    ['an empty signature', { 'x-hub-signature-256': '' }, 401, 'WEBHOOK_SIGNATURE_INVALID'],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'WEBHOOK_CONTENT_TYPE'],
    ['a look-alike of JSON', { 'content-type': 'application/jsonp' }, 415, 'WEBHOOK_CONTENT_TYPE'],
  ])('refuses %s and stores nothing', async (_name, changed, status, code) => {
    const before = await countStored()
    const answer = await post(body, { ...good, ...changed })
    expect(answer).toMatchObject({ status, code })
    expect(await countStored()).toBe(before)
    expect(wakes).toBe(0)
    // Nobody learns from a refusal what would have been right.
    expect(answer.text).not.toContain(signature.slice(7))
    expect(answer.text).not.toContain(SECRET)
  })

  it.each([
    ['not JSON', '{"a":'],
    ['a list', '[1]'],
    ['null', 'null'],
    ['a word', '"x"'],
    ['nothing', ''],
    ['a byte order mark', '\ufeff{}'],
  ])('refuses a well signed body that is %s', async (_name, text) => {
    const before = await countStored()
    expect(await post(text, webhookHeaders(text))).toMatchObject({
      status: 400,
      code: 'WEBHOOK_BODY_INVALID',
    })
    expect(await countStored()).toBe(before)
  })

  it('refuses a well signed body that is not UTF-8', async () => {
    const bytes = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])
    expect(await post(bytes, webhookHeaders(bytes))).toMatchObject({
      status: 400,
      code: 'WEBHOOK_BODY_INVALID',
    })
  })

  it('takes JSON with a charset', async () => {
    const text = freshBody()
    const headers = { ...webhookHeaders(text), 'content-type': 'Application/JSON; charset=utf-8' }
    expect((await post(text, headers)).status).toBe(202)
  })

  it('refuses other methods', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const response = await fetch(`http://127.0.0.1:${server.address.port}/hook`, { method })
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('POST')
      await response.body?.cancel()
    }
  })

  it('refuses 26 MB, however well signed, and goes on living', async () => {
    const before = await countStored()
    const huge = JSON.stringify({ filler: 'x'.repeat(26 * 1024 * 1024) })
    const headers = webhookHeaders(huge)
    expect(await post(huge, headers)).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' })
    expect(await countStored()).toBe(before)
    const small = freshBody()
    expect((await post(small, webhookHeaders(small))).status).toBe(202)
  })

  it('takes a body just under the limit', async () => {
    const frame = JSON.stringify({ filler: '' }).length
    const large = JSON.stringify({ filler: 'x'.repeat(WEBHOOK_LIMIT_BYTES - frame) })
    expect((await post(large, webhookHeaders(large))).status).toBe(202)
  })

  it('answers 503 when nothing could be stored, so that GitHub marks the delivery as failed', async () => {
    isBroken = true
    const text = freshBody()
    const headers = webhookHeaders(text)
    const answer = await post(text, headers)
    expect(answer).toMatchObject({ status: 503, code: 'WEBHOOK_NOT_STORED' })
    expect(answer.text).not.toMatch(/disk|SECRET/)
    expect(wakes).toBe(0)
    isBroken = false
    expect((await post(text, headers)).status).toBe(202)
    expect(wakes).toBe(1)
  })

  it('stores nothing when the sender goes away before the end', async () => {
    const before = await countStored()
    const { socket, answer } = await openSocket(server.address.port)
    const text = freshBody()
    const headers = Object.entries(webhookHeaders(text)).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(
      `POST /hook HTTP/1.1\r\nhost: x\r\ncontent-length: ${text.length}\r\n${headers.join('')}\r\n`,
    )
    socket.write(text.slice(0, -1), () => socket.destroy())
    await answer
    // A later request has been answered, so the first one is over too.
    const other = freshBody()
    expect((await post(other, webhookHeaders(other))).status).toBe(202)
    expect(await countStored()).toBe(before + 1)
  })

  it('never accepts a body or a signature that was changed anywhere', async () => {
    const before = await countStored()
    const original = Buffer.from(freshBody())
    const proof = sign(original)
    const flip = fc.record({
      at: fc.nat(),
      bit: fc.integer({ min: 0, max: 7 }),
      where: fc.constantFrom('body', 'proof'),
    })
    await fc.assert(
      fc.asyncProperty(flip, async ({ at, bit, where }) => {
        const bytes = Uint8Array.from(original)
        let given = proof
        if (where === 'body') {
          const position = at % bytes.length
          bytes[position] = (bytes[position] ?? 0) ^ (1 << bit)
        } else {
          const position = 7 + (at % 64)
          const digit = (Number.parseInt(proof.charAt(position), 16) ^ (1 << (bit % 4))).toString(16)
          given = proof.slice(0, position) + digit + proof.slice(position + 1)
        }
        const headers = { ...webhookHeaders(original), 'x-hub-signature-256': given }
        expect(await post(bytes, headers)).toMatchObject({ status: 401, code: 'WEBHOOK_SIGNATURE_INVALID' })
      }),
      { numRuns: 400 },
    )
    expect(await countStored()).toBe(before)
    expect((await post(original.toString(), webhookHeaders(original))).status).toBe(202)
  })

  it('never accepts a body that was cut or extended', async () => {
    const original = freshBody()
    const headers = webhookHeaders(original)
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: original.length - 1 }),
        fc.string({ minLength: 1, maxLength: 5 }),
        async (end, more) => {
          expect((await post(original.slice(0, end), headers)).status).toBe(401)
          expect((await post(original + more, headers)).status).toBe(401)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('keeps bodies, signatures and the secret out of the log', () => {
    const text = JSON.stringify(log.lines)
    expect(log.lines.length).toBeGreaterThan(100)
    expect(text).not.toContain(SECRET)
    expect(text).not.toContain('nonce')
    expect(text).not.toContain('sha256=')
  })
})
