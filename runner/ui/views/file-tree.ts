export interface TreeNode {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  /** Of a folder. */
  readonly children: TreeNode[] | null;
}

/** Paths as a tree, folders first. */
export function treeOf(files: readonly { readonly path: string; readonly size: number }[]): TreeNode[] {
  const root: TreeNode[] = [];
  for (const { path, size } of files) {
    const parts = path.split('/');
    let level = root;
    for (const [i, name] of parts.entries()) {
      const here = parts.slice(0, i + 1).join('/');
      const isFile = i === parts.length - 1;
      let node = level.find((n) => n.path === here);
      if (!node) {
        node = { name, path: here, size: isFile ? size : 0, children: isFile ? null : [] };
        level.push(node);
      }
      level = node.children ?? [];
    }
  }
  const sort = (nodes: TreeNode[]): TreeNode[] => {
    for (const { children } of nodes) if (children) sort(children);
    return nodes.sort(
      (a, b) => Number(a.children === null) - Number(b.children === null) || (a.name < b.name ? -1 : 1),
    );
  };
  return sort(root);
}
