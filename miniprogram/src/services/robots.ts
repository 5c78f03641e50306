// The group robots of WeCom: of a grid, community, street or organisation.
import { request } from '../platform/request'
import type { Robot } from './shapes'

export type RobotOwner = { place_id: string } | { organisation_id: string }

export const getRobot = (owner: RobotOwner): Promise<Robot> =>
  request({ path: '/settings/robots', query: owner })

/** Set the robot, null removes it. One that was changed since `changed_at` stays as it is (409). */
export const putRobot = (owner: RobotOwner, url: string | null, changed_at: string | null): Promise<Robot> =>
  request({ method: 'PUT', path: '/settings/robots', query: owner, body: { url, changed_at } })
