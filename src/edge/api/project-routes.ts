// The REST face of projects: the repositories the App is installed on. Reads only.

import { z } from 'zod'
import { AppError } from '../../domain/errors/app-error.ts'
import type { Project } from '../../domain/records.ts'
import type { Store } from '../../ports/store.ts'
import { invalidField } from './check-request.ts'
import { defineRoute, type View } from './define-route.ts'
import { NEXT, PAGE_QUERY, pageOf } from './paging.ts'
import { id, quoted, time, toTime } from './wire-values.ts'

const TAG = 'projects'

const projectView = z
  .object({
    id: z.string().describe('Kept when the repository is renamed.'),
    repository: z.string().describe('`<owner>/<name>`.'),
    repositoryId: z.int().describe('GitHub’s own id.'),
    isPrivate: z.boolean(),
    defaultBranch: z.string(),
    config: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('The last valid configuration with every default; null while there never was one.'),
    configFaults: z
      .array(
        z.object({
          line: z.int(),
          column: z.int(),
          path: z.string(),
          message: z.string(),
          hint: z.string().optional(),
        }),
      )
      .describe('What is wrong with the configuration as it is now.'),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Project' })

type Parts = { readonly store: Pick<Store, 'find' | 'list'> }

const listProjects = defineRoute({
  method: 'GET',
  pattern: '/projects',
  name: 'listProjects',
  summary: 'List the projects, oldest first',
  tag: TAG,
  query: z.strictObject(PAGE_QUERY),
  replies: {
    200: {
      description: 'A page of projects.',
      schema: z.object({ projects: z.array(projectView), next: NEXT }),
    },
  },
  errors: [],
  handle: async ({ query }, { store }: Parts) => {
    const page = pageOf(await store.list('projects', {}), query)
    if (page === null) throw invalidField('query.after', 'there is no such project')
    return { status: 200, body: { projects: page.rows.map(toProjectView), next: page.next } }
  },
})

const getProject = defineRoute({
  method: 'GET',
  pattern: '/projects/{id}',
  name: 'getProject',
  summary: 'Show one project',
  tag: TAG,
  params: z.object({ id }),
  replies: { 200: { description: 'The project.', schema: z.object({ project: projectView }) } },
  errors: ['PROJECT_NOT_FOUND'],
  handle: async ({ params }, { store }: Parts) => {
    const project = await store.find('projects', { id: params.id })
    if (project === null) return new AppError('PROJECT_NOT_FOUND', { project: quoted(params.id) })
    return { status: 200, body: { project: toProjectView(project) } }
  },
})

export const PROJECT_ROUTES = [listProjects, getProject]

function toProjectView(project: Project): View<typeof projectView> {
  const { id: slug, owner, name, repositoryId, isPrivate, defaultBranch, config, configFaults } = project
  return {
    id: slug,
    repository: `${owner}/${name}`,
    repositoryId,
    isPrivate,
    defaultBranch,
    config: config === null ? null : { ...config },
    configFaults,
    createdAt: toTime(project.createdAt),
    updatedAt: toTime(project.updatedAt),
  }
}
