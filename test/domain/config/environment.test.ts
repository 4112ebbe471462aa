import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  parseEnvironment,
  parseRecordsPlace,
  type EnvironmentOutcome,
} from '../../../src/domain/config/environment.ts'
import type { EnvironmentFault } from '../../../src/domain/config/environment-fault.ts'
import { ENVIRONMENT_VARIABLES, LATER_VARIABLES } from '../../../src/domain/config/environment-variables.ts'
import type { OperatorConfig } from '../../../src/domain/config/operator-config.ts'
import { renderEnvironmentFault } from '../../../src/domain/text/start-up.ts'

const PEM = '-----BEGIN RSA PRIVATE KEY-----\nAAAA\nBBBB\n-----END RSA PRIVATE KEY-----\n'
const FILES: Readonly<Record<string, string>> = {
  'key.pem': PEM,
  'windows.pem': PEM.replaceAll('\n', '\r\n'),
  'note.txt': 'hi',
}
const GOOD = {
  APP_ID: '17',
  PRIVATE_KEY: PEM,
  WEBHOOK_SECRET: 'a-secret-of-enough-characters',
  BELAY_ISOLATION: 'none',
}

type Changes = Readonly<Record<string, string | undefined>>

function parse(env: Changes, hostName = 'worker 7.example'): EnvironmentOutcome {
  return parseEnvironment(env, {
    readFile: (path) => (Object.hasOwn(FILES, path) ? (FILES[path] ?? null) : null),
    isPrivateKey: (pem) => pem === PEM,
    hostName,
  })
}

function configOf(changes: Changes = {}, hostName?: string): OperatorConfig {
  const outcome = parse({ ...GOOD, ...changes }, hostName)
  if (outcome.kind === 'invalid') throw new Error(JSON.stringify(outcome.faults))
  return outcome.config
}

function faultsOf(changes: Changes): readonly EnvironmentFault[] {
  const outcome = parse({ ...GOOD, ...changes })
  return outcome.kind === 'invalid' ? outcome.faults : []
}

