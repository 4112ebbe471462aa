// Check runs: limits, buttons, and that a completed run stays completed.
import type { Octokit } from '@octokit/rest'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FakePullRequest } from './pull-request.ts'
import type { FakeRepository } from './repository.ts'
import { asInstallation, createRocket, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake
let repo: FakeRepository
let pr: FakePullRequest
let octokit: Octokit

beforeEach(async () => {
  fake = await startFakeGitHub()
  repo = await createRocket(fake)
  await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
  pr = await repo.openPullRequest({ by: 'alice', head: 'feature' })
  octokit = asInstallation(fake, 'acme')
})

afterEach(() => fake.stop())

const rocket = { owner: 'acme', repo: 'rocket' }
const button = { label: 'Continue', description: 'Continue with post-reset state', identifier: 'continue' }

async function createRun(more: object = {}): Promise<number> {
  const { data } = await octokit.rest.checks.create({
    ...rocket,
    name: 'Belay',
    head_sha: pr.headSha,
    status: 'in_progress',
    external_id: 'k7m2qp',
    output: { title: 'Asks', summary: 'What now?' },
    ...more,
  })
  return data.id
}

function checkEvents(): string[] {
  const events = fake.github.deliveries.filter(({ event }) => event === 'check_run')
  return events.map(({ action, payload }) => `${action ?? ''} by ${senderOf(payload)}`)
}

function senderOf(payload: Readonly<Record<string, unknown>>): string {
  const sender = payload['sender']
  return typeof sender === 'object' && sender !== null && 'login' in sender ? String(sender.login) : ''
}

describe('CheckRuns', () => {
  it('shows what was written, on the head of the pull request', async () => {
    const id = await createRun({ actions: [button] })
    expect(pr.checkRuns()).toMatchObject([
      { id, name: 'Belay', status: 'in_progress', externalId: 'k7m2qp', actions: [button] },
    ])
    expect((await octokit.rest.checks.get({ ...rocket, check_run_id: id })).data).toMatchObject({
      app: { id: 4711 },
      external_id: 'k7m2qp',
      output: { title: 'Asks' },
      pull_requests: [{ number: pr.number }],
    })
  })

  it('refuses more buttons and longer texts than GitHub', async () => {
    const long = (text: string, count: number): string => text.padEnd(count, 'x')
    const wrong = [
      [button, button, button, button],
      [{ ...button, label: long('label', 21) }],
      [{ ...button, description: long('description', 41) }],
      [{ ...button, identifier: long('identifier', 21) }],
    ]
    for (const actions of wrong) await expect(createRun({ actions })).rejects.toMatchObject({ status: 422 })
    await expect(createRun({ head_sha: '0'.repeat(40) })).rejects.toMatchObject({ status: 422 })
    await expect(createRun({ status: 'completed' })).rejects.toMatchObject({ status: 422 })
    expect(pr.checkRuns()).toEqual([])
    const longest = { label: long('l', 20), description: long('d', 40), identifier: long('i', 20) }
    await expect(createRun({ actions: [longest, longest, longest] })).resolves.toBeGreaterThan(0)
  })

  it('never reopens a completed run, but lets its text change', async () => {
    const id = await createRun()
    const at = { ...rocket, check_run_id: id }
    const { data } = await octokit.rest.checks.update({ ...at, conclusion: 'action_required' })
    expect(data).toMatchObject({ status: 'completed', conclusion: 'action_required' })
    await expect(octokit.rest.checks.update({ ...at, status: 'in_progress' })).rejects.toMatchObject({
      status: 422,
    })
    const output = { title: 'Answered', summary: 'By alice' }
    await octokit.rest.checks.update({ ...at, output, conclusion: 'success' })
    expect(pr.checkRuns()).toMatchObject([{ status: 'completed', conclusion: 'success', output }])
    expect(checkEvents()).toEqual(['created by belay[bot]', 'completed by belay[bot]'])
  })

  it('sends requested_action when somebody presses a button that is there', async () => {
    const id = await createRun({ actions: [button] })
    await pr.pressButton('alice', id, 'continue')
    const pressed = fake.github.deliveries.at(-1)
    expect(pressed).toMatchObject({ event: 'check_run', action: 'requested_action' })
    expect(pressed?.payload).toMatchObject({
      requested_action: { identifier: 'continue' },
      check_run: { id, external_id: 'k7m2qp' },
      sender: { login: 'alice' },
    })
    await expect(pr.pressButton('alice', id, 'abort')).rejects.toThrow('has no button "abort"')
    await expect(pr.pressButton('bob', id, 'continue')).rejects.toThrow('may not write')
  })

  it('lists the runs of a commit by name and app, the latest of each unless all are wanted', async () => {
    const first = await createRun({ status: 'completed', conclusion: 'neutral' })
    const second = await createRun()
    const ci = repo.reportCheck({ app: 'ci', headSha: pr.headSha, name: 'unit' })
    const list = async (filter: object): Promise<number[]> => {
      const { data } = await octokit.rest.checks.listForRef({ ...rocket, ref: 'feature', ...filter })
      return data.check_runs.map(({ id }) => id)
    }
    expect(await list({})).toEqual([ci.id, second])
    expect(await list({ filter: 'all' })).toEqual([ci.id, second, first])
    expect(await list({ check_name: 'unit' })).toEqual([ci.id])
    expect(await list({ app_id: 4711 })).toEqual([second])
    repo.updateCheck(ci.id, { conclusion: 'failure' })
    expect(checkEvents().at(-1)).toBe('completed by ci[bot]')
    const stolen = octokit.rest.checks.update({ ...rocket, check_run_id: ci.id, conclusion: 'success' })
    await expect(stolen).rejects.toMatchObject({ status: 403 })
  })

  it('stays on its commit when the head moves on', async () => {
    await createRun()
    const old = pr.headSha
    await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'two\n' } })
    expect(pr.checkRuns()).toEqual([])
    expect(repo.checks.list(old)).toHaveLength(1)
  })
})
