import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CheckReport } from '../../../src/ports/github.ts'
import { writeJobLog } from '../../support/fake-github/http/job-log-routes.ts'
import { appPermissions } from '../../support/fake-github/permissions.ts'
import { startGitHubWorld } from './github-world.ts'
import type { GitHubWorld } from './github-world.ts'

const LOG_ROUTE = 'GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs'
const NOTHING: CheckReport = { logTail: null, annotations: [] }

let world: GitHubWorld

beforeAll(async () => {
  world = await startGitHubWorld()
})

afterEach(() => {
  world.fake.faults.clear()
  world.fake.setPermissions('acme', appPermissions)
})
afterAll(() => world.stop())

function failedJob(app = 'github-actions', annotationCount = 0): number {
  const annotations = Array.from({ length: annotationCount }, (_each, n) => ({
    path: `src/${n}.ts`,
    startLine: n + 1,
    endLine: n + 2,
    level: 'failure' as const,
    message: `\u001b[31mWrong ${n}\u001b[0m`,
    title: null,
    rawDetails: null,
  }))
  const { pr, repo } = world
  const failed = { app, headSha: pr.headSha, name: 'build', conclusion: 'failure' }
  return repo.reportCheck({ ...failed, annotations }).id
}

function report(id: number): Promise<CheckReport> {
  return world.github.readCheckReport(world.target, id)
}

describe('readCheckReport', () => {
  it('reads the end of a job’s log, and takes no credential to where it lies', async () => {
    const id = failedJob()
    writeJobLog(world.repo, id, '2026-01-02T03:04:05.1234567Z \u001b[31mtest failed\u001b[0m\n')
    expect(await report(id)).toEqual({ logTail: 'test failed', annotations: [] })
    const [call] = world.fake.calls.filter(({ route }) => route.startsWith('GET /job-logs/'))
    expect(call).toMatchObject({ status: 200, actor: 'none' })
  })

  it('reads a log of 20 megabytes to its end', async () => {
    const id = failedJob()
    const line = `${'x'.repeat(99)}\n`
    writeJobLog(world.repo, id, `${line.repeat(200_000)}the very end\n`)
    const { logTail } = await report(id)
    expect(logTail?.split('\n').at(-1)).toBe('the very end')
    expect(logTail?.split('\n')).toHaveLength(40)
  })

  it('reads at most fifty annotations', async () => {
    const { annotations, logTail } = await report(failedJob('linter', 60))
    expect(logTail).toBeNull()
    expect(annotations).toHaveLength(50)
    expect(annotations[1]).toEqual({ path: 'src/1.ts', line: 2, message: 'Wrong 1' })
  })

  it('asks nobody but GitHub Actions for a log', async () => {
    const before = world.fake.countCalls({ route: LOG_ROUTE })
    await report(failedJob('linter'))
    expect(world.fake.countCalls({ route: LOG_ROUTE })).toBe(before)
  })

  it('leaves out what may not be read, what is not there, and what fails', async () => {
    const id = failedJob('github-actions', 1)
    writeJobLog(world.repo, id, 'a log\n')
    const { actions: _actions, ...withoutActions } = appPermissions
    world.fake.setPermissions('acme', withoutActions)
    expect(await report(id)).toMatchObject({ logTail: null, annotations: [{ path: 'src/0.ts' }] })
    world.fake.setPermissions('acme', appPermissions)
    world.fake.faults.cutConnection({ route: /^GET \/job-logs\//u, when: 'in_body', times: 1 })
    expect(await report(id)).toMatchObject({ logTail: null, annotations: [{ path: 'src/0.ts' }] })
    world.fake.faults.failServer({ route: /annotations$/u, status: 502, times: 1 })
    expect(await report(id)).toEqual({ logTail: 'a log', annotations: [] })
    expect(await report(failedJob())).toEqual(NOTHING)
    expect(await report(999_999)).toEqual(NOTHING)
  })
})
