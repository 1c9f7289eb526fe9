import { extname } from 'node:path';

const textEndings = new Set([
  '.txt',
  '.log',
  '.md',
  '.yaml',
  '.yml',
  '.json',
  '.csv',
  '.py',
  '.ts',
  '.diff',
  '.patch',
]);

/** An artifact is saved, never shown: whatever it holds, no script of it runs in the name of this server. */
export function artifactHeaders(path: string): Record<string, string> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const plain = name.replace(/[^\w.\- ]/g, '_');
  return {
    'content-type': textEndings.has(extname(name).toLowerCase())
      ? 'text/plain; charset=utf-8'
      : 'application/octet-stream',
    'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`,
    'content-security-policy': "sandbox; default-src 'none'",
  };
}
