import { ApiError } from '../api-error.ts';
import { getAndPost, type Route } from '../route.ts';

const missing = (what: string) => async (): Promise<never> => {
  throw new ApiError('RESOURCE_DOES_NOT_EXIST', `${what} not found: this server keeps none`);
};
const notKept = (what: string) => async (): Promise<never> => {
  throw new ApiError('NOT_IMPLEMENTED', `${what} are not kept by this server`);
};
const nothing = async (): Promise<object> => ({});

/** Parts of MLflow that this server does not have: its lists are empty, its things not found, and making one says so. */
export const notHereRoutes: readonly Route[] = [
  ...getAndPost('registered-models/search', nothing),
  ...getAndPost('model-versions/search', nothing),
  { method: 'GET', path: 'registered-models/get', handle: missing('registered model') },
  { method: 'GET', path: 'registered-models/alias', handle: missing('registered model') },
  { method: 'POST', path: 'registered-models/get-latest-versions', handle: missing('registered model') },
  { method: 'GET', path: 'model-versions/get', handle: missing('model version') },
  { method: 'GET', path: 'model-versions/get-download-uri', handle: missing('model version') },
  { method: 'POST', path: 'registered-models/create', handle: notKept('registered models') },
  { method: 'PATCH', path: 'registered-models/update', handle: missing('registered model') },
  { method: 'DELETE', path: 'registered-models/delete', handle: missing('registered model') },
  { method: 'POST', path: 'model-versions/create', handle: notKept('model versions') },
  { method: 'GET', path: 'traces', handle: nothing },
  { method: 'POST', path: 'traces/search', handle: nothing },
  { method: 'POST', path: 'traces', handle: notKept('traces') },
  { method: 'POST', path: 'traces/delete-traces', handle: async () => ({ traces_deleted: 0 }) },
];
