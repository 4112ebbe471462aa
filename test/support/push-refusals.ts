// What GitHub and git really say when they refuse a push, collected from their documentation and from people's reports.

import type { PushResult } from '../../src/domain/sync/step.ts'

export interface Refusal {
  readonly name: string
  readonly result: PushResult
  /** Lines as git shows them on the client's side. */
  readonly words: readonly string[]
  /** Lines a hook of the server prints to bring them about; absent when no hook can. */
  readonly hook?: readonly string[]
}

function ofHook(name: string, result: PushResult, hook: readonly string[]): Refusal {
  const words = [
    ...hook.map((line) => `remote: ${line}`),
    ' ! [remote rejected] work -> work (pre-receive hook declined)',
  ]
  return { name, result, hook, words }
}

export const REFUSALS: readonly Refusal[] = [
  ofHook('a protected branch', 'protected', [
    'error: GH006: Protected branch update failed for refs/heads/work.',
    'error: Required status check "build" is expected.',
  ]),
  ofHook('a ruleset', 'ruleset', [
    'error: GH013: Repository rule violations found for refs/heads/work.',
    'Review all repository rules at https://github.com/acme/rope/rules?ref=refs%2Fheads%2Fwork',
    '- Changes must be made through a pull request.',
  ]),
  ofHook('a ruleset that wants signatures', 'signature_required', [
    'error: GH013: Repository rule violations found for refs/heads/work.',
    '- Commits must have verified signatures.',
    '  Found 1 violation:',
  ]),
  ofHook('a protected branch that wants signatures', 'signature_required', [
    'error: GH006: Protected branch update failed for refs/heads/work.',
    'error: Commits must have valid signatures.',
  ]),
  ofHook('push protection', 'secret_found', [
    'error: GH013: Repository rule violations found for refs/heads/work.',
    '- GITHUB PUSH PROTECTION',
    '  - Push cannot contain secrets',
    '    —— Amazon AWS Access Key ID ——————',
  ]),
  ofHook('push protection as it spoke before', 'secret_found', [
    'error GH009: Secrets detected! This push failed.',
  ]),
  ofHook('a large file', 'too_large', [
    'error: Trace: 0123456789abcdef',
    'error: See https://gh.io/lfs for more information.',
    "error: File big.bin is 120.00 MB; this exceeds GitHub's file size limit of 100.00 MB",
    'error: GH001: Large files detected. You may want to try Git Large File Storage - https://git-lfs.github.com.',
  ]),
  {
    name: 'a workflow file without the permission',
    result: 'workflow_permission',
    words: [
      'To https://github.com/acme/rope.git',
      ' ! [remote rejected] work -> work (refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission)',
      "error: failed to push some refs to 'https://github.com/acme/rope.git'",
    ],
  },
  ofHook('a workflow file, in the words of a hook', 'workflow_permission', [
    'refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission',
  ]),
  ofHook('a repository that was archived a moment ago', 'archived', [
    'error: This repository was archived so it is read-only.',
  ]),
  ofHook('a branch that takes merges of its queue only', 'protected', [
    'error: GH006: Protected branch update failed for refs/heads/work.',
    'error: Changes must be made through the merge queue',
  ]),
  ofHook('a rule about names of branches', 'ruleset', [
    'error: GH013: Repository rule violations found for refs/heads/work.',
    '- Cannot update this protected ref.',
  ]),
  ofHook('a pack that is too large', 'too_large', ['fatal: pack exceeds maximum allowed size (2.00 GiB)']),
  ofHook('a host in trouble, in the words of a hook', 'network', ['Internal Server Error']),
  ofHook('a host that can not store refs at the moment', 'network', ['fatal error in commit_refs']),
  ofHook('a rule of nobody knows whom', 'unknown', ['Pushes are not welcome on Fridays.']),
  {
    name: 'a host that forgot to say how it went',
    result: 'network',
    words: [' ! [remote failure] work -> work (remote failed to report status)'],
  },
  {
    name: 'an archived repository',
    result: 'archived',
    words: [
      'remote: This repository was archived so it is read-only.',
      "fatal: unable to access 'https://github.com/acme/rope.git/': The requested URL returned error: 403",
    ],
  },
  {
    name: 'no permission to write',
    result: 'auth',
    words: [
      'remote: Permission to acme/rope.git denied to belay[bot].',
      "fatal: unable to access 'https://github.com/acme/rope.git/': The requested URL returned error: 403",
    ],
  },
  {
    name: 'a token that is no longer valid',
    result: 'auth',
    words: [
      'remote: Invalid username or token.',
      "fatal: Authentication failed for 'https://github.com/acme/rope.git/'",
    ],
  },
  {
    name: 'a body the proxy finds too large',
    result: 'too_large',
    words: [
      'error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413',
      'send-pack: unexpected disconnect while reading sideband packet',
    ],
  },
  {
    name: 'a broken connection',
    result: 'network',
    words: [
      'send-pack: unexpected disconnect while reading sideband packet',
      'fatal: the remote end hung up unexpectedly',
    ],
  },
  {
    name: 'no connection at all',
    result: 'network',
    words: [
      "fatal: unable to access 'https://github.com/acme/rope.git/': Failed to connect to github.com port 443 after 3 ms: Connection refused",
    ],
  },
  {
    name: 'a server in trouble',
    result: 'network',
    words: [
      "fatal: unable to access 'https://github.com/acme/rope.git/': The requested URL returned error: 502",
    ],
  },
  {
    name: 'a lease that does not hold',
    result: 'non_fast_forward',
    words: ['!\t0123456:refs/heads/work\t[rejected] (stale info)'],
  },
  {
    name: 'somebody faster',
    result: 'non_fast_forward',
    words: [' ! [rejected] work -> work (fetch first)'],
  },
  {
    name: 'somebody faster by a moment',
    result: 'non_fast_forward',
    words: [
      " ! [remote rejected] work -> work (cannot lock ref 'refs/heads/work': is at 1111 but expected 2222)",
    ],
  },
  {
    name: 'a hidden name space',
    result: 'protected',
    words: [' ! [remote rejected] refs/pull/1/head -> refs/pull/1/head (deny updating a hidden ref)'],
  },
]
