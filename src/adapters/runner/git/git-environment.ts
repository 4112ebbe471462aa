// What every git process of ours is told, so that no configuration of a person, a system or an agent has a say.
// Knows no repository and no credential.

/** The oldest git with everything we use (`merge-tree --write-tree`). */
export const GIT_NEEDED = '2.38'

/**
 * Settings that outrank every configuration file.
 *
 * A repository's own file would win over our global one, so what must hold everywhere is given on the command line.
 */
const SETTINGS: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  // Loose objects and refs are what a pin is made of; git's default does not sync them to the disk.
  'core.fsync=committed,loose-object,pack-metadata,reference',
  'core.fsyncMethod=fsync',
  'core.commitGraph=false',
  'core.askPass=',
  'gc.auto=0',
  'maintenance.auto=false',
  'commit.gpgSign=false',
  'tag.gpgSign=false',
  'push.gpgSign=false',
  'push.followTags=false',
  'push.recurseSubmodules=no',
  'rerere.enabled=false',
  'merge.conflictStyle=merge',
  'merge.renames=true',
  'diff.renames=true',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'credential.helper=',
  // Git would take the credential along to whatever host it is sent to, whichever host the setting names.
  'http.followRedirects=false',
  'protocol.version=2',
  'advice.detachedHead=false',
]

/** The options before every git command. */
export const GIT_OPTIONS: readonly string[] = SETTINGS.flatMap((setting) => ['-c', setting])

/** What simple-git would refuse by itself; all of it is used here to make git do less, never more. */
export const OPTED_IN = {
  allowUnsafeHooksPath: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeEditor: true,
  allowUnsafePager: true,
  allowUnsafeTemplateDir: true,
} as const

/** Where the host's proxy and its certificates are; git needs them to reach the remote. */
const NETWORK_NAMES: readonly string[] = [
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
]

export type Environment = Readonly<Record<string, string>>

export interface EnvironmentOptions {
  readonly host: Readonly<Record<string, string | undefined>>
  /** An empty folder: git finds no `.netrc` and no `.gitconfig` there. */
  readonly emptyHome: string
  /** Our own configuration file. */
  readonly configFile: string
  /** Protocols git may speak, as `GIT_ALLOW_PROTOCOL` wants them. */
  readonly protocols: string
}

/** Returns the environment all git processes share; nothing of the host's but the search path and the network's names. */
export function gitEnvironment(options: EnvironmentOptions): Environment {
  const passed = ['PATH', ...NETWORK_NAMES].flatMap((name): readonly (readonly [string, string])[] => {
    const value = options.host[name]
    return value === undefined ? [] : [[name, value]]
  })
  return {
    ...Object.fromEntries(passed),
    HOME: options.emptyHome,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: options.configFile,
    GIT_ALLOW_PROTOCOL: options.protocols,
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    // An agent can write refs/replace in its repository and make one commit look like another.
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_DEFAULT_REF_FORMAT: 'files',
    GIT_DEFAULT_HASH: 'sha1',
    GIT_EDITOR: ':',
    GIT_PAGER: 'cat',
  }
}

/** Returns the variables that make git give up a transfer that is slower than 1000 bytes a second for so long. */
export function slownessEnvironment(silenceMs: number): Environment {
  return {
    GIT_HTTP_LOW_SPEED_LIMIT: '1000',
    GIT_HTTP_LOW_SPEED_TIME: String(Math.max(1, Math.ceil(silenceMs / 1000))),
  }
}

interface Credential {
  readonly origin: string
  readonly token: string
}

/** Returns the variables that let one process, and only that one, speak with a credential to one origin. */
export function credentialEnvironment(access: Credential): Environment {
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${access.origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${encode(access)}`,
  }
}

/** Returns a text of the remote's without the credential, which it could have sent back in any form it was given. */
export function withoutCredential(text: string, access: Credential | null | undefined): string {
  if (access === null || access === undefined || access.token === '') return text
  return text.replaceAll(encode(access), '[removed]').replaceAll(access.token, '[removed]')
}

function encode({ token }: Credential): string {
  return Buffer.from(`x-access-token:${token}`).toString('base64')
}
