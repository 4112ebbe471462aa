import { describe, expect, it } from 'vitest'
import type { EnvironmentFault, EnvironmentNotice } from '../../../src/domain/config/environment-fault.ts'
import {
  renderEnvironmentFault,
  renderEnvironmentNotice,
  renderConfigRefusal,
} from '../../../src/domain/text/start-up.ts'

const FAULTS: { readonly [K in EnvironmentFault['kind']]: Extract<EnvironmentFault, { readonly kind: K }> } =
  {
    missing: { kind: 'missing', variable: 'APP_ID' },
    private_key_missing: { kind: 'private_key_missing', variable: 'PRIVATE_KEY' },
    private_key_unreadable: {
      kind: 'private_key_unreadable',
      variable: 'PRIVATE_KEY_PATH',
      path: '/etc/key.pem',
    },
    private_key_invalid: { kind: 'private_key_invalid', variable: 'PRIVATE_KEY_PATH' },
    secret_default: { kind: 'secret_default', variable: 'WEBHOOK_SECRET' },
    too_short: { kind: 'too_short', variable: 'WEBHOOK_SECRET', minimum: 8 },
    wrong_value: { kind: 'wrong_value', variable: 'PORT', value: 'x', wanted: 'a number from 0 to 65535' },
    token_entry_invalid: { kind: 'token_entry_invalid', variable: 'BELAY_API_TOKEN', position: 2 },
    token_repeated: { kind: 'token_repeated', variable: 'BELAY_API_TOKEN', position: 2 },
    wrapper_missing: { kind: 'wrapper_missing', variable: 'BELAY_AGENT_WRAPPER' },
    wrapper_unused: { kind: 'wrapper_unused', variable: 'BELAY_AGENT_WRAPPER' },
    wrapper_invalid: { kind: 'wrapper_invalid', variable: 'BELAY_AGENT_WRAPPER' },
    not_available_yet: { kind: 'not_available_yet', variable: 'REDIS_URL' },
  }

const NOTICES: {
  readonly [K in EnvironmentNotice['kind']]: Extract<EnvironmentNotice, { readonly kind: K }>
} = {
  isolation_unset: { kind: 'isolation_unset' },
  isolation_not_available: { kind: 'isolation_not_available' },
  secret_short: { kind: 'secret_short', length: 9, recommended: 16 },
  unknown_variable: { kind: 'unknown_variable', variable: 'BELAY_HOMES', nearest: 'BELAY_HOME' },
}

describe('renderEnvironmentFault', () => {
  it('says in one sentence what is wrong and what to do', () => {
    expect(Object.values(FAULTS).map(renderEnvironmentFault).join('\n')).toMatchInlineSnapshot(`
      "APP_ID is not set; take the number from the settings page of the App.
      PRIVATE_KEY is not set; generate a private key on the settings page of the App and set PRIVATE_KEY_PATH to the downloaded file.
      PRIVATE_KEY_PATH names /etc/key.pem, which can not be read; correct the path or the permissions of the file.
      PRIVATE_KEY_PATH names a file that is not a private key in PEM form; download a new one from the settings page of the App.
      WEBHOOK_SECRET is "development", which everybody knows; make one with \`openssl rand -hex 32\` and set it in the App too.
      WEBHOOK_SECRET has fewer than 8 characters; make one with \`openssl rand -hex 32\` and set it in the App too.
      PORT is "x"; it must be a number from 0 to 65535.
      BELAY_API_TOKEN is not valid at entry 2; write name:token with a token of at least 8 characters, separated by commas.
      BELAY_API_TOKEN repeats a token at entry 2; give every name a token of its own.
      BELAY_ISOLATION is "wrapper" but BELAY_AGENT_WRAPPER is not set; set it to the command that is put before every agent.
      BELAY_AGENT_WRAPPER is set but would not be used; set BELAY_ISOLATION to "wrapper", or remove BELAY_AGENT_WRAPPER.
      BELAY_AGENT_WRAPPER can not be read; write plain words, or a JSON list of strings when one holds spaces or quotes.
      REDIS_URL is set, but running on several machines is not available in this version; remove it."
    `)
  })

  it.each(Object.values(FAULTS))('names the variable and ends with a full stop: $kind', (fault) => {
    const text = renderEnvironmentFault(fault)
    expect(text).toContain(fault.variable)
    expect(text).toMatch(/[;] .*\.$/)
  })
})

describe('renderEnvironmentNotice', () => {
  it('says what follows from it', () => {
    expect(Object.values(NOTICES).map(renderEnvironmentNotice).join('\n')).toMatchInlineSnapshot(`
      "BELAY_ISOLATION is not set: everything works but runs, which are refused until it is \`wrapper\` or, openly, \`none\`.
      BELAY_ISOLATION is \`bubblewrap\`, which is not available in this version: runs are refused until it is \`wrapper\` or, openly, \`none\`.
      WEBHOOK_SECRET has 9 characters; at least 16 are recommended.
      BELAY_HOMES is not read by Belay; BELAY_HOME may be meant."
    `)
  })
})

describe('renderConfigRefusal', () => {
  it('lists everything in one message', () => {
    const faults = [FAULTS.missing, FAULTS.private_key_missing].map(renderEnvironmentFault)
    expect(renderConfigRefusal(faults)).toMatchInlineSnapshot(`
      "Belay did nothing. 2 things are missing or wrong in its configuration:

        - APP_ID is not set; take the number from the settings page of the App.
        - PRIVATE_KEY is not set; generate a private key on the settings page of the App and set PRIVATE_KEY_PATH to the downloaded file.

      Settings are read from the environment and from .env in this folder; .env.example explains every one.
      "
    `)
  })
})
