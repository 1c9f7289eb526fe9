import { fileUrl, get } from '../api.ts';

/** The text of an artifact; undefined where there is none. */
export async function textArtifact(runId: string, path: string): Promise<string | undefined> {
  const { files } = await get<{ files: { path: string }[] }>(`runs/${encodeURIComponent(runId)}/files`);
  if (!files.some((file) => file.path === path)) return undefined;
  const response = await fetch(fileUrl(runId, path));
  return response.ok ? response.text() : undefined;
}

export async function jsonArtifact<T>(runId: string, path: string): Promise<T | undefined> {
  const text = await textArtifact(runId, path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
