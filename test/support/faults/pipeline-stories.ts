// All stories of pipelines that are killed at every durable step. Each begins right before its question and says how it
// ends, whatever happens in between.

import { ANSWERED_STORIES } from './answered-stories.ts'
import type { PipelineStory } from './pipeline-story.ts'
import { REQUESTED_STORIES } from './requested-stories.ts'
import { REVIEWED_STORIES } from './reviewed-stories.ts'

export const PIPELINE_STORIES: readonly PipelineStory[] = [
  ...ANSWERED_STORIES,
  ...REVIEWED_STORIES,
  ...REQUESTED_STORIES,
]