describe('parseEnvironment', () => {
  it('fills in the documented defaults', () => {
    expect(configOf()).toEqual({
      appId: 17,
      privateKey: PEM,
      webhookSecret: GOOD.WEBHOOK_SECRET,
      webhookPath: '/api/github/webhooks',
      webhookProxyUrl: null,
      host: '127.0.0.1',
      port: 3000,
      logLevel: 'info',
      github: {
        apiBaseUrl: 'https://api.github.com',
        graphqlUrl: 'https://api.github.com/graphql',
        webUrl: 'https://github.com',
      },
      database: { url: 'file:data/belay.db', authToken: null },
      home: 'data',
      apiTokens: [],
      agentsFile: null,
      isolation: { kind: 'none' },
      runnerId: 'worker-7.example',
    })
  })

  it('reports everything that is missing at once, in the order of .env.example', () => {
    expect(parse({})).toEqual({
      kind: 'invalid',
      faults: [
        { kind: 'missing', variable: 'APP_ID' },
        { kind: 'private_key_missing', variable: 'PRIVATE_KEY' },
        { kind: 'missing', variable: 'WEBHOOK_SECRET' },
      ],
    })
  })

  it('reports one fault for every wrong value', () => {
    const faults = faultsOf({
      APP_ID: 'abc',
      PRIVATE_KEY: 'nope',
      WEBHOOK_SECRET: 'development',
      WEBHOOK_PATH: 'no/slash',
      WEBHOOK_PROXY_URL: 'smee.io/x',
      HOST: 'http://x',
      PORT: '65536',
      LOG_LEVEL: 'loud',
      GHE_HOST: 'https://x/',
      DATABASE_URL: 'file::memory:',
      BELAY_ISOLATION: 'docker',
      BELAY_API_TOKEN: 'short',
      RUNNER_ID: 'a b',
    })
    const order = [
      'APP_ID',
      'PRIVATE_KEY',
      'WEBHOOK_SECRET',
      'WEBHOOK_PATH',
      'WEBHOOK_PROXY_URL',
      'HOST',
      'PORT',
    ]
    const rest = ['LOG_LEVEL', 'GHE_HOST', 'DATABASE_URL', 'BELAY_ISOLATION', 'BELAY_API_TOKEN', 'RUNNER_ID']
    expect(faults.map(({ variable }) => variable)).toEqual([...order, ...rest])
  })

  it.each(['a/b', '/', 'a b', 'a\tb', 'a\nb', 'a\u00a0b', '../up', '.', '-x', 'ä', 'x'.repeat(64)])(
    'refuses %j as RUNNER_ID: it is part of a key, cut at the slash',
    (value) => {
      expect(faultsOf({ RUNNER_ID: value })).toMatchObject([
        { kind: 'wrong_value', variable: 'RUNNER_ID', value },
      ])
    },
  )

  it.each([
    ['rack/7 blue', 'rack-7-blue'],
    [' .hidden', 'hidden'],
    ['///', 'runner'],
    ['x'.repeat(80), 'x'.repeat(63)],
  ])('makes a valid RUNNER_ID of the machine’s name %j', (hostName, runnerId) => {
    expect(configOf({ RUNNER_ID: undefined }, hostName).runnerId).toBe(runnerId)
  })

  it('takes an empty variable for one that is not set', () => {
    expect(configOf({ PORT: '', BELAY_HOME: ' ', REDIS_URL: '' })).toEqual(configOf())
  })

  it.each<[string, Changes]>([
    ['in PEM', { PRIVATE_KEY: PEM }],
    ['with written line breaks', { PRIVATE_KEY: PEM.replaceAll('\n', '\\n') }],
    ['in base64', { PRIVATE_KEY: btoa(PEM) }],
    ['in base64 on several lines', { PRIVATE_KEY: btoa(PEM).replace(/(.{20})/g, '$1\n') }],
    ['in a file', { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: 'key.pem' }],
    ['in a file from Windows', { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: 'windows.pem' }],
    ['that wins over a file', { PRIVATE_KEY: PEM, PRIVATE_KEY_PATH: 'nowhere' }],
  ])('reads a private key %s', (_name, changes) => {
    expect(configOf(changes).privateKey).toBe(PEM)
  })

  it.each<[Changes, EnvironmentFault]>([
    [{ PRIVATE_KEY: undefined }, { kind: 'private_key_missing', variable: 'PRIVATE_KEY' }],
    [{ PRIVATE_KEY: PEM.replace('AAAA', 'XXXX') }, { kind: 'private_key_invalid', variable: 'PRIVATE_KEY' }],
    [
      { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: 'nowhere' },
      { kind: 'private_key_unreadable', variable: 'PRIVATE_KEY_PATH', path: 'nowhere' },
    ],
    [
      { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: 'note.txt' },
      { kind: 'private_key_invalid', variable: 'PRIVATE_KEY_PATH' },
    ],
    [{ WEBHOOK_SECRET: 'development' }, { kind: 'secret_default', variable: 'WEBHOOK_SECRET' }],
    [{ WEBHOOK_SECRET: '1234567' }, { kind: 'too_short', variable: 'WEBHOOK_SECRET', minimum: 8 }],
    [{ BELAY_ISOLATION: 'wrapper' }, { kind: 'wrapper_missing', variable: 'BELAY_AGENT_WRAPPER' }],
    [{ BELAY_AGENT_WRAPPER: 'x' }, { kind: 'wrapper_unused', variable: 'BELAY_AGENT_WRAPPER' }],
    [
      { BELAY_ISOLATION: undefined, BELAY_AGENT_WRAPPER: 'x' },
      { kind: 'wrapper_unused', variable: 'BELAY_AGENT_WRAPPER' },
    ],
    [
      { BELAY_ISOLATION: 'wrapper', BELAY_AGENT_WRAPPER: 'a "b c"' },
      { kind: 'wrapper_invalid', variable: 'BELAY_AGENT_WRAPPER' },
    ],
    [
      { BELAY_ISOLATION: 'wrapper', BELAY_AGENT_WRAPPER: '["a", 1]' },
      { kind: 'wrapper_invalid', variable: 'BELAY_AGENT_WRAPPER' },
    ],
    [
      { BELAY_API_TOKEN: 'a:12345678,b' },
      { kind: 'token_entry_invalid', variable: 'BELAY_API_TOKEN', position: 2 },
    ],
    [
      { BELAY_API_TOKEN: 'a b:12345678' },
      { kind: 'token_entry_invalid', variable: 'BELAY_API_TOKEN', position: 1 },
    ],
    [
      { BELAY_API_TOKEN: 'a:12345678,b:12345678' },
      { kind: 'token_repeated', variable: 'BELAY_API_TOKEN', position: 2 },
    ],
  ])('explains %o', (changes, fault) => {
    expect(faultsOf(changes)).toEqual([fault])
  })

  it.each(LATER_VARIABLES)('refuses %s rather than ignoring it', (variable) => {
    expect(faultsOf({ [variable]: 'x' })).toEqual([{ kind: 'not_available_yet', variable }])
  })

  it('derives every address from the Enterprise host', () => {
    expect(configOf({ GHE_HOST: 'git.example.com' }).github).toEqual({
      apiBaseUrl: 'https://git.example.com/api/v3',
      graphqlUrl: 'https://git.example.com/api/graphql',
      webUrl: 'https://git.example.com',
    })
    expect(configOf({ GHE_HOST: '127.0.0.1:8080', GHE_PROTOCOL: 'http' }).github.webUrl).toBe(
      'http://127.0.0.1:8080',
    )
  })

  it.each([
    ['plainly', 'sandbox --net none', ['sandbox', '--net', 'none']],
    ['as JSON', '["sand box", "--x"]', ['sand box', '--x']],
  ])('reads a wrapper written %s', (_name, wrapper, argv) => {
    const { isolation } = configOf({ BELAY_ISOLATION: 'wrapper', BELAY_AGENT_WRAPPER: wrapper })
    expect(isolation).toEqual({ kind: 'wrapper', argv })
  })

  it('reads named and bare tokens', () => {
    expect(configOf({ BELAY_API_TOKEN: 'alice:12345678, bare-token-1 ,ci:a:b:c:d:e,' }).apiTokens).toEqual([
      { name: 'alice', token: '12345678' },
      { name: 'api', token: 'bare-token-1' },
      { name: 'ci', token: 'a:b:c:d:e' },
    ])
  })

  it.each(['file:x.db', 'libsql://db.turso.io', 'http://127.0.0.1:8080', 'wss://x'])(
    'takes the database %s',
    (url) => {
      expect(configOf({ DATABASE_URL: url }).database.url).toBe(url)
    },
  )

  it('notices what is worth a word', () => {
    const noticesOf = (changes: Changes) => {
      const outcome = parse({ ...GOOD, ...changes })
      return outcome.kind === 'valid' ? outcome.notices : null
    }
    expect(noticesOf({})).toEqual([])
    expect(noticesOf({ BELAY_ISOLATION: undefined })).toEqual([{ kind: 'isolation_unset' }])
    expect(noticesOf({ BELAY_ISOLATION: 'bubblewrap' })).toEqual([{ kind: 'isolation_not_available' }])
    expect(noticesOf({ WEBHOOK_SECRET: '12345678' })).toEqual([
      { kind: 'secret_short', length: 8, recommended: 16 },
    ])
    expect(noticesOf({ BELAY_HOMES: 'x', BELAY_FAULT: 'x', BELAY_SOMETHING_ELSE: 'x' })).toEqual([
      { kind: 'unknown_variable', variable: 'BELAY_HOMES', nearest: 'BELAY_HOME' },
    ])
  })

  it('never throws, never half-reads, and never quotes a secret', () => {
    const secrets = ['PRIVATE_KEY', 'WEBHOOK_SECRET', 'BELAY_API_TOKEN', 'DATABASE_AUTH_TOKEN']
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('none', 'wrapper', '0', '[', 'file:x'),
    )
    const env = fc.dictionary(fc.constantFrom(...ENVIRONMENT_VARIABLES), value)
    fc.assert(
      fc.property(env, (changes) => {
        const outcome = parse(changes)
        if (outcome.kind === 'valid') return
        expect(outcome.faults.length).toBeGreaterThan(0)
        const text = outcome.faults.map(renderEnvironmentFault).join('\n')
        const leaked = secrets.filter(
          (name) => (changes[name]?.length ?? 0) > 12 && text.includes(changes[name] ?? ''),
        )
        expect(leaked).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})

describe('.env.example', () => {
  const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8')
  const named = [...example.matchAll(/^(?:# )?([A-Z][A-Z_]+)=/gm)].map((match) => match[1])

  it('explains every variable that is read, once, and no other', () => {
    expect(named).toHaveLength(ENVIRONMENT_VARIABLES.length)
    expect(new Set(named)).toEqual(new Set(ENVIRONMENT_VARIABLES))
  })

  it('shows defaults that are the real ones', () => {
    const shown = [
      ...example.matchAll(/^# (DATABASE_URL|BELAY_HOME|HOST|PORT|WEBHOOK_PATH|LOG_LEVEL)=(.+)$/gm),
    ]
    const env = Object.fromEntries(shown.map(([, name, value]) => [name, value]))
    expect(Object.keys(env)).toHaveLength(6)
    expect(configOf(env)).toEqual(configOf())
  })
})

describe('parseRecordsPlace', () => {
  it('asks for nothing of the App, and lets nothing else stand in the way', () => {
    expect(parseRecordsPlace({})).toEqual({
      kind: 'valid',
      place: { database: { url: 'file:data/belay.db', authToken: null }, home: 'data' },
    })
    const env = {
      DATABASE_URL: 'libsql://db.example',
      DATABASE_AUTH_TOKEN: 'token',
      BELAY_HOME: '/srv/belay',
    }
    expect(parseRecordsPlace({ ...env, APP_ID: 'x', PORT: 'x', REDIS_URL: 'redis://x' })).toEqual({
      kind: 'valid',
      place: { database: { url: 'libsql://db.example', authToken: 'token' }, home: '/srv/belay' },
    })
  })

  it('refuses what is no address of a database, without quoting a password', () => {
    const outcome = parseRecordsPlace({ DATABASE_URL: 'mysql://me:hunter2@db.example/belay' })
    if (outcome.kind === 'valid') throw new Error('It was taken')
    expect(outcome.faults.map(renderEnvironmentFault)).toEqual([
      'DATABASE_URL is "mysql://db.example/belay"; it must be `file:<path>` or the `libsql://` address of a server.',
    ])
  })
})
