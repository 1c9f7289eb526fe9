import type { ArtifactFile, ArtifactFolder } from '../../../records/tracking/artifact-folder.ts';

/** All files below a folder of artifacts. */
export async function allArtifacts(artifacts: ArtifactFolder, path = ''): Promise<ArtifactFile[]> {
  const found: ArtifactFile[] = [];
  for (const file of await artifacts.list(path))
    if (file.isFolder) found.push(...(await allArtifacts(artifacts, file.path)));
    else found.push(file);
  return found;
}
