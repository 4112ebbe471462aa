// Says in words what is not as it must be after a story of a pipeline, however often its program died.

import type { Attempt } from '../../../src/domain/records.ts'
import type { Proposal } from '../../../src/domain/pipeline/records.ts'
import { questionTexts } from '../workbench/scenes.ts'
import type { PipelineStory, ToldQuestion } from './pipeline-story.ts'
import type { Played } from './play-story.ts'

const LIFECYCLE = /^(?:pipeline|phase|decision|consensus|contract)\./u

/** Returns every breach; nothing when all is well. */
export async function judgeStory(story: PipelineStory, played: Played): Promise<readonly string[]> {
  return [
    ...(await told(story, played)),
    ...asked(story, played),
    ...(await answeredOnce(played)),
    ...deedsDone(played),
    ...(await reviews(story, played)),
    ...(await files(story, played)),
    ...(await leftOver(played)),
    ...played.gaps,
    ...played.losses,
  ]
}

function differs(what: string, is: unknown, mustBe: unknown): readonly string[] {
  const [one, other] = [JSON.stringify(is), JSON.stringify(mustBe)]
  return one === other ? [] : [`${what}: ${one}, and not ${other}`]
}

async function told({ end }: PipelineStory, { place, since }: Played): Promise<readonly string[]> {
  const rows = await place.bench.reader.changeLog()
  const types = rows
    .filter(
      ({ seq, sessionId, type }) => seq > since && sessionId === place.session.id && LIFECYCLE.test(type),
    )
    .map(({ type }) => type)
  return differs('Told', types, end.told)
}

function asked({ end }: PipelineStory, { sight, place }: Played): readonly string[] {
  const questions: readonly ToldQuestion[] = sight.decisions.map(({ kind, status, answer }) => ({
    kind,
    status,
    answer,
  }))
  const unacted = sight.decisions.filter(({ status, actedAt }) => status === 'resolved' && actedAt === null)
  return [
    ...differs('Pipeline', sight.pipeline.status, end.status),
    ...differs('Questions', questions, end.questions),
    // A question that follows another one is asked in the same comment.
    ...differs(
      'Questions on GitHub',
      questionTexts(place.pr).length,
      new Set(sight.decisions.map(({ rootId }) => rootId)).size,
    ),
    ...unacted.map(({ id }) => `Nobody acted on the answer to ${id}`),
  ]
}

/** What a person said stands once in the books, whoever wrote it down. */
async function answeredOnce({ place, sight }: Played): Promise<readonly string[]> {
  const { bench } = place
  const breaches = await Promise.all(
    sight.decisions.map(async ({ projectId, id, status, answer, cancelReason }) => {
      const rows = await bench.store.list('auditLog', { target: `${projectId}/${id}` })
      // A request that came again finds it done, and says so.
      const ends = rows.filter(
        ({ action, details }) =>
          action === 'answer_decision' || details['outcome'] === 'cancelled' || action === 'expire_decision',
      )
      const mustBe = status === 'pending' || cancelReason === 'superseded' ? 0 : 1
      return differs(`Entries about ${id} (${answer ?? status})`, ends.length, mustBe)
    }),
  )
  return breaches.flat()
}

function deedsDone({ done, deaths }: Played): readonly string[] {
  return [...done].flatMap(([{ name, outlives }, times]) =>
    times <= (outlives ? 1 : 1 + deaths.length) ? [] : [`${name} was needed ${times} times`],
  )
}

async function reviews({ end, isReviewed }: PipelineStory, played: Played): Promise<readonly string[]> {
  const { bench, session } = played.place
  const proposals = await bench.store.list('proposals', { sessionId: session.id })
  const attempts = await bench.store.list('attempts', { sessionId: session.id, role: 'reviewer' })
  const statuses = proposals.map(({ status }) => status)
  return [
    ...differs('Proposals', statuses, end.proposals ?? []),
    ...proposals.flatMap((proposal) => reviewedTwice(proposal, attempts)),
    ...(isReviewed ? unreviewed(played.heads, proposals) : []),
  ]
}

/** A review that was given is never asked for again. */
function reviewedTwice({ id, round }: Proposal, attempts: readonly Attempt[]): readonly string[] {
  const given = attempts.filter(({ proposalId, status }) => proposalId === id && status === 'succeeded')
  const names = given.map(({ agent }) => agent)
  return names.length === new Set(names).size ? [] : [`Round ${round} was reviewed by ${names.join(', ')}`]
}

function unreviewed([, ...heads]: readonly string[], proposals: readonly Proposal[]): readonly string[] {
  const good = proposals.filter(({ status }) => status === 'accepted' || status === 'overruled')
  const commits = new Set<string>(good.map(({ commit }) => commit))
  return heads.filter((head) => !commits.has(head)).map((head) => `${head} was pushed without a review`)
}

async function files({ end }: PipelineStory, { place }: Played): Promise<readonly string[]> {
  const { bench, pr } = place
  const breaches = await Promise.all(
    Object.entries(end.files ?? {}).map(async ([path, mustBe]) => {
      const text = (await bench.repo.git.tryRun(['show', `${pr.headSha}:${path}`])) ?? null
      const isRight = mustBe === null ? text === null : text !== null && mustBe.test(text)
      return isRight ? [] : [`${path} on GitHub: ${JSON.stringify(text)}`]
    }),
  )
  return breaches.flat()
}

/** Nothing is left half done, and nothing failed that was done by a living program. */
async function leftOver({ place, logged }: Played): Promise<readonly string[]> {
  const { bench, session } = place
  const running = await bench.store.list('attempts', {
    sessionId: session.id,
    status: ['starting', 'running'],
  })
  const watching = await bench.store.list('overseers', { sessionId: session.id, status: 'watching' })
  const operations = await bench.store.list('syncOperations', {
    sessionId: session.id,
    state: ['planned', 'running'],
  })
  const dead = await bench.reader.query("SELECT kind, last_error FROM jobs WHERE state = 'dead'")
  const commands = await bench.unendedCommands()
  const failed = bench.log.lines
    .slice(logged)
    .filter(({ message }) => message === 'A job failed' || message === 'job_given_up')
  return [
    ...running.map(({ id, role }) => `The attempt ${id} of a ${role} is not over`),
    ...watching.map(({ id }) => `${id} is watched`),
    ...operations.map(({ id, purpose }) => `The operation ${id} (${purpose}) is not finished`),
    ...dead.map(({ kind, lastError }) => `The job ${String(kind)} is dead: ${String(lastError)}`),
    ...commands.map(({ verb }) => `The command ${verb} has no end`),
    ...failed.map(({ fields }) => `A job failed: ${String(fields['kind'])}: ${String(fields['error'])}`),
  ]
}
