// From the mirror to what the agent should be told. Looks at stored rows only, so it can be repeated at any time; asks
// GitHub for the role of people whose words are new, and for the logs of checks that failed.

import { insert, update, type Change } from '../domain/changes.ts'
import { isAboutBudget } from '../domain/decision/subject.ts'
import type { StoredLists } from '../domain/mirror/diff-observation.ts'
import type { Check, Mirror, Nudge } from '../domain/mirror/records.ts'
import { failingChecks } from '../domain/nudge/check-news.ts'
import { collectNudges } from '../domain/nudge/collect-nudges.ts'
import { peopleToJudge } from '../domain/nudge/may-be-heard.ts'
import type { News, NewsFacts } from '../domain/nudge/news.ts'
import { settleChecks, type Settling } from '../domain/nudge/settled.ts'
import { isWaiting } from '../domain/nudge/signature.ts'
import { roleAtLeast } from '../domain/permission.ts'
import type { PullRequest } from '../domain/records.ts'
import { checkReportText } from '../domain/text/check-report.ts'
import { onePerMatrix } from '../domain/text/nudge-checks.ts'
import { configOf } from './load-config.ts'
import type { Deps, JobHandler } from './deps.ts'
import { collectNews } from './collect-soon.ts'
import { loadLists, loadMirrored, type MirroredPullRequest } from './mirrored-pull-request.ts'
import { refreshStatus, type StatusOf } from './present-session.ts'
import { findOpenDecision, repositoryOf } from './queries.ts'
import { respondSoon } from './respond-soon.ts'
import { withdrawQuestion } from './supersede-decision.ts'

interface NewsScene {
  readonly project: MirroredPullRequest['project']
  readonly pullRequest: PullRequest
  readonly sessionId: string
  readonly mirror: Mirror
  readonly lists: StoredLists
  readonly nudges: readonly Nudge[]
}

/** Stores what is news, ends what is over, and has the agent told. */
export const handleCollectNews: JobHandler<'collect_news'> = async (deps, job) => {
  const scene = await loadScene(deps, job.projectId, job.number)
  if (scene === null) return []
  const settling = settlingOf(deps, scene.mirror, scene.lists.checks)
  const facts = await newsFacts(deps, scene, settling)
  const news = collectNudges(facts)
  return [
    ...lookAgain(scene, settling),
    ...news.over.map((id) => update('nudges', { where: { id }, set: { status: 'expired' } })),
    ...news.wanted.map((draft) =>
      insert('nudges', {
        ...draft,
        id: `nd_${deps.ids.random(12)}`,
        projectId: job.projectId,
        prNumber: job.number,
        sessionId: scene.sessionId,
        status: 'pending',
        pipelineId: null,
        createdAt: deps.clock.now(),
        sentAt: null,
      }),
    ),
    ...(hasWaiting(scene, news) ? [respondSoon(deps, scene)] : []),
    ...(news.wanted.length + news.over.length > 0 ? [showWaiting(deps, scene)] : []),
    ...(hasWaiting(scene, news) ? [] : await withdrawMoot(deps, scene)),
  ]
}

/** A check that turned green by itself must not leave a question that holds everything up. */
async function withdrawMoot(deps: Deps, scene: NewsScene): Promise<readonly Change[]> {
  const open = await findOpenDecision(deps.store, scene.sessionId)
  if (open === null || !isAboutBudget(open)) return []
  return withdrawQuestion(deps, { context: placeOf(scene), decision: open, reason: 'news_over' })
}

/** The status comment says what waits, also while the agent can not be told. */
function showWaiting(deps: Deps, scene: NewsScene): Change {
  return refreshStatus(deps, placeOf(scene))
}

function placeOf({ project, pullRequest, sessionId }: NewsScene): StatusOf {
  return { project, session: { id: sessionId, prNumber: pullRequest.number } }
}

function hasWaiting({ nudges }: NewsScene, { wanted, over }: News): boolean {
  return wanted.length > 0 || nudges.some((nudge) => isWaiting(nudge) && !over.includes(nudge.id))
}

