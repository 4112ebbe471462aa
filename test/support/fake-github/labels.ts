// Labels on pull requests, put on and taken off by people. Knows nothing of what a label means.
import { toLabelJson } from './json/label-json.ts'
import type { FakePullRequest } from './pull-request.ts'

/** A label of a repository. */
export interface Label {
  readonly id: number
  readonly name: string
}

/** Puts a label on a pull request and sends `pull_request.labeled`; one that is there already changes nothing. */
export function addLabel(pr: FakePullRequest, by: string, name: string): void {
  if (pr.labels.some((label) => label.name === name)) return
  const label = { id: pr.world.ids.next(), name }
  pr.labels.push(label)
  pr.sendEvent('labeled', pr.repository.writer(by), { label: toLabelJson(pr.repository, label) })
}

/** Takes a label off and sends `pull_request.unlabeled`; one that is not there changes nothing. */
export function removeLabel(pr: FakePullRequest, by: string, name: string): void {
  const place = pr.labels.findIndex((label) => label.name === name)
  const [label] = place === -1 ? [] : pr.labels.splice(place, 1)
  if (label === undefined) return
  pr.sendEvent('unlabeled', pr.repository.writer(by), { label: toLabelJson(pr.repository, label) })
}
