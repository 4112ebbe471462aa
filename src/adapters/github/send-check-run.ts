// Sends a check run: creates it, changes it, or finds the one an earlier try left behind. Only we write our own check
// runs, so the marker at the end of the summary needs no author to be checked beyond the App's id.

import type { Effect } from '../../domain/effects.ts'
import { clip } from '../../domain/text/markdown.ts'
import { hasMarker, withMarker } from '../../domain/text/marker.ts'
import type { SendOrder, SendOutcome } from '../../ports/github.ts'
import { toOutcome } from './call-failure.ts'
import type { Called } from './call-failure.ts'
import type { SignMarker } from './comment-marker.ts'
import type { Calls } from './github-calls.ts'

export type CheckRunEffect = Extract<Effect, { kind: 'check_run' }>

/** What sending a check run needs. */
export interface CheckRunTools {
  readonly calls: Calls
  readonly sign: SignMarker
  readonly appId: number
}

/** The name people see, and branch protection requires. */
const CHECK_NAME = 'Belay'
/** GitHub takes 65 535 characters; the marker needs room too. */
const LONGEST_SUMMARY = 60_000
const PAGE_SIZE = 100

/** Sends one check run and returns its id. */
export async function sendCheckRun(
  tools: CheckRunTools,
  order: SendOrder,
  effect: CheckRunEffect,
): Promise<SendOutcome> {
  if (order.remoteId !== null) return change(tools, effect, Number(order.remoteId))
  const left = order.mayExist ? await findOwn(tools, effect) : null
  if (left === null) return create(tools, effect)
  if (left.kind !== 'answered') return toOutcome(left)
  return left.value === null ? create(tools, effect) : change(tools, effect, left.value)
}

async function create(tools: CheckRunTools, effect: CheckRunEffect): Promise<SendOutcome> {
  const { installationId, owner, name } = effect.repository
  const created = await tools.calls.make(installationId, ({ rest }) =>
    rest.checks.create({
      owner,
      repo: name,
      name: CHECK_NAME,
      head_sha: effect.headSha,
      ...fieldsOf(tools, effect),
    }),
  )
  return created.kind === 'answered' ? sent(created.value.data.id) : toOutcome(created)
}

async function change(tools: CheckRunTools, effect: CheckRunEffect, id: number): Promise<SendOutcome> {
  const { installationId, owner, name } = effect.repository
  const changed = await tools.calls.make(installationId, ({ rest }) =>
    rest.checks.update({ owner, repo: name, check_run_id: id, ...fieldsOf(tools, effect) }),
  )
  return changed.kind === 'answered' ? sent(id) : toOutcome(changed)
}

/** Returns the id of the run of this very target, whatever state it is in. */
async function findOwn(tools: CheckRunTools, effect: CheckRunEffect): Promise<Called<number | null>> {
  const { installationId, owner, name } = effect.repository
  const marker = markerOf(tools, effect)
  for (let page = 1; ; page += 1) {
    const listed = await tools.calls.make(installationId, ({ rest }) =>
      rest.checks.listForRef({
        owner,
        repo: name,
        ref: effect.headSha,
        check_name: CHECK_NAME,
        app_id: tools.appId,
        filter: 'all',
        per_page: PAGE_SIZE,
        page,
      }),
    )
    if (listed.kind !== 'answered') return listed
    const { check_runs: runs } = listed.value.data
    const own = runs.find((run) => run.app?.id === tools.appId && hasMarker(run.output.summary ?? '', marker))
    if (own !== undefined) return { kind: 'answered', value: own.id }
    if (runs.length < PAGE_SIZE) return { kind: 'answered', value: null }
  }
}

function fieldsOf(tools: CheckRunTools, effect: CheckRunEffect): CheckRunFields {
  const { externalId, state, title, summary, buttons } = effect
  return {
    external_id: externalId,
    ...state,
    output: { title, summary: withMarker(clip(summary, LONGEST_SUMMARY), markerOf(tools, effect)) },
    actions: buttons.map(({ label, description, identifier }) => ({ label, description, identifier })),
  }
}

type CheckRunFields = CheckRunEffect['state'] & {
  readonly external_id: string
  readonly output: { title: string; summary: string }
  readonly actions: { label: string; description: string; identifier: string }[]
}

function markerOf(tools: CheckRunTools, effect: CheckRunEffect): ReturnType<SignMarker> {
  return tools.sign({ target: effect.target, issueNumber: 0 })
}

function sent(id: number): SendOutcome {
  return { kind: 'sent', remoteId: String(id) }
}
