import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'belay-env-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Loader = 'loadEnvironment' | 'loadRecordsPlace'

const script = (loader: Loader): string => `
  import { ${loader} } from ${JSON.stringify(new URL('../../src/edge/load-environment.ts', import.meta.url).href)}
  try {
    process.stdout.write(JSON.stringify(${loader}(process.argv[1])))
  } catch (error) {
    process.stdout.write(JSON.stringify({ code: error.code, faults: error.details?.faults }))
  }
`

/** Loads in a process of its own: reading `.env` changes the environment of the process. */
function load(
  env: Readonly<Record<string, string>>,
  loader: Loader = 'loadEnvironment',
): Readonly<Record<string, unknown>> {
  const words = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script(loader), folder]
  const result = spawnSync(process.execPath, words, { env, encoding: 'utf8' })
  expect(result.stderr).toBe('')
  return Object(JSON.parse(result.stdout))
}

describe('loadEnvironment', () => {
  it('reads .env and a real key file; the environment wins', () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    })
    const keyFile = join(folder, 'key.pem')
    writeFileSync(keyFile, privateKey)
    const lines = [
      '# A comment',
      'APP_ID=1',
      'PORT=4000',
      `PRIVATE_KEY_PATH="${keyFile}"`,
      'WEBHOOK_SECRET=from-the-file-0123',
    ]
    writeFileSync(join(folder, '.env'), lines.join('\n'))
    expect(load({ APP_ID: '2' })).toMatchObject({
      config: { appId: 2, port: 4000, privateKey, webhookSecret: 'from-the-file-0123' },
      notices: [{ kind: 'isolation_unset' }],
    })
  })

  it('throws every fault at once, as sentences', () => {
    writeFileSync(
      join(folder, '.env'),
      'PRIVATE_KEY="-----BEGIN RSA PRIVATE KEY-----\\nAAAA\\n-----END RSA PRIVATE KEY-----"\n',
    )
    expect(load({ PORT: 'x' })).toEqual({
      code: 'CONFIG_INVALID',
      faults: [
        'APP_ID is not set; take the number from the settings page of the App.',
        'PRIVATE_KEY is not a private key in PEM form; paste the whole file with its line breaks written as \\n, or set PRIVATE_KEY_PATH instead.',
        'WEBHOOK_SECRET is not set; make one with `openssl rand -hex 32` and set it in the App too.',
        'PORT is "x"; it must be a number from 0 to 65535.',
      ],
    })
  })

  it('reads where the records are from the same places, whatever else is missing', () => {
    writeFileSync(join(folder, '.env'), 'DATABASE_URL=file:from-the-file.db\nBELAY_HOME=from-the-file\n')
    expect(load({ BELAY_HOME: '/srv/belay' }, 'loadRecordsPlace')).toEqual({
      database: { url: 'file:from-the-file.db', authToken: null },
      home: '/srv/belay',
    })
    expect(load({ DATABASE_URL: 'belay.db' }, 'loadRecordsPlace')).toEqual({
      code: 'CONFIG_INVALID',
      faults: [
        'DATABASE_URL is "belay.db"; it must be `file:<path>` or the `libsql://` address of a server.',
      ],
    })
  })

  it('does without .env', () => {
    rmSync(join(folder, '.env'))
    expect(load({})).toMatchObject({ code: 'CONFIG_INVALID', faults: { length: 3 } })
  })
})
