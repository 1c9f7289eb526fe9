import type { TrackingStore } from '../../records/tracking/store.ts';
import type { Fields } from './fields.ts';
import type { Locations } from './locations.ts';
import type { LoggedModels } from './logged-models.ts';

/** What handlers work on. */
export interface Services {
  readonly store: TrackingStore;
  readonly locations: Locations;
  readonly models: LoggedModels | null;
  readonly now: () => number;
}

/** A JSON text that is sent as it is. */
export class RawJson {
  constructor(readonly text: string) {}
}

/** One call: what comes in are the fields of the body or of the query, what goes out is sent as JSON. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Behind the prefix; `:name` parts are fields as well. */
  readonly path: string;
  handle(fields: Fields, services: Services): Promise<object>;
}

/** Routes that answer a GET as well as a POST. */
export function getAndPost(path: string, handle: Route['handle']): Route[] {
  return [
    { method: 'GET', path, handle },
    { method: 'POST', path, handle },
  ];
}
