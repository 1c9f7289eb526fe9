import type { FastifyInstance } from 'fastify';
import type { ArtifactPlaces } from '../artifact-places.ts';
import type { Services } from '../route.ts';

export interface ApiServices extends Services {
  readonly places: ArtifactPlaces;
}

/** Our own API, below /api/qrun. */
export function registerApi(_app: FastifyInstance, _services: ApiServices): void {}
