import { answerAround } from '../../graph/answer/map-around.ts'
import { answerMap, answerMapCell } from '../../graph/answer/map.ts'
import { AroundQuery, AroundReply, MapCellQuery, MapCellReply, MapQuery, MapReply } from '../../graph/wire-map.ts'
import { may } from '../auth/person.ts'
import { route } from './route.ts'

export const mapRoutes = [
  route({
    method: 'GET',
    path: '/api/map',
    summary: 'Systems by systems: how many credentials they share and which needs which.',
    roles: may['map.read'],
    limited: true,
    audit: 'map.read',
    query: MapQuery,
    reply: MapReply,
    answer: (house, { query }) => answerMap(house.keeper.estate(), query),
  }),
  route({
    method: 'GET',
    path: '/api/map-cell',
    summary: 'One cell of the map: the shared credentials and the dependencies behind it.',
    roles: may['map.read'],
    limited: true,
    audit: 'map.read',
    query: MapCellQuery,
    reply: MapCellReply,
    answer: (house, { query }) => answerMapCell(house.keeper.estate(), query),
  }),
  route({
    method: 'GET',
    path: '/api/map/{id}',
    summary: 'What one thing needs and what needs it, in groups; hidden kinds are looked through, not cut out.',
    roles: may['map.read'],
    limited: true,
    audit: 'map.read',
    query: AroundQuery,
    reply: AroundReply,
    answer: (house, { params, query }) => answerAround(house.keeper.estate(), params.id!, query),
  }),
]
