// The ports to GitHub over the simulated host: it answers what is true at that moment, and takes every effect.

import type { AppIdentity, DeliveryLog, GitHub, GitHubHealth, Observer } from '../../../src/ports/github.ts'
import type { Host } from './host.ts'
import { ROLES } from './host.ts'
import type { Life } from './life.ts'

/** Everything the program knows GitHub by. */
export type Doors = Readonly<{
  github: GitHub
  observer: Observer
  deliveries: DeliveryLog
  health: GitHubHealth
}>

const IDENTITY: AppIdentity = { appId: 1, slug: 'belay', botLogin: 'belay[bot]', botUserId: 1 }

/** Returns the doors for one life of the program. */
export function openDoors(host: Host, life: Life, now: () => number): Doors {
  const alive = <T>(answer: () => T): Promise<T> => {
    life.check()
    return Promise.resolve(answer())
  }
  return {
    github: {
      identity: () => alive(() => IDENTITY),
      readRole: (_, login) => alive(() => ROLES[login] ?? 'none'),
      readPullRequest: () => alive(() => host.pullRequest),
      readRepository: () => alive(() => host.repository),
      readComment: (_, nodeId) => alive(() => ({ body: '', wasEdited: host.edited.has(nodeId) })),
      readFile: () => alive(() => host.config),
      send: () => alive(() => ({ kind: 'sent', remoteId: '1' })),
    },
    observer: {
      observe: () =>
        alive(() => ({ kind: 'observed', observation: host.observe(now()), fingerprint: null, cost: 1 })),
      glance: (names) => alive(() => names.map(() => ({ kind: 'gone' as const }))),
      readCheckReport: () => alive(() => ({ logTail: 'It is red.', annotations: [] })),
    },
    deliveries: {
      listSince: () => alive(() => []),
      redeliver: () => alive(() => undefined),
    },
    health: { listInstallations: () => alive(() => []) },
  }
}
