// Every example of docs/api.md, sent to a real server as it is written there.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROOT } from '../../../scripts/repository-files.ts'
import { insert } from '../../../src/domain/changes.ts'
import { decision, groundwork, session } from '../../adapters/db/rows.ts'
import { openApiWorld, type ApiWorld, type Call } from './api-world.ts'

interface Example {
  readonly command: string
  readonly reply: string
}

const GUIDE = await readFile(join(ROOT, 'docs/api.md'), 'utf8')
const EXAMPLES = [
  ...GUIDE.matchAll(/```sh\n(curl [^`]*)```\n\n```json\n([^`]*(?:`[^`]+`[^`]*)*?)\n?```/gu),
].map(([, command = '', reply = '']): Example => ({ command, reply }))

let world: ApiWorld

beforeAll(async () => {
  world = await openApiWorld({
    parts: {
      onReplayed: () => undefined,
      submitAnswer: () => Promise.resolve({ kind: 'accepted', option: 'abort', isOpen: false }),
      requests: {
        populate: () => Promise.reject(new Error('The guide does not ask for it.')),
        cancelDecision: () => Promise.reject(new Error('The guide does not ask for it.')),
        restart: () =>
          Promise.resolve({
            kind: 'decision_pending',
            decision: 'k7m2qx',
            context: 'sync_blocked:implement',
          }),
      },
    },
  })
  await world.store.commit(
    [
      ...groundwork(),
      insert('sessions', session({ id: 'harbour-2', no: 2, state: 'stopped' })),
      insert('decisions', decision({ id: 'k7m2qx', rootId: 'k7m2qx' })),
    ],
    null,
  )
  await world.temp.inbox.insert({
    deliveryId: '72d3162e',
    event: 'ping',
    action: null,
    installationId: null,
    repositoryId: null,
    body: '{}',
    bodySha256: '0'.repeat(64),
    receivedAt: 1,
  })
  const entry = await world.temp.inbox.find('72d3162e')
  await world.temp.inbox.finish(entry?.id ?? 0, [])
})
afterAll(() => world.close())

/** Reads a line for curl; the guide uses no more of it than this knows. */
function toCall(command: string): Call {
  const words = [...command.replaceAll('\\\n', ' ').matchAll(/"([^"]*)"|'([^']*)'|(\S+)/gu)].map(
    ([, double, single, bare]) => (double ?? single ?? bare ?? '').replace('$TOKEN', 'token-of-alice'),
  )
  const headers: Record<string, string> = {}
  let method = 'GET'
  let body: string | undefined
  let path = ''
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-X') method = words.shift() ?? ''
    else if (word === '-d') body = words.shift()
    else if (word === '-H') {
      const [name = '', value = ''] = (words.shift() ?? '').split(': ')
      headers[name.toLowerCase()] = value
    } else if (word.startsWith('http://localhost:3000/')) path = word.slice('http://localhost:3000'.length)
    else if (word !== 'curl') throw new Error(`The guide gives curl a word that is not known: ${word}`)
  }
  return { path, method, token: null, headers, ...(body === undefined ? {} : { body }) }
}

/** What stands for something that is different every time. */
function asExpected(reply: unknown): unknown {
  if (reply === '…') return expect.any(String)
  if (Array.isArray(reply)) return reply.map(asExpected)
  if (typeof reply !== 'object' || reply === null) return reply
  return Object.fromEntries(Object.entries(reply).map(([key, value]) => [key, asExpected(value)]))
}

it('has every example checked', () => {
  expect(EXAMPLES).toHaveLength([...GUIDE.matchAll(/^curl /gmu)].length)
  expect(EXAMPLES.length).toBeGreaterThan(6)
})

it.each(EXAMPLES)('is answered as docs/api.md says: $command', async ({ command, reply }) => {
  const { body } = await world.call(toCall(command))
  expect(body).toMatchObject(Object(asExpected(JSON.parse(reply))) as object)
})
