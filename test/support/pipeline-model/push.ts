// What people do to the branch on GitHub, and the webhooks of it.

import type { AppEvent } from '../../../src/domain/events.ts'
import type { Sha } from '../../../src/domain/ids.ts'
import type { Act, PushKind } from './act.ts'
import { BRANCH, type Host } from './host.ts'
import type { Stage } from './stage.ts'

/** Moves the branch in alice's name. */
export async function push(
  stage: Stage,
  { what, delivery }: Extract<Act, { readonly do: 'push' }>,
): Promise<void> {
  const { host, clock } = stage.bench
  const after = targetOf(stage, what)
  if (after === host.head) return stage.bench.settle()
  const { before } = host.move(after, { by: 'person', now: clock.now() })
  await stage.deliver(delivery, ...eventsOf(host, { before, after }))
}

/** Returns the webhooks of a push. */
function eventsOf(
  host: Host,
  moved: { readonly before: Sha | null; readonly after: Sha | null },
): readonly AppEvent[] {
  const sender = { login: 'alice', isBot: false }
  const { repository } = host
  const pushed = {
    kind: 'branch_pushed',
    repository,
    branch: BRANCH,
    ...moved,
    isForced: false,
    sender,
  } as const
  if (moved.after === null) return [pushed]
  const { pullRequest } = host
  return [pushed, { kind: 'pull_request_changed', repository, action: 'synchronize', pullRequest, sender }]
}

function targetOf(stage: Stage, what: PushKind): Sha | null {
  const { host, machine } = stage.bench
  const head = host.head ?? host.shownHead
  const text = `by alice ${stage.next()}`
  switch (what) {
    case 'clean':
      return host.commitOn(head, { [`theirs-${stage.next()}`]: text })
    case 'conflicting':
      return host.commitOn(head, { shared: text })
    case 'same_change': {
      const tree = machine.trees.get(stage.view.session?.id ?? '')
      const [first] = tree === undefined ? [] : host.commits.between(head, tree.branch)
      return first === undefined ? head : host.commits.add(head, first)
    }
    case 'rewind': {
      const line = host.commits.line(head)
      return line.length > 2 ? (line.at(-2)?.sha ?? head) : host.commitOn(host.base, { shared: text })
    }
    case 'delete':
      return null
    case 'restore':
      return head
  }
}
