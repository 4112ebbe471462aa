// How GitHub writes a label.
import { nodeId } from '../ids.ts'
import type { Label } from '../labels.ts'
import type { FakeRepository } from '../repository.ts'

/** Returns a label as REST and webhooks write it. */
export function toLabelJson(
  { world, fullName }: FakeRepository,
  { id, name }: Label,
): Record<string, unknown> {
  return {
    id,
    node_id: nodeId('LA', id),
    url: `${world.links.api}/repos/${fullName}/labels/${encodeURIComponent(name)}`,
    name,
    color: 'd73a4a',
    default: false,
    description: '',
  }
}
