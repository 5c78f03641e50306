// Surveys and votes besides what every subject has: answering one, and its result.
import { request } from '../platform/request'
import type { Subject, Survey, SurveyAnswer, SurveyResult } from './shapes'

/** Answer for the household one lives in. The same `key` counts once. */
export async function postResponse(id: string, answers: SurveyAnswer[], key: string): Promise<Subject> {
  const survey: Survey = await request({
    method: 'POST',
    path: `/surveys/${id}/responses`,
    body: { answers },
    key,
  })
  return { ...survey, noun: 'survey' }
}

export const getSurveyResult = (id: string): Promise<SurveyResult> =>
  request({ path: `/surveys/${id}/result` })
