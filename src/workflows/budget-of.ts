// What the agent's rounds are judged by: how often it answered news by itself since a person last did something here.

import { isHumanAct, respondRoundsSince, type BudgetFacts } from '../domain/nudge/budget.ts'
import { roleAtLeast } from '../domain/permission.ts'
import type { Deps } from './deps.ts'
import type { SessionContext } from './queries.ts'

/** Returns what the agent's rounds are judged by: how many began after the last human act, and what that act was. */
export async function budgetOf(deps: Deps, context: SessionContext, rounds: number): Promise<BudgetFacts> {
  const pipelines = await deps.store.list('pipelines', { sessionId: context.session.id, kind: 'respond' })
  const startedAt = pipelines.map(({ createdAt }) => createdAt)
  const given = await lastCommandOrAnswer(deps, context)
  const actedAt = Math.max(given.at, context.session.personActedAt ?? 0)
  const wasToldToGoOn = given.at >= actedAt && given.wasToldToGoOn
  const since = respondRoundsSince(actedAt, startedAt)
  // Whose words count is asked of GitHub only where it decides something.
  if (since === 0) return { rounds, respondRoundsSinceHumanAct: 0, wasToldToGoOn }
  const spokeAt = await lastTrustedWords(deps, context, actedAt)
  if (spokeAt === null) return { rounds, respondRoundsSinceHumanAct: since, wasToldToGoOn }
  return { rounds, respondRoundsSinceHumanAct: respondRoundsSince(spokeAt, startedAt) }
}

/** Tells whether somebody who wrote on a pull request may push, so that what was written counts as a human act. */
export async function mayActHere(
  deps: Deps,
  { repository }: Pick<SessionContext, 'repository'>,
  login: string,
): Promise<boolean> {
  return roleAtLeast(await deps.github.readRole(repository, login), 'write')
}

interface Given {
  readonly at: number
  /** The newest answer lets the agent go on, and no command came after it but the one that gave it. */
  readonly wasToldToGoOn: boolean
}

/** People who may not push can give these; of those who may, the comment itself counts. */
const MAY_ONLY_LOOK: readonly string[] = ['status', 'help']

async function lastCommandOrAnswer(deps: Deps, { session, project }: SessionContext): Promise<Given> {
  const commands = await deps.store.list('commands', { projectId: project.id, prNumber: session.prNumber })
  const decisions = await deps.store.list('decisions', { sessionId: session.id, status: 'resolved' })
  const given = commands.filter(
    ({ state, verb }) =>
      !MAY_ONLY_LOOK.includes(verb) &&
      isHumanAct({ kind: 'command', wasRefused: state === 'refused' }, { isTrusted: () => false }),
  )
  const commandedAt = Math.max(0, ...given.map(({ createdAt }) => createdAt))
  const newest = decisions.toSorted((a, b) => (b.answeredAt ?? 0) - (a.answeredAt ?? 0))[0]
  const answeredAt = newest?.answeredAt ?? 0
  return {
    at: Math.max(commandedAt, answeredAt),
    wasToldToGoOn:
      answeredAt >= commandedAt && newest?.kind === 'nudge_budget' && newest.answer === 'continue',
  }
}

/** So many people are asked about, newest words first; a pull request with more has a person at hand. */
const MOST_PEOPLE = 20

async function lastTrustedWords(deps: Deps, context: SessionContext, after: number): Promise<number | null> {
  const at = { projectId: context.project.id, prNumber: context.session.prNumber }
  const comments = await deps.store.list('reviewComments', at)
  const reviews = await deps.store.list('reviews', at)
  const words = [
    ...comments.map((one) => ({ ...one, at: one.editedAt ?? one.createdAt })),
    ...reviews.map((one) => ({ ...one, at: one.editedAt ?? one.submittedAt })),
  ].filter((one) => one.at > after && one.author !== null && !one.authorIsBot)
  const newest = words.toSorted((a, b) => b.at - a.at)
  const asked = new Map<string, boolean>()
  for (const { author, authorIsBot, at: spokeAt } of newest) {
    if (author === null) continue
    if (!asked.has(author)) {
      if (asked.size >= MOST_PEOPLE) return null
      asked.set(author, await mayActHere(deps, context, author))
    }
    const isTrusted = (login: string): boolean => asked.get(login) ?? false
    if (isHumanAct({ kind: 'words', author, authorIsBot }, { isTrusted })) return spokeAt
  }
  return null
}