/** Time alone can settle checks: nothing has to arrive for it. */
function lookAgain({ project, pullRequest }: NewsScene, settling: Settling): readonly Change[] {
  if (settling.kind === 'settled') return []
  const { number, headSha } = pullRequest
  const at = settling.lookAgainAt
  return [collectNews({ project, number }, { at, idem: `settling:${headSha}:${at}` })]
}

/** Says whether the checks of the mirrored head have come to rest; a head counts from when it was first seen. */
export function settlingOf(
  { clock }: Pick<Deps, 'clock'>,
  mirror: Mirror,
  checks: readonly Check[],
): Settling {
  const { headSeenAt, checksChangedAt } = mirror
  return settleChecks({ checks, headSeenAt, pushedAt: null, checksChangedAt, now: clock.now() })
}

async function loadScene(deps: Deps, projectId: string, number: number): Promise<NewsScene | null> {
  const stored = await loadMirrored(deps, { projectId, number })
  if (stored === null || stored.mirror === null) return null
  const { project, known: pullRequest, mirror } = stored
  const { sessionId } = pullRequest
  if (sessionId === null) return null
  const nudges = await deps.store.list('nudges', { sessionId })
  const lists = await loadLists(deps, { projectId, prNumber: number })
  return { project, pullRequest, sessionId, mirror, lists, nudges }
}

/**
 * Judges first as if everybody could be trusted: only whose words would be told, or wait to be told, has a role worth
 * asking for.
 */
async function newsFacts(deps: Deps, scene: NewsScene, settling: Settling): Promise<NewsFacts> {
  const { project, pullRequest, mirror, lists, nudges } = scene
  const { botLogin } = await deps.github.identity()
  const hopeful: NewsFacts = {
    settings: configOf(project).nudges,
    ownLogin: botLogin,
    isTrusted: () => true,
    mirror,
    baseRef: pullRequest.baseRef,
    // A default branch that is itself to be merged somewhere, for a release say, makes no stack.
    isBottomOfStack: pullRequest.baseRef === project.defaultBranch || !mirror.isStacked,
    settling,
    logs: new Map(),
    nudges,
    ...lists,
  }
  const { wanted } = collectNudges(hopeful)
  const items = new Set([...wanted, ...nudges.filter(isWaiting)].map(({ item }) => item))
  const trusted = await readTrust(deps, scene, { settings: hopeful.settings, items })
  const logs = wanted.some(({ kind }) => kind === 'checks') ? await readLogs(deps, scene) : hopeful.logs
  return { ...hopeful, isTrusted: (login) => trusted.get(login) ?? true, logs }
}

async function readTrust(
  deps: Deps,
  { project, lists }: NewsScene,
  { settings, items }: Pick<NewsFacts, 'settings'> & { readonly items: ReadonlySet<string> },
): Promise<ReadonlyMap<string, boolean>> {
  const authors = [
    ...lists.comments.filter(({ threadId }) => items.has(threadId)),
    ...lists.reviews.filter(({ id }) => items.has(id)),
  ]
  const repository = repositoryOf(project)
  const logins = peopleToJudge(authors, settings)
  const roles = await Promise.all(logins.map((login) => deps.github.readRole(repository, login)))
  return new Map(logins.map((login, at) => [login, roleAtLeast(roles[at] ?? 'none', 'write')]))
}

/** So many logs fit into what an agent reads; the other checks are named with their links. */
const MOST_LOGS = 4

async function readLogs(deps: Deps, { project, lists }: NewsScene): Promise<ReadonlyMap<string, string>> {
  const failing = onePerMatrix(failingChecks(lists.checks)).slice(0, MOST_LOGS)
  const texts = await Promise.all(
    failing.map(async ({ id, databaseId }): Promise<readonly [string, string]> => {
      if (databaseId === null) return [id, '']
      return [id, checkReportText(await deps.observer.readCheckReport(repositoryOf(project), databaseId))]
    }),
  )
  return new Map(texts.filter(([, text]) => text !== ''))
}
